"""A command group that suggests a command for one that does not exist."""

from difflib import get_close_matches

import click


class SuggestingGroup(click.Group):
    """A group whose error about an unknown command suggests the one with the most similar spelling."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command's name, the command and the other arguments. Raises `UsageError` for an unknown one.

        Click itself would take a path such as `/x.csv` for an option, since it starts with no letter, and print the
        help with exit code 0.
        """
        name = args[0]
        if self.get_command(ctx, name) is None and not ctx.resilient_parsing:
            close = get_close_matches(name, self.list_commands(ctx), n=1)
            ctx.fail(f"No such command {name!r}." + (f" Did you mean {close[0]!r}?" if close else ""))
        return super().resolve_command(ctx, args)
