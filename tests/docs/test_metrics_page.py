from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics import MetricWrapperBase

from tests.docs.pages import rows, text_of
from touchline.health import STUCK_S
from touchline.metrics import Metrics

PAGE = "docs/metrics.md"
KINDS = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}


def found() -> dict[str, tuple[str, str]]:
    """(type, labels) of each metric, by the name that is served."""
    metrics = [one for one in vars(Metrics()).values() if isinstance(one, MetricWrapperBase)]
    return {
        f"{one._name}{'_total' if isinstance(one, Counter) else ''}": (
            KINDS[type(one)],
            ", ".join(f"`{label}`" for label in one._labelnames),
        )
        for one in metrics
    }


def test_the_page_has_every_metric_with_its_type_and_labels() -> None:
    table = rows(PAGE, "touchline_")
    assert {name: (cells[0], cells[1]) for name, cells in table.items()} == found()
    assert all(cells[2].endswith(".") for cells in table.values())


def test_the_page_knows_when_a_worker_is_stuck() -> None:
    assert f"a batch for {STUCK_S:.0f} s" in " ".join(text_of(PAGE).split())
