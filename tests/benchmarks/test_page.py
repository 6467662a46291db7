"""The page and the plot agree with the report, and missing figures are reported."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.benchmarks.figures import read_figure, show
from tests.benchmarks.page import JSON_NAME, PAGE_NAME, PLOT_NAME, draw_report, render_page
from tests.benchmarks.plot import LABEL, VALUE, WIDTH, Bar, draw_bars
from tests.benchmarks.scale import RECORDS

REPORT: dict[str, Any] = {
    "plan": {"touches": 400_000, "rounds": 3, "people": 1_000_000, "seconds": 20.0},
    "machine": {
        "cores": 2, "cpu": "A <fast> CPU", "memory_gb": 8, "system": "Linux", "python": "3.11.1", "load": 0.1,
        "files": "ext4", "versions": {"aiokafka": "0.14.0"},
    },
    "comparison": {
        "touchline": {
            "touches": {"messages": 400_000}, "rounds": 3, "events_per_cpu_s": 50_000, "us_by_worker": [20.0],
            "engine_us": 30.0, "kafka_us": 10.0,
        },
        "peers": {
            "core": {"events_per_cpu_s": 50_000, "us": 20.0, "engine_us": 7.0, "kafka_us": 15.0},
            "quix": {"events_per_cpu_s": 10_000, "us": 100.0, "engine_us": 8.0, "kafka_us": 18.0},
            "bytewax": None,
        },
        "failed_peers": {"bytewax": "it ended with exit code 1.\nmore"},
        "load": 0.4,
    },
    "hops": {"us_per_touch": {"intake": 8.25, "engage": 11.5, "store": 0.9}},
    "queries": {
        "touches": 1_000_000,
        "questions": {
            "top 50": {"cpu_ms": 38.25, "wall_ms": 41.0, "best_wall_ms": 30.0, "to_reach_cpu_ms": 40},
            "retention": {"cpu_ms": 700.0, "wall_ms": 800.0, "best_wall_ms": 600.0, "to_reach_cpu_ms": 0},
        },
    },
    "steps_intake": {"parse": 1.5, " of it numbers": 0.5},
    "half_load": None,
    "failed": {"half_load": "CliError: Kafka"},
}  # fmt: skip


def test_page_has_figures_costs_and_gaps() -> None:
    page = render_page(REPORT)
    assert "| events per CPU second of our processes | 50,000 | >= 45,000 |" in page
    assert "| Quix Streams | 10,000 | 100 | 8.00 | 18.0 | 126 | 5.00 | 3.00 |" in page
    assert "\n- Quix Streams: a crash repeats rows.\n" in page
    assert "| Bytewax | not measured |  |" in page
    assert "| Touchline | 50,000 | 20.0 | 30.0 | 10.0 | 60.0 |  |  |" in page
    assert "A day of 400,000 touches, medians of 3 rounds in turns, load before the start 0.4." in page
    assert "| half load, sent to visible, p99 ms | not measured | < 1,000 |" in page
    assert "| **engage**, a worker of its own | 11.5 |" in page
    assert "| intake: parse | 1.50 |\n| intake: &ndash; of it numbers | 0.50 |" in page
    assert "Asked of 1,000,000 touches" in page
    assert "| top 50 | 38.2 | <= 40 | 41.0 |\n| retention | 700 |  | 800 |" in page
    assert "- bytewax: it ended with exit code 1.\n" in page
    assert "- half_load: CliError: Kafka" in page
    assert "2 cores of a machine with 8 GB" in page


@pytest.mark.parametrize(("load", "reported"), [(0.9, False), (1.1, True)])
@pytest.mark.parametrize("part", ["machine", "comparison"])
def test_a_busy_machine_is_reported(part: str, load: float, reported: bool) -> None:
    page = render_page(REPORT | {part: REPORT[part] | {"load": load}})
    assert ("not of record" in page) == reported


def test_figures_of_another_run_are_named() -> None:
    page = render_page(REPORT | {"apart": "The API was measured apart."})
    assert "The API was measured apart." in page.replace("\n", " ")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("comparison", "peers", "quix", "us"), 100.0),
        (("comparison", "peers", "bytewax", "us"), None),
        (("comparison", "peers", "faust", "us"), None),
        (("half_load", "p99_ms"), None),
        (("catch_up", "ratio"), None),
    ],
)
def test_missing_figures_are_none(names: tuple[str, ...], found: float | None) -> None:
    assert read_figure(REPORT, *names) == found


@pytest.mark.parametrize(
    ("value", "text"), [(0.0123, "0.01"), (9.876, "9.88"), (43.21, "43.2"), (123.4, "123"), (45678.9, "45,679")]
)
def test_figures_have_significant_digits(value: float, text: str) -> None:
    assert show(value) == text


def test_bar_lengths_are_proportional_to_values() -> None:
    root = ElementTree.fromstring(draw_bars("A & B", [Bar("one", 40.0, ours=True), Bar("<two>", 10.0, "(1/4)")]))
    name = "{http://www.w3.org/2000/svg}"
    widths = [float(rect.attrib["width"]) for rect in root.iter(f"{name}rect")][1:]
    assert widths == [WIDTH - LABEL - VALUE, (WIDTH - LABEL - VALUE) / 4]
    texts = [text.text for text in root.iter(f"{name}text")]
    assert texts == ["A & B", "one", "40", "<two>", "10 (1/4)"]


def test_plot_omits_peers_without_a_figure() -> None:
    plot = draw_report(REPORT)
    assert "Quix Streams" in plot
    assert "Bytewax" not in plot


def test_the_page_of_the_repository_agrees_with_its_json() -> None:
    report = json.loads((RECORDS / JSON_NAME).read_text())
    assert (RECORDS / PAGE_NAME).read_text() == render_page(report)
    assert (RECORDS / PLOT_NAME).read_text() == draw_report(report)
