"""Output of commands, with escapes, so that text from data or files cannot control the terminal."""

import click

from dashboards.terminal.printable import LINES, escape_unprintable


def echo(text: str, err: bool = False) -> None:
    """Print lines to standard output, or standard error, with escapes for control characters."""
    click.echo(escape_unprintable(text, keep=LINES), err=err)
