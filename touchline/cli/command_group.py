"""A command group that suggests a command for one that does not exist."""

from difflib import get_close_matches

import click


class SuggestingGroup(click.Group):
    """A group whose error about an unknown command suggests the one with the most similar spelling."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command's name, the command and the other arguments. Raises `UsageError` for an unknown one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if close := get_close_matches(args[0], self.list_commands(ctx), n=1):
                error.message += f" Did you mean {close[0]!r}?"
            raise
