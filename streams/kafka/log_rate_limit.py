"""How often libraries may log the same trouble: what a person can use, and not the same a hundred times.

Faust and mode get each wording through now and then, and so do our own modules that retry while Kafka is away. The
Kafka clients (aiokafka, kafka-python, and what asyncio reports of their abandoned tasks) share one filter: when the
broker is away each of their modules complains in its own words, and one line without a traceback is enough.
"""

import logging
import math
import time
from collections.abc import Mapping
from typing import Final

from aiokafka.errors import KafkaError

INTERVAL_S = 5.0
LONGEST_S = 60.0  # between two lines about trouble that goes on
HICCUP_S = 10.0  # what aiokafka has got over by then is no news
UNASKED = "is overlapping"  # mode's timers, about a commit that waits for the broker


class RateLimit(logging.Filter):
    """Lets a message through once in a while, when it has gone on for `patience_s`.

    The pause between two lines doubles from `pause_s` to `LONGEST_S` and starts anew after a time without messages.
    What counts as the same message is the wording, or anything at all if `as_a_whole`.
    """

    def __init__(self, patience_s: float = 0.0, as_a_whole: bool = False, pause_s: float = INTERVAL_S) -> None:
        super().__init__()
        self._patience_s = patience_s
        self._shortest_s = pause_s
        self._as_a_whole = as_a_whole
        self._last_s: dict[str, float] = {}
        self._due_s: dict[str, float] = {}
        self._pause_s: dict[str, float] = {}

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
            self._due_s[what] = now_s + self._patience_s
            self._pause_s[what] = self._shortest_s
        self._last_s[what] = now_s
        if now_s < self._due_s[what]:
            return False
        self._due_s[what] = now_s + self._pause_s[what]
        self._pause_s[what] = min(2 * self._pause_s[what], LONGEST_S)
        return True


class KafkaClientRateLimit(RateLimit):
    """One voice for all Kafka clients of the process, without tracebacks: the clients try again by themselves."""

    def __init__(self) -> None:
        super().__init__(HICCUP_S, as_a_whole=True, pause_s=30.0)

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is passed on, with its traceback cut off."""
        passed = super().filter(record)
        record.exc_info = record.exc_text = None
        return passed


class AbandonedTaskRateLimit(logging.Filter):
    """Has what asyncio reports of tasks that a Kafka client gave up go the way of the client's own messages."""

    def __init__(self, clients: KafkaClientRateLimit) -> None:
        super().__init__()
        self._clients = clients

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is passed on; any other task's error always is."""
        error = record.exc_info[1] if record.exc_info else None
        return self._clients.filter(record) if isinstance(error, KafkaError) else True


_CLIENTS: Final = KafkaClientRateLimit()
FILTERS: Final[Mapping[str, logging.Filter]] = {
    "faust": RateLimit(),
    "mode": RateLimit(),
    "aiokafka": _CLIENTS,
    "kafka": _CLIENTS,
    "asyncio": AbandonedTaskRateLimit(_CLIENTS),
    # Ours that say once a try that Kafka does not answer.
    "streams.state.changelog_reader": RateLimit(),
    "streams.kafka.connect": RateLimit(),
    "streams.kafka.fetch_thread": RateLimit(),
    "streams.kafka.producer": RateLimit(),
    "streams.kafka.consumer": RateLimit(),
    "sinks.store.timeline_reader": RateLimit(),
}


def limit_log_rates() -> None:
    """Make the libraries under a worker sparing with words. A filter belongs to one logger, so each module gets it."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        sparse = FILTERS.get(name) or FILTERS.get(name.split(".")[0])
        if isinstance(logger, logging.Logger) and sparse is not None:
            logger.addFilter(sparse)  # a filter that is there already is not added again
