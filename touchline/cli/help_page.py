"""`touchline --help`: commands in the order in which a person comes to need them, each with its whole sentence."""

from typing import Final

import click

from touchline.cli.command_group import SuggestingGroup

SECTIONS: Final = {
    "Begin": ("demo", "up", "import"),
    "Ask": ("top", "profile", "timeline", "explain"),
    "Look after it": ("status", "doctor", "audit", "rebuild", "quarantine", "identity"),
    "Adapt it": ("rules", "schema"),
    "Run it on several machines": ("worker", "migrate"),
}
OTHERS: Final = "Further commands"
FIRST_STEPS: Final = """\
Begin with `touchline demo`: it shows everything within a minute and leaves nothing behind. Then `touchline up` runs
Touchline on this machine; in a second terminal, `touchline import --help` says how your files come in, and
`touchline top` who is warmest.

Completion of commands and options by the Tab key, with the line for your shell:

\b
  bash  eval "$(_TOUCHLINE_COMPLETE=bash_source touchline)"    in ~/.bashrc
  zsh   eval "$(_TOUCHLINE_COMPLETE=zsh_source touchline)"     in ~/.zshrc
  fish  _TOUCHLINE_COMPLETE=fish_source touchline | source     in ~/.config/fish/config.fish
"""


class SectionedGroup(SuggestingGroup):
    """A group whose help lists its commands by `SECTIONS`. One that no section names is listed at the end."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the sections."""
        named = {name for names in SECTIONS.values() for name in names}
        others = tuple(name for name in self.list_commands(ctx) if name not in named)
        for title, names in {**SECTIONS, OTHERS: others}.items():
            found = [(name, command) for name in names if (command := self.get_command(ctx, name)) is not None]
            rows = [(name, command.get_short_help_str(limit=1000)) for name, command in found if not command.hidden]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
