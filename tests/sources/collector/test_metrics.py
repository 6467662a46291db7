"""Metrics of the collector, as Prometheus reads them."""

import re
from pathlib import Path

from prometheus_client import generate_latest

from sources.collector.metrics import COUNTERS, ROWS, CollectorMetrics
from sources.collector.refusal import RefusalReason

DOCUMENT = Path(__file__).parents[3] / "docs" / "metrics.md"


def test_counts_are_exported_by_their_labels() -> None:
    metrics = CollectorMetrics()
    metrics.requests["touches", "200"] += 2
    metrics.touches["visits", "accepted"] += 3
    metrics.count_rejected("visits", "bad_time")
    metrics.count_refusal(RefusalReason.NO_KEY)
    metrics.skipped["page_ping",] += 1
    metrics.body_bytes["touches",] += 100
    metrics.connections = 7
    for seconds in (0.001, 0.03, 100.0):
        metrics.observe(seconds)
    text = generate_latest(metrics.registry).decode()
    for line in (
        'touchline_collector_requests_total{route="touches",status="200"} 2.0',
        'touchline_collector_touches_total{channel="visits",result="accepted"} 3.0',
        'touchline_collector_touches_total{channel="visits",result="rejected"} 1.0',
        'touchline_collector_rejected_total{channel="visits",reason="bad_time"} 1.0',
        'touchline_collector_refused_total{reason="no_key"} 1.0',
        'touchline_collector_skipped_total{reason="page_ping"} 1.0',
        'touchline_collector_body_bytes_total{route="touches"} 100.0',
        "touchline_collector_connections 7.0",
        'touchline_collector_request_seconds_bucket{le="0.002"} 1.0',
        'touchline_collector_request_seconds_bucket{le="0.05"} 2.0',
        'touchline_collector_request_seconds_bucket{le="+Inf"} 3.0',
        "touchline_collector_request_seconds_count 3.0",
    ):
        assert line in text.splitlines()


def test_the_document_lists_every_metric() -> None:
    counters = {row.name for row in COUNTERS}
    names = {f"{row.name}_total" if row.name in counters else row.name for row in ROWS}
    listed = re.findall(
        r"^- `(touchline_collector_(?!spool|sink|keys)\w+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(names)
