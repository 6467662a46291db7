"""Every metric of a worker as a table (name, labels, help), and the conversion of the stages' reports into numbers."""

import logging
import math
from collections.abc import Mapping
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_BATCH_SIZES: Final = (1, 10, 100, 500, 1000, 2000, 5000, 10_000, 20_000)
_BATCH_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_LATENCY_S: Final = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 60.0, 600.0)

log = logging.getLogger(__name__)


class Metric(NamedTuple):
    """Name, labels and help text of a metric. `buckets` are the upper bounds of a histogram's buckets."""

    name: str
    labels: tuple[str, ...]
    help: str
    buckets: tuple[float, ...] = Histogram.DEFAULT_BUCKETS


# Prometheus appends `_total` to the names of counters.
COUNTERS: Final = (
    Metric(
        "touchline_touches",
        ("channel", "result"),
        "Touches by channel and result: accepted, rejected (intake); new, duplicate, beyond_window, revised, outdated, "
        "late_revision (engage).",
    ),
    Metric("touchline_rejected", ("channel", "reason"), "Raw records refused at intake, by reason."),
    Metric("touchline_stored_rows", ("table",), "Rows that ClickHouse accepted."),
    Metric("touchline_stored_again_blocks", ("table",), "Blocks dropped because ClickHouse already had them."),
    Metric("touchline_refused_rows", ("table",), "Rows that ClickHouse refused; they are in the quarantine."),
    Metric("touchline_other_rules", (), "Batches with touches scored by other rules than this worker's."),
    Metric(
        "touchline_other_order", (), "Touches whose identifiers were ordered by another precedence than this worker's."
    ),
)
GAUGES: Final = (
    Metric("touchline_lag", ("stage", "topic", "partition"), "Records of a partition that are not processed yet."),
    Metric(
        "touchline_recovery_remaining",
        ("topic", "partition"),
        "Changelog records still to be read before a partition is processed.",
    ),
    Metric(
        "touchline_standby_behind",
        ("table", "partition"),
        "Changelog records that a standby of this worker has not read yet; NaN until the end of the log is known.",
    ),
    Metric("touchline_state_identifiers", ("partition",), "Identifiers with state, by activity partition."),
    Metric("touchline_state_ids", ("partition",), "Event ids remembered, by activity partition."),
    Metric("touchline_state_bytes", ("table",), "Bytes of keys and values of a table."),
    Metric("touchline_state_keys", ("table",), "Keys of a table."),
    Metric("touchline_store_trouble", (), "1 while ClickHouse does not accept rows."),
)
HISTOGRAMS: Final = (
    Metric("touchline_batch_records", ("stage",), "Records in a batch of a stage.", _BATCH_SIZES),
    Metric("touchline_batch_seconds", ("stage",), "Time a stage takes for a batch.", _BATCH_S),
    Metric(
        "touchline_event_to_stored_seconds",
        (),
        "From a touch's arrival in Kafka to its row in ClickHouse, the oldest of each block.",
        _LATENCY_S,
    ),
)


class Metrics:
    """The metrics of one worker, by name. Implements `streams.observer.Observer`; the store reports to the metrics."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.counters = {one.name: Counter(one.name, one.help, one.labels, registry=registry) for one in COUNTERS}
        self.gauges = {one.name: Gauge(one.name, one.help, one.labels, registry=registry) for one in GAUGES}
        self.histograms = {
            one.name: Histogram(one.name, one.help, one.labels, buckets=one.buckets, registry=registry)
            for one in HISTOGRAMS
        }
        self._warned_versions: set[str] = set()
        self._warned_order = False

    def touches(self, channel: str, result: str, count: int) -> None:
        """See `streams.observer.Observer`."""
        if count:
            self.counters["touchline_touches"].labels(channel, result).inc(count)

    def rejected(self, channel: str, reason: str, count: int) -> None:
        """See `streams.observer.Observer`."""
        self.counters["touchline_rejected"].labels(channel, reason).inc(count)

    def batch(self, stage: str, records: int, seconds: float) -> None:
        """See `streams.observer.Observer`."""
        self.histograms["touchline_batch_records"].labels(stage).observe(records)
        self.histograms["touchline_batch_seconds"].labels(stage).observe(seconds)

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        """See `streams.observer.Observer`."""
        self.gauges["touchline_state_identifiers"].labels(partition).set(identifiers)
        self.gauges["touchline_state_ids"].labels(partition).set(ids)

    def standbys(self, behind: Mapping[str, Mapping[int, int | None]]) -> None:
        """Set the records each standby has not read yet, by table and partition. Standbys not in `behind` are removed.

        None means that the end of the log is not known yet.
        """
        gauge = self.gauges["touchline_standby_behind"]
        gauge.clear()
        for table, partitions in behind.items():
            for partition, remaining in partitions.items():
                gauge.labels(table, partition).set(math.nan if remaining is None else remaining)

    def other_rules(self, theirs: str) -> None:
        """See `streams.observer.Observer`. Logs one warning for each version."""
        self.counters["touchline_other_rules"].inc()
        if theirs not in self._warned_versions:
            self._warned_versions.add(theirs)
            log.warning(
                "Received touches that were scored by other rules (version %s) than this worker's: "
                "give all workers the same TOUCHLINE_RULES and restart them.",
                theirs,
            )

    def other_order(self, count: int) -> None:
        """See `streams.observer.Observer`. Logs one warning."""
        self.counters["touchline_other_order"].inc(count)
        if not self._warned_order:
            self._warned_order = True
            log.warning(
                "Received touches whose identifiers another worker ordered differently; this worker links them by its "
                "own order: give all workers the same TOUCHLINE_IDENTIFIERS and restart them."
            )
