"""The engine's log: lines on stderr, which is a file on the very disk that may be full."""

import os
from contextlib import suppress
from typing import Final

STDERR: Final = 2


def log_line(line: str, descriptor: int = STDERR) -> None:
    """Write one line at once, or lose it: a log that cannot be written must not fail what it is about.

    Past Python's buffers, because what could not be written would stay there and fail the end of the process.
    """
    with suppress(OSError):
        os.write(descriptor, f"{line}\n".encode(errors="backslashreplace"))
