"""The log lines of failed requests: short, printable, and limited in number.

Anyone who reaches the port can make requests fail without a password, so a request must not determine the size of the
log or send control sequences to a terminal that shows it.
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
    """Return text for one line of a log or a terminal: at most `most` characters, unprintable ones escaped.

    Escaped are control characters (C0, C1), line separators, format characters such as those that reverse the direction
    of writing (Unicode categories Cc, Zl, Zp, Cf), and invalid UTF-8.
    """
    shown = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text[:most]
    )
    return shown if len(text) <= most and len(shown) <= most else shown[: most - 2] + ".."


class FailureLog:
    """Writes at most `LINES` lines within `WITHIN_S`, then one with the number of suppressed lines."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, write: Callable[[str], None] = log_line) -> None:
        self._clock = clock
        self._write = write
        self._since_s = clock()
        self._lines = 0
        self._suppressed = 0

    def write(self, line: str) -> None:
        """Write one line, or count it as suppressed."""
        if self._clock() - self._since_s >= WITHIN_S:
            if self._suppressed:
                self._write(f"{self._suppressed} more failed requests are not listed.")
            self._since_s, self._lines, self._suppressed = self._clock(), 0, 0
        if self._lines >= LINES:
            self._suppressed += 1
            return
        self._lines += 1
        self._write(printable(line))


class FailureHandler(logging.Handler):
    """Logs requests that aiohttp cannot read or answer in one line, in place of aiohttp's traceback."""

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
    """Return a logger for aiohttp that writes only to this log."""
    logger = logging.Logger("deploy.engine", logging.WARNING)
    logger.addHandler(FailureHandler(log))
    return logger
