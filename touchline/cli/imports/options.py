"""Options that the commands of `touchline import` share."""

from collections.abc import Callable
from typing import TypeVar

import click

from touchline.errors import CliError

T = TypeVar("T")

files_argument = click.argument("files", nargs=-1, required=True, metavar="FILE...")
dry_option = click.option("--dry-run", is_flag=True, help="Read and count, send nothing.")


def checked_options(make: Callable[[], T]) -> T:
    """Return what `make` returns. Raises CliError for its `ValueError`, which a wrong option causes."""
    try:
        return make()
    except ValueError as error:
        raise CliError(f"{error}.", code=2) from error


def pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """Return NAME=VALUE options by name. Raises CliError."""
    found: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise CliError(f"{option} {one!r} is not of the form NAME=VALUE.", code=2)
        if name in found:
            raise CliError(f"{option} names {name!r} twice.", code=2)
        found[name] = value
    return found


def replacements(given: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Return the words of `--value NAME:TEXT=WORD` options by name and text. Raises CliError."""
    found: dict[tuple[str, str], str] = {}
    for one in given:
        name, colon, rest = one.partition(":")
        text, equals, word = rest.rpartition("=")
        if not (name and colon and equals):
            raise CliError(
                f"--value {one!r} is not of the form NAME:TEXT=WORD, such as result:ANSWERED=answered.", code=2
            )
        if found.setdefault((name, text.casefold()), word) != word:
            raise CliError(f"--value gives two words for {name}:{text}.", code=2)
    return found
