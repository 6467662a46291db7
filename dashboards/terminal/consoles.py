"""The only consoles: what is printed is text, whatever brackets it holds, and a lost terminal ends nothing."""

import contextlib
import io
import sys
from typing import Final, TextIO, cast

from rich.console import Console

COLUMNS: Final = 100  # where the output is no terminal


class _Lasting:
    """Standard error whose failed writes are lost: progress and news must not end the work that they report."""

    @property
    def encoding(self) -> str:
        return _stderr().encoding

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            _stderr().write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            _stderr().flush()

    def isatty(self) -> bool:
        return _stderr().isatty()

    def fileno(self) -> int:
        return _stderr().fileno()


def _stderr() -> TextIO:
    """Standard error itself: while a live view is drawn, rich puts one of its own in its place, which prints here.

    Python has none (None) where it was closed, until `touchline.cli.standard_streams` puts another in its place.
    """
    return cast(TextIO, getattr(sys.stderr, "rich_proxied_file", sys.stderr) or io.StringIO())


def answers() -> Console:
    """Standard output. A failed write is an error of the command: an answer that does not arrive."""
    console = Console(markup=False, emoji=False, highlight=False)
    return console if console.is_terminal else Console(markup=False, emoji=False, highlight=False, width=COLUMNS)


def news(soft_wrap: bool = False) -> Console:
    """Standard error, for progress and what happens meanwhile."""
    lasting = cast(TextIO, _Lasting())
    return Console(file=lasting, markup=False, emoji=False, highlight=False, soft_wrap=soft_wrap)
