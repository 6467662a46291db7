"""What the libraries may say: what a person can use, and not the same a hundred times."""

import logging
import time

INTERVAL_S = 5.0
HICCUP_S = 10.0  # what a library that tries again by itself has got over by then is no news
LIBRARIES = ("faust", "mode", "aiokafka")


class Sparse(logging.Filter):
    """Lets a message of the same wording through once in `INTERVAL_S`, when it has gone on for `patience_s`."""

    def __init__(self, patience_s: float) -> None:
        super().__init__()
        self._patience_s = patience_s
        self._first_s: dict[str, float] = {}
        self._last_s: dict[str, float] = {}
        self._said_s: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is passed on."""
        now_s, wording = time.monotonic(), str(record.msg)
        if now_s - self._last_s.get(wording, 0.0) > 2 * INTERVAL_S:
            self._first_s[wording] = now_s
        self._last_s[wording] = now_s
        too_early = now_s - self._first_s[wording] < self._patience_s
        if too_early or now_s - self._said_s.get(wording, now_s - INTERVAL_S) < INTERVAL_S:
            return False
        self._said_s[wording] = now_s
        return True


def quieten() -> None:
    """Make the libraries under a worker sparing with words. A filter belongs to one logger, so each module gets it."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        library = name.split(".")[0]
        if not isinstance(logger, logging.Logger) or library not in LIBRARIES:
            continue
        if not any(isinstance(one, Sparse) for one in logger.filters):
            logger.addFilter(Sparse(HICCUP_S if library == "aiokafka" else 0.0))
