"""`touchline --help`: commands in sections, in the order in which a person needs them."""

from typing import Final

import click

from touchline.cli.command_group import SuggestingGroup

SECTIONS: Final = {
    "Start": ("demo", "up", "import"),
    "Query": ("top", "profile", "timeline", "explain", "consent"),
    "Operate": ("status", "doctor", "where", "audit", "rebuild", "quarantine", "identity", "key", "token", "hook"),
    "Configure": ("rules", "schema"),
    "Run on several machines": ("worker", "collect", "serve", "migrate"),
}
OTHERS: Final = "Other commands"
FIRST_STEPS: Final = """\
Start with `touchline demo`: it shows everything within a minute and leaves nothing behind. Then run Touchline on this
machine with `touchline up`. In a second terminal, `touchline import --help` explains how to import your files, and
`touchline top` lists the customers with the highest scores.

To complete commands and options with the Tab key, add the line for your shell:

\b
  bash  eval "$(_TOUCHLINE_COMPLETE=bash_source touchline)"    in ~/.bashrc
  zsh   eval "$(_TOUCHLINE_COMPLETE=zsh_source touchline)"     in ~/.zshrc
  fish  _TOUCHLINE_COMPLETE=fish_source touchline | source     in ~/.config/fish/config.fish
"""


class SectionedGroup(SuggestingGroup):
    """A group whose help lists commands by `SECTIONS`, and those of no section at the end."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections of commands."""
        named = {name for names in SECTIONS.values() for name in names}
        others = tuple(name for name in self.list_commands(ctx) if name not in named)
        for title, names in {**SECTIONS, OTHERS: others}.items():
            found = [(name, command) for name in names if (command := self.get_command(ctx, name)) is not None]
            rows = [(name, command.get_short_help_str(limit=1000)) for name, command in found if not command.hidden]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
