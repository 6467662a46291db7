"""The consoles for all output: without markup, and without errors when the terminal of standard error is lost."""

import contextlib
import io
import sys
from typing import Final, TextIO, cast

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TaskProgressColumn, TextColumn

COLUMNS: Final = 100  # if the output is not a terminal


class _TolerantStderr:
    """Standard error that ignores failed writes: progress messages must not end the work that they report."""

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
    """Return the real standard error: rich replaces `sys.stderr` while it draws a live view.

    `sys.stderr` is None if it was closed, until `touchline.cli.standard_streams` replaces it.
    """
    return cast(TextIO, getattr(sys.stderr, "rich_proxied_file", sys.stderr) or io.StringIO())


def output_console() -> Console:
    """Return a console on standard output. A failed write is an error of the command."""
    console = Console(markup=False, emoji=False, highlight=False)
    return console if console.is_terminal else Console(markup=False, emoji=False, highlight=False, width=COLUMNS)


def progress_console(soft_wrap: bool = False) -> Console:
    """Return a console on standard error, for progress and warnings."""
    tolerant = cast(TextIO, _TolerantStderr())
    return Console(file=tolerant, markup=False, emoji=False, highlight=False, soft_wrap=soft_wrap)


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Return a bar on standard error that goes away when it is done; by default with its description and percentage.

    It prints nothing where it cannot be removed.
    """
    console = progress_console()
    shown = columns or (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    hidden = not console.is_terminal or console.is_dumb_terminal
    return Progress(*shown, console=console, transient=True, disable=hidden)
