"""Metrics of sink and spool, as Prometheus reads them, and their document."""

import re
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest

from sources.collector.sink_metrics import COUNTERS, ROWS, SinkMetrics
from sources.collector.spool.segment import list_segments
from sources.collector.spool.spool import Spool
from sources.collector.topic_lane import Usage
from tests.sources.collector.raw_topics import raw

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"


def exported(metrics: SinkMetrics) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(metrics)
    lines = [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]
    return {name.removeprefix("touchline_collector_"): float(value) for name, value in map(str.split, lines)}


async def test_what_sink_and_spool_have_done_is_exported(tmp_path: Path) -> None:
    usage, spool = Usage(), Spool(tmp_path)
    usage.acknowledged, usage.failed, usage.refused, usage.batches, usage.bytes_in_flight = 7, 2, 1, 3, 900
    await spool.append([raw("visits", "a"), raw("visits", "b")])
    spool.usage.drained, spool.usage.damaged = 5, 1
    found = exported(SinkMetrics(usage, spool))
    await spool.close()
    assert 0 <= found.pop("spool_oldest_age_seconds") < 1000
    assert found.pop("spool_stored_bytes") == sum(path.stat().st_size for path in list_segments(tmp_path))
    assert found == {
        'sink_records_total{result="acknowledged"}': 7,
        'sink_records_total{result="failed"}': 2,
        'sink_records_total{result="too_large"}': 1,
        "sink_batches_total": 3,
        "sink_in_flight_bytes": 900,
        'spool_records_total{event="appended"}': 2,
        'spool_records_total{event="drained"}': 5,
        "spool_damaged_total": 1,
    }


def test_without_a_spool_its_metrics_are_zero() -> None:
    found = exported(SinkMetrics(Usage()))
    assert len(found) == 10
    assert set(found.values()) == {0.0}


def test_the_document_lists_every_metric() -> None:
    names = {f"{row.name}_total" if row in COUNTERS else row.name for row in ROWS}
    text = DOCUMENT.read_text(encoding="utf-8")
    listed = re.findall(r"^- `(touchline_collector_(?:spool|sink)\w+)`", text, re.MULTILINE)
    assert sorted(listed) == sorted(names)
