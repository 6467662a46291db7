"""The metrics of a collector as tables of numbers, which are converted for Prometheus when they are read.

A counter of prometheus_client takes a lock and 1 µs for each change, several of them for each request. The event loop
of a collector is its only thread, so plain numbers are enough.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from sources.collector.refusal import RefusalReason

_SECONDS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class MetricRow(NamedTuple):
    """Name, labels and help text of a metric."""

    name: str
    labels: tuple[str, ...]
    help: str


# Prometheus appends `_total` to the names of counters.
REQUESTS: Final = MetricRow("touchline_collector_requests", ("route", "status"), "Requests answered.")
REFUSED: Final = MetricRow("touchline_collector_refused", ("reason",), "Requests and connections refused.")
TOUCHES: Final = MetricRow("touchline_collector_touches", ("channel", "result"), "Touches: accepted or rejected.")
REJECTED: Final = MetricRow("touchline_collector_rejected", ("channel", "reason"), "Touches rejected, by reason.")
SKIPPED: Final = MetricRow("touchline_collector_skipped", ("reason",), "Events of SDKs that are no touches.")
HOOKS: Final = MetricRow("touchline_collector_hooks", ("provider", "result"), "Requests of webhooks, by result.")
BYTES: Final = MetricRow("touchline_collector_body_bytes", ("route",), "Bytes of bodies, as they were sent.")
CONNECTIONS: Final = MetricRow("touchline_collector_connections", (), "Open connections.")
SECONDS: Final = MetricRow("touchline_collector_request_seconds", (), "From a request's head to its answer.")
COUNTERS: Final = (REQUESTS, REFUSED, TOUCHES, REJECTED, SKIPPED, HOOKS, BYTES)
ROWS: Final = (*COUNTERS, CONNECTIONS, SECONDS)


class CollectorMetrics:
    """The metrics of one collector. Add to the counters by their labels: `metrics.touches["visits", "accepted"] += 1`.

    Labels are from closed lists (routes, channels, reasons), so that clients cannot add series.
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[tuple[str]] = Counter()
        self.touches: Counter[tuple[str, str]] = Counter()
        self.rejected: Counter[tuple[str, str]] = Counter()
        self.skipped: Counter[tuple[str]] = Counter()
        self.hooks: Counter[tuple[str, str]] = Counter()
        self.body_bytes: Counter[tuple[str]] = Counter()
        self.connections = 0
        self._buckets = [0] * (len(_SECONDS) + 1)
        self._sum_s = 0.0
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def count_refusal(self, reason: RefusalReason) -> None:
        """Count a request or a connection that is refused."""
        self.refused[reason.value,] += 1

    def count_rejected(self, channel: str, reason: str) -> None:
        """Count a touch that is not delivered."""
        self.touches[channel, "rejected"] += 1
        self.rejected[channel, reason] += 1

    def observe(self, seconds: float) -> None:
        """Add the duration of a request."""
        self._buckets[bisect_left(_SECONDS, seconds)] += 1
        self._sum_s += seconds

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics, for the registry."""
        for row, counts in (
            (REQUESTS, self.requests),
            (REFUSED, self.refused),
            (TOUCHES, self.touches),
            (REJECTED, self.rejected),
            (SKIPPED, self.skipped),
            (HOOKS, self.hooks),
            (BYTES, self.body_bytes),
        ):
            family = CounterMetricFamily(row.name, row.help, labels=row.labels)
            for labels, count in counts.items():
                family.add_metric(labels, count)
            yield family
        yield GaugeMetricFamily(CONNECTIONS.name, CONNECTIONS.help, value=self.connections)
        seconds = HistogramMetricFamily(SECONDS.name, SECONDS.help)
        seconds.add_metric([], self._cumulative(), self._sum_s)
        yield seconds

    def _cumulative(self) -> list[tuple[str, float]]:
        """Return (upper bound, number of durations up to it) of each bucket."""
        total, found = 0, []
        for bound, count in zip((*map(str, _SECONDS), "+Inf"), self._buckets, strict=True):
            total += count
            found.append((bound, float(total)))
        return found
