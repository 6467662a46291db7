"""The line that a failed request leaves in the log: short, of one line, and not too many of them.

Anyone who reaches the port can make requests fail without a password, so neither the size of the log nor what a
terminal does with it may depend on the request.
"""

import logging
import time
import traceback
from collections.abc import Callable
from typing import Final

from deploy.engine.log import log_line

LINE_CHARACTERS: Final = 500
LINES, WITHIN_S = 60, 60.0


def printable(text: str, most: int = LINE_CHARACTERS) -> str:
    """Return text for one line of a log or a terminal: at most `most` characters, what cannot be printed escaped.

    Escaped are control characters (C0, C1), separators of lines, and formatting ones such as those that turn the
    direction of writing round (Unicode's categories Cc, Zl, Zp, Cf), and what is not valid UTF-8.
    """
    shown = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text[:most]
    )
    return shown if len(text) <= most and len(shown) <= most else shown[: most - 2] + ".."


class FailureLog:
    """At most `LINES` lines within `WITHIN_S`, then one that says how many were left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, write: Callable[[str], None] = log_line) -> None:
        self._clock = clock
        self._write = write
        self._since_s = clock()
        self._lines = 0
        self._left_out = 0

    def write(self, line: str) -> None:
        """Write one line, or count it."""
        if self._clock() - self._since_s >= WITHIN_S:
            if self._left_out:
                self._write(f"{self._left_out} more failed requests are not listed.")
            self._since_s, self._lines, self._left_out = self._clock(), 0, 0
        if self._lines >= LINES:
            self._left_out += 1
            return
        self._lines += 1
        self._write(printable(line))


class FailureHandler(logging.Handler):
    """Takes what aiohttp logs of a request it cannot read or answer: one line, where it writes a traceback."""

    def __init__(self, log: FailureLog) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        where = traceback.extract_tb(error.__traceback__)[-1:] if error else []
        place = "".join(f" ({frame.filename.rpartition('/')[2]}:{frame.lineno})" for frame in where)
        why = f": {type(error).__name__}: {error}{place}" if error else ""
        self._log.write(" ".join(f"{record.getMessage()}{why}".split()))


def failure_logger(log: FailureLog) -> logging.Logger:
    """Return a logger for aiohttp that writes to this log alone."""
    logger = logging.Logger("deploy.engine", logging.WARNING)
    logger.addHandler(FailureHandler(log))
    return logger
