"""The engine's log: lines on stderr, which is a file on the disk that may be full."""

import os
from contextlib import suppress
from typing import Final

STDERR: Final = 2


def log_line(line: str, descriptor: int = STDERR) -> None:
    """Write one line at once, or drop it: a log that cannot be written must not fail the caller.

    The line bypasses Python's buffers, where an unwritten line would remain and fail the end of the process.
    """
    with suppress(OSError):
        os.write(descriptor, f"{line}\n".encode(errors="backslashreplace"))
