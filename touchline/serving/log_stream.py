"""The stream that a server's access log is written to."""

import contextlib
import sys
from pathlib import Path
from typing import TextIO

from touchline.errors import CliError, describe_os_error


def open_log(name: str, stack: contextlib.ExitStack) -> TextIO | None:
    """Return the stream of a file, which the stack closes; standard output for `-`, None for ''. Raises CliError."""
    if not name:
        return None
    if name == "-":
        return sys.stdout
    try:
        return stack.enter_context(Path(name).expanduser().open("a", encoding="utf-8"))
    except OSError as error:
        raise CliError(describe_os_error(error)) from error
