"""Standard input, output and error, which a caller may leave closed, full, or with an encoding that lacks letters."""

import contextlib
import os
import sys
from io import TextIOWrapper


def open_streams() -> None:
    """Open /dev/null for each closed standard stream, so that no other file gets its number and the output with it.

    Closed standard input stays None in `sys.stdin`, so that a command that reads it can refuse.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, flags)  # gets the lowest free number: this one
            os.set_inheritable(opened, True)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as for standard error: a name must not cause an error


def flush_output() -> None:
    """Flush standard output. Raises OSError if that fails, and discards the rest."""
    try:
        sys.stdout.flush()
    except OSError:
        discard(sys.stdout)
        raise


def print_error(text: str) -> None:
    """Print a line to standard error, if that is possible."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: object) -> None:
    """Redirect a stream to /dev/null: otherwise Python flushes it again when it exits, and prints a traceback."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, stream.fileno())  # type: ignore[attr-defined]
        os.close(devnull)
