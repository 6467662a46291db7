"""Rate limits of repeated log messages, so that an outage does not fill the log.

Each message of Faust, of mode and of our own modules that retry is limited by its wording. The Kafka clients (aiokafka,
kafka-python, and asyncio's reports of their abandoned tasks) share one limit: when the broker is away, each of their
modules logs it in its own words, and one line without a traceback is enough.
"""

import logging
import math
import time
from collections.abc import Mapping
from typing import Final

from aiokafka.errors import KafkaError

INTERVAL_S = 5.0
LONGEST_S = 60.0  # between two lines about a fault that lasts
HICCUP_S = 10.0  # faults from which aiokafka recovers within this time are not logged
NEVER_LOGGED = "is overlapping"  # by mode's timers, about a commit that waits for the broker


class RateLimit(logging.Filter):
    """A filter that passes a message from time to time, once it has been repeated for `patience_s`.

    The pause between two lines doubles from `pause_s` to `LONGEST_S`, and is reset after a time without messages.
    Messages of one wording count as the same, or all messages with `as_a_whole`.
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
        """Return whether the record is logged."""
        if record.levelno < logging.WARNING:
            return True
        wording = str(record.msg)
        if NEVER_LOGGED in wording:
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
    """One limit for all Kafka clients of the process, without tracebacks, because the clients retry by themselves."""

    def __init__(self) -> None:
        super().__init__(HICCUP_S, as_a_whole=True, pause_s=30.0)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged, and remove its traceback."""
        passed = super().filter(record)
        record.exc_info = record.exc_text = None
        return passed


class AbandonedTaskRateLimit(logging.Filter):
    """A filter that limits asyncio's reports of tasks abandoned by a Kafka client as the client's own messages."""

    def __init__(self, clients: KafkaClientRateLimit) -> None:
        super().__init__()
        self._clients = clients

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged; errors of other tasks always are."""
        error = record.exc_info[1] if record.exc_info else None
        return self._clients.filter(record) if isinstance(error, KafkaError) else True


_CLIENTS: Final = KafkaClientRateLimit()
FILTERS: Final[Mapping[str, logging.Filter]] = {
    "faust": RateLimit(),
    "mode": RateLimit(),
    "aiokafka": _CLIENTS,
    "kafka": _CLIENTS,
    "asyncio": AbandonedTaskRateLimit(_CLIENTS),
    # Our modules that log each failed attempt to reach Kafka.
    "streams.state.changelog_reader": RateLimit(),
    "streams.kafka.connect": RateLimit(),
    "streams.kafka.offset_commit": RateLimit(),
    "streams.kafka.producer": RateLimit(),
    "streams.kafka.consumer": RateLimit(),
    "sinks.store.timeline_reader": RateLimit(),
}


def limit_log_rates() -> None:
    """Limit what the libraries of a worker log. Filters are not inherited, so each module's logger gets its own."""
    for name, logger in list(logging.root.manager.loggerDict.items()):
        limit = FILTERS.get(name) or FILTERS.get(name.split(".")[0])
        if isinstance(logger, logging.Logger) and limit is not None:
            logger.addFilter(limit)  # adding a filter twice has no effect
