"""The metrics of the Kafka sink and the spool, converted for Prometheus when they are read."""

from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from sources.collector.metrics import MetricRow
from sources.collector.spool.spool import Spool
from sources.collector.topic_lane import Usage

# Prometheus appends `_total` to the names of counters.
RECORDS: Final = MetricRow("touchline_collector_sink_records", ("result",), "Records sent to Kafka, by result.")
BATCHES: Final = MetricRow("touchline_collector_sink_batches", (), "Record batches that Kafka has acknowledged.")
IN_FLIGHT: Final = MetricRow("touchline_collector_sink_in_flight_bytes", (), "Memory of records on their way to Kafka.")
SPOOLED: Final = MetricRow("touchline_collector_spool_records", ("event",), "Records that entered or left the spool.")
DAMAGED: Final = MetricRow("touchline_collector_spool_damaged", (), "Parts of segments that were set aside.")
STORED: Final = MetricRow("touchline_collector_spool_stored_bytes", (), "Size of the spool's segments.")
OLDEST: Final = MetricRow("touchline_collector_spool_oldest_age_seconds", (), "Age of the oldest segment; 0: none.")
COUNTERS: Final = (RECORDS, BATCHES, SPOOLED, DAMAGED)
ROWS: Final = (*COUNTERS, IN_FLIGHT, STORED, OLDEST)


class SinkMetrics:
    """A collector for a Prometheus registry; without a spool, its metrics are 0."""

    def __init__(self, usage: Usage, spool: Spool | None = None) -> None:
        self._usage = usage
        self._spool = spool

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics, for the registry."""
        usage = self._usage
        results = {"acknowledged": usage.acknowledged, "failed": usage.failed, "too_large": usage.refused}
        yield _counter(RECORDS, results)
        yield _counter(BATCHES, {"": usage.batches})
        yield _gauge(IN_FLIGHT, usage.bytes_in_flight)
        spool = self._spool
        events = {"appended": spool.usage.appended, "drained": spool.usage.drained} if spool else {}
        yield _counter(SPOOLED, events or {"appended": 0, "drained": 0})
        yield _counter(DAMAGED, {"": spool.usage.damaged if spool else 0})
        yield _gauge(STORED, spool.usage.stored_bytes if spool else 0)
        yield _gauge(OLDEST, spool.oldest_age_s() if spool else 0)


def _counter(row: MetricRow, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(row.name, row.help, labels=row.labels)
    for label, count in counts.items():
        family.add_metric([label] if row.labels else [], count)
    return family


def _gauge(row: MetricRow, value: float) -> Metric:
    return GaugeMetricFamily(row.name, row.help, value=value)
