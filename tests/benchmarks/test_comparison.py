"""Summaries of benchmark runs: medians, costs by worker, ratios."""

import pytest

from tests.benchmarks.comparison import summarise
from tests.benchmarks.day import Truth
from tests.benchmarks.flow import Flow
from tests.benchmarks.peer_runs import PeerRun

TRUTH = Truth(messages=1_000_000, stored=965_000, repeats=30_000, rejected=5_000)


def flow(*cpu_s: float, wall_s: float = 50.0) -> Flow:
    size = tuple(1 << 28 for _ in cpu_s)
    return Flow(TRUTH, cpu_s, wall_s, engine_cpu_s=12.0, kafka_cpu_s=3.0, rss_bytes=size, peak_rss_bytes=size)


def test_events_per_cpu_second_count_all_workers() -> None:
    assert flow(10.0, 15.0).events_per_cpu_s == pytest.approx(40_000)
    assert flow(10.0, 15.0, wall_s=20.0).events_per_s == pytest.approx(50_000)


def test_summary_has_medians_and_ratios() -> None:
    peer = [PeerRun(100_000, cpu_s, 20.0, "1.0", 0.8, 1.2) for cpu_s in (10.0, 8.0, 100.0)]
    core = [PeerRun(100_000, 2.0, 20.0, "0.1")]
    figures = summarise([flow(20.0), flow(25.0), flow(40.0)], {"core": core, "quix": peer, "faust": []})
    assert figures["touchline"] == {
        "touches": {"messages": 1_000_000, "stored": 965_000, "repeats": 30_000, "rejected": 5_000},
        "rounds": 3,
        "events_per_cpu_s": 40_000,
        "events_per_cpu_s_all": [50_000, 40_000, 25_000],
        "events_per_s": 20_000,
        "us_by_worker": [25.0],
        "engine_us": 12.0,
        "kafka_us": 3.0,
        "peak_rss_mb": 256,
    }
    compared = figures["peers"]
    assert isinstance(compared, dict)
    assert compared.pop("core")["ratio"] == 1.0
    assert compared == {
        "quix": {
            "version": "1.0",
            "touches": 100_000,
            "events_per_cpu_s": 10_000,
            "events_per_cpu_s_all": [10_000, 12_500, 1_000],
            "events_per_s": 5_000,
            "us": 100.0,
            "engine_us": 8.0,
            "kafka_us": 12.0,
            "ratio": 5.0,
        },
        "faust": None,
    }


def test_costs_are_by_worker() -> None:
    figures = summarise([flow(5.0, 10.0, 1.0), flow(7.0, 12.0, 3.0), flow(6.0, 8.0, 2.0)], {})["touchline"]
    assert isinstance(figures, dict)
    assert figures["us_by_worker"] == [6.0, 10.0, 2.0]
