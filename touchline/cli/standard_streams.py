"""Standard input, output and error as a caller may leave them: closed, full, or of an encoding that lacks letters."""

import contextlib
import os
import sys
from io import TextIOWrapper


def open_streams() -> None:
    """Put /dev/null where a standard stream is closed: no file of ours may get its number, and with it what is printed.

    Closed standard input stays None in `sys.stdin`: a command that wants to read it has to refuse.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, flags)  # the lowest number that is free: this one
            os.set_inheritable(opened, True)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as standard error has it: a name is no reason to fail


def flush_output() -> None:
    """Flush standard output. Raises OSError if that fails; the rest is then given up."""
    try:
        sys.stdout.flush()
    except OSError:
        give_up(sys.stdout)
        raise


def complain(text: str) -> None:
    """Print a line to standard error, if that is possible."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        give_up(sys.stderr)


def give_up(stream: object) -> None:
    """Let what a stream still holds go nowhere: Python would fail on it once more at its end, with a traceback."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
        os.close(nowhere)
