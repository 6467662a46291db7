"""What the libraries may say: what a person can use, and not the same a hundred times.

Faust and mode get each wording through once in a while. aiokafka, which tries everything again by itself, is heard as a
whole: when the broker is away, each of its modules complains in its own words, and one of them is enough.
"""

import logging
import math
import time

INTERVAL_S = 5.0
HICCUP_S = 10.0  # what aiokafka has got over by then is no news
UNASKED = "is overlapping"  # mode's timers, about a commit that waits for the broker


class Sparse(logging.Filter):
    """Lets a message through once in `INTERVAL_S`, when it has gone on for `patience_s`.

    What counts as the same message is the wording, or anything at all if `as_a_whole`.
    """

    def __init__(self, patience_s: float = 0.0, as_a_whole: bool = False) -> None:
        super().__init__()
        self._patience_s = patience_s
        self._as_a_whole = as_a_whole
        self._first_s: dict[str, float] = {}
        self._last_s: dict[str, float] = {}
        self._said_s: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is passed on."""
        if record.levelno < logging.WARNING:
            return True
        wording = str(record.msg)
        if UNASKED in wording:
            return False
        return self._is_due("" if self._as_a_whole else wording, time.monotonic())

    def _is_due(self, what: str, now_s: float) -> bool:
        if now_s - self._last_s.get(what, -math.inf) > 2 * INTERVAL_S:
            self._first_s[what] = now_s
        self._last_s[what] = now_s
        too_early = now_s - self._first_s[what] < self._patience_s
        if too_early or now_s - self._said_s.get(what, now_s - INTERVAL_S) < INTERVAL_S:
            return False
        self._said_s[what] = now_s
        return True


FILTERS = {"faust": Sparse(), "mode": Sparse(), "aiokafka": Sparse(HICCUP_S, as_a_whole=True)}


def quieten() -> None:
    """Make the libraries under a worker sparing with words. A filter belongs to one logger, so each module gets it."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        sparse = FILTERS.get(name.split(".")[0])
        if isinstance(logger, logging.Logger) and sparse is not None:
            logger.addFilter(sparse)  # a filter that is there already is not added again
