"""Every metric: name, labels and help, in one list; and how the stages' reports become numbers."""

import logging
import math
from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

log = logging.getLogger(__name__)


class Metrics:
    """One worker's metrics. Implements `streams.observer.Observer`; the store reports through the methods below it."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self._told: set[str] = set()
        self._told_order = False
        self.touches_total = Counter(
            "touchline_touches",
            "Touches by channel and result: accepted, rejected (intake); new, duplicate, beyond_window (engage).",
            ["channel", "result"],
            registry=registry,
        )
        self.rejected_total = Counter(
            "touchline_rejected", "Raw records refused at intake, by reason.", ["channel", "reason"], registry=registry
        )
        self.batch_records = Histogram(
            "touchline_batch_records",
            "Records in a batch of a stage.",
            ["stage"],
            buckets=(1, 10, 100, 500, 1000, 2000, 5000),
            registry=registry,
        )
        self.batch_seconds = Histogram(
            "touchline_batch_seconds", "Time a stage takes for a batch.", ["stage"], buckets=SECONDS, registry=registry
        )
        self.lag = Gauge(
            "touchline_lag",
            "Records of a partition not finished yet.",
            ["stage", "topic", "partition"],
            registry=registry,
        )
        self.recovering = Gauge(
            "touchline_recovery_remaining",
            "Changelog records still to be read before a partition is worked on.",
            ["topic", "partition"],
            registry=registry,
        )
        self.standby_behind = Gauge(
            "touchline_standby_behind",
            "Changelog records that a standby of this worker has not read yet; NaN until the log was asked.",
            ["table", "partition"],
            registry=registry,
        )
        self.identifiers = Gauge(
            "touchline_state_identifiers",
            "Identifiers with state, by activity partition.",
            ["partition"],
            registry=registry,
        )
        self.ids = Gauge(
            "touchline_state_ids", "Event ids remembered, by activity partition.", ["partition"], registry=registry
        )
        self.state_bytes = Gauge(
            "touchline_state_bytes", "Bytes of keys and values of a table.", ["table"], registry=registry
        )
        self.state_keys = Gauge("touchline_state_keys", "Keys of a table.", ["table"], registry=registry)
        self.stored_rows = Counter("touchline_stored_rows", "Rows ClickHouse took.", ["table"], registry=registry)
        self.stored_again = Counter(
            "touchline_stored_again_blocks", "Blocks dropped because the store had them.", ["table"], registry=registry
        )
        self.refused_rows = Counter(
            "touchline_refused_rows",
            "Rows ClickHouse refused; they are in the quarantine.",
            ["table"],
            registry=registry,
        )
        self.latency_s = Histogram(
            "touchline_event_to_stored_seconds",
            "From a touch's arrival in Kafka to its row in ClickHouse, the oldest of each block.",
            buckets=(0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0),
            registry=registry,
        )
        self.store_trouble = Gauge(
            "touchline_store_trouble", "1 while ClickHouse does not take rows.", registry=registry
        )
        self.rules_mismatch = Counter(
            "touchline_other_rules", "Batches with touches scored by other rules than this worker's.", registry=registry
        )
        self.order_mismatch = Counter(
            "touchline_other_order",
            "Touches whose identifiers were ranked by another order than this worker's.",
            registry=registry,
        )

    def touches(self, channel: str, result: str, count: int) -> None:
        """See `streams.observer.Observer`."""
        if count:
            self.touches_total.labels(channel, result).inc(count)

    def rejected(self, channel: str, reason: str, count: int) -> None:
        """See `streams.observer.Observer`."""
        self.rejected_total.labels(channel, reason).inc(count)

    def batch(self, stage: str, records: int, seconds: float) -> None:
        """See `streams.observer.Observer`."""
        self.batch_records.labels(stage).observe(records)
        self.batch_seconds.labels(stage).observe(seconds)

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        """See `streams.observer.Observer`."""
        self.identifiers.labels(partition).set(identifiers)
        self.ids.labels(partition).set(ids)

    def standbys(self, behind: Mapping[str, Mapping[int, int | None]]) -> None:
        """What each standby has not read yet, by table and partition; those that are named no more are gone."""
        self.standby_behind.clear()
        for table, partitions in behind.items():
            for partition, left in partitions.items():
                self.standby_behind.labels(table, partition).set(math.nan if left is None else left)

    def other_rules(self, theirs: str) -> None:
        """See `streams.observer.Observer`. Said once of each version."""
        self.rules_mismatch.inc()
        if theirs not in self._told:
            self._told.add(theirs)
            log.warning(
                "Touches come that were weighed by other rules (version %s) than this worker's: "
                "give all workers the same TOUCHLINE_RULES, and start them again.",
                theirs,
            )

    def other_order(self, count: int) -> None:
        """See `streams.observer.Observer`. Said once."""
        self.order_mismatch.inc(count)
        if not self._told_order:
            self._told_order = True
            log.warning(
                "Touches come whose identifiers another worker ranked by another order; they are tied by this "
                "worker's: give all workers the same TOUCHLINE_IDENTIFIERS, and start them again."
            )
