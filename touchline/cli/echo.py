"""Sentences of the command line: no text that comes from data or files moves the cursor."""

import click

from dashboards.terminal.printable import LINES, escaped


def echo(text: str, err: bool = False) -> None:
    """Print lines to standard output, or standard error, with escapes for what a terminal would act on."""
    click.echo(escaped(text, keep=LINES), err=err)
