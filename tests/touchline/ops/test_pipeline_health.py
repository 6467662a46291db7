"""The state of the pipeline for the API."""

import math

import pytest

from touchline.ops.metrics_scrape import Sample
from touchline.ops.pipeline_health import PipelineHealth, quantile
from touchline.settings import read_settings


def test_each_part_that_does_not_answer_is_reported() -> None:
    found = PipelineHealth(lambda: read_settings(metrics_port=1))()
    assert [stage.stage for stage in found.stages] == ["intake", "engage", "store"]
    assert {(stage.waiting, stage.per_s, stage.newest_ms) for stage in found.stages} == {(None, None, None)}
    assert (found.worker, found.collector, found.disk, found.waiting) == (None, None, None, None)
    kafka, worker = found.trouble
    assert kafka.startswith("No Kafka")
    assert worker.startswith("No worker answers at port 1: `touchline up` restarts its own;")


def test_a_port_of_metrics_is_asked_for() -> None:
    assert "TOUCHLINE_METRICS_PORT" in PipelineHealth(read_settings)().trouble[-1]


def test_worker_has_its_counters_and_last_warnings(port: int) -> None:
    read = PipelineHealth(lambda: read_settings(metrics_port=port))
    for found in (read(), read()):  # the second read has a rate since the first
        assert found.worker is not None
        assert (found.worker.duplicates, found.worker.identifiers, found.worker.store_waits) == (2, 11, False)
        assert (found.worker.stored_p50_s, found.worker.stored_p99_s) == (None, None)
        assert [stage.per_s for stage in found.stages] == [0, 0, 0]
        assert found.trouble[1:] == ("WARNING away", "ERROR still away")


def test_time_until_touches_are_stored_is_that_of_the_last_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    def samples(quick: float, slow: float) -> list[Sample]:
        counts = {"0.1": quick, "1.0": quick, "60.0": quick + slow, "+Inf": quick + slow}
        return [("touchline_event_to_stored_seconds_bucket", {"le": bound}, count) for bound, count in counts.items()]

    answers = iter([samples(0, 100), samples(0, 100), samples(50, 100)])  # 100 slow ones before the first read
    monkeypatch.setattr("touchline.ops.pipeline_health.read_samples", lambda port: next(answers))
    monkeypatch.setattr("touchline.ops.pipeline_health.read_warnings", lambda port: [])
    read = PipelineHealth(lambda: read_settings(metrics_port=1))
    first = read().worker
    monkeypatch.setattr("touchline.ops.pipeline_health.SHORTEST_S", 0.0)
    second = read().worker
    assert first is not None
    assert second is not None
    assert (first.stored_p99_s, second.stored_p99_s) == (None, pytest.approx(0.099))
    assert second.window_s >= first.window_s > 0


@pytest.mark.parametrize(
    ("share", "expected"), [(0.25, 0.05), (0.5, 0.1), (0.75, 0.3), (0.99, 0.5), (1.0, 0.5)], ids=str
)
def test_quantile_is_interpolated_within_its_bucket(share: float, expected: float) -> None:
    buckets = [(0.1, 50.0), (0.5, 98.0), (math.inf, 100.0)]
    assert quantile(buckets, share) == pytest.approx(expected, abs=0.02)


def test_empty_histogram_has_no_quantile() -> None:
    assert quantile([], 0.5) is None
    assert quantile([(0.1, 0.0), (math.inf, 0.0)], 0.5) is None
