from typing import Any

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from dashboards.api.metrics import ApiMetrics
from dashboards.api.reader.connection import Connection
from dashboards.api.reader.reader import Reader
from sources.collector import metrics as metrics_of_collector
from sources.collector import sink_metrics
from tests.docs.pages import entries, text_of
from touchline.ops import audit_metrics
from touchline.worker.health import STUCK_S
from touchline.worker.metrics import Metrics

PAGE = "docs/metrics.md"
KINDS = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}


async def no_client() -> Any:
    """Return nothing: no question is asked."""


async def no_kill(marker: str) -> None:
    """End nothing."""


def found() -> dict[str, str]:
    """Type and labels of each metric, by the name that is served."""
    made = Metrics()
    metrics: list[MetricWrapperBase] = [*made.counters.values(), *made.gauges.values(), *made.histograms.values()]
    of_api = vars(ApiMetrics(Reader(Connection(no_client, no_kill, int), {}))).values()
    metrics += [one for one in of_api if isinstance(one, MetricWrapperBase)]
    facts = [(one._name, KINDS[type(one)], tuple(one._labelnames)) for one in metrics]
    for row in (*metrics_of_collector.ROWS, *sink_metrics.ROWS):
        kind = "counter" if row in (*metrics_of_collector.COUNTERS, *sink_metrics.COUNTERS) else "gauge"
        facts.append((row.name, "histogram" if row is metrics_of_collector.SECONDS else kind, row.labels))
    facts += [(name, "gauge", labels) for name, labels, _ in audit_metrics.GAUGES]
    return {
        f"{name}{'_total' if kind == 'counter' else ''}": "; ".join(
            filter(None, (kind, ", ".join(f"`{label}`" for label in labels)))
        )
        for name, kind, labels in facts
    }


def test_the_page_has_every_metric_with_its_type_and_labels() -> None:
    listed = entries(PAGE, "touchline_")
    assert {name: facts for name, (facts, _) in listed.items()} == found()
    assert all(meaning.endswith(".") for _, meaning in listed.values())


def test_the_page_knows_when_a_worker_is_stuck() -> None:
    assert f"a batch for {STUCK_S:.0f} s" in " ".join(text_of(PAGE).split())
