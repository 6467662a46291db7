"""Reports of the stages as metrics."""

import logging
import math

import pytest

from streams.observer import Observer
from touchline.worker.metrics import Metrics


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def test_reports_of_stages_become_samples(metrics: Metrics) -> None:
    observer: Observer = metrics
    observer.touches("visits", "new", 3)
    observer.touches("visits", "new", 4)
    observer.rejected("visits", "not_json", 2)
    observer.batch("intake", 7, 0.02)
    observer.state(5, 100, 200)
    read = metrics.registry.get_sample_value
    assert read("touchline_touches_total", {"channel": "visits", "result": "new"}) == 7
    assert read("touchline_rejected_total", {"channel": "visits", "reason": "not_json"}) == 2
    assert read("touchline_batch_records_sum", {"stage": "intake"}) == 7
    assert read("touchline_batch_seconds_count", {"stage": "intake"}) == 1
    assert read("touchline_state_identifiers", {"partition": "5"}) == 100
    assert read("touchline_state_ids", {"partition": "5"}) == 200


def test_standby_lag_is_unknown_until_the_log_is_read(metrics: Metrics) -> None:
    metrics.standbys({"states": {0: 7, 1: None}, "seen": {0: 0}})
    read = metrics.registry.get_sample_value
    assert read("touchline_standby_behind", {"table": "states", "partition": "0"}) == 7
    assert read("touchline_standby_behind", {"table": "seen", "partition": "0"}) == 0
    assert math.isnan(read("touchline_standby_behind", {"table": "states", "partition": "1"}) or 0)
    metrics.standbys({"states": {1: 3}})
    assert read("touchline_standby_behind", {"table": "states", "partition": "0"}) is None
    assert read("touchline_standby_behind", {"table": "states", "partition": "1"}) == 3


def test_count_of_zero_makes_no_series(metrics: Metrics) -> None:
    metrics.touches("visits", "duplicate", 0)
    assert (
        metrics.registry.get_sample_value("touchline_touches_total", {"channel": "visits", "result": "duplicate"})
        is None
    )


def test_every_metric_has_the_prefix_and_a_help_text(metrics: Metrics) -> None:
    families = list(metrics.registry.collect())
    assert families
    assert all(family.name.startswith("touchline_") and family.documentation.endswith(".") for family in families)


def test_two_workers_in_one_process_have_separate_metrics() -> None:
    one, other = Metrics(), Metrics()
    one.touches("calls", "new", 1)
    assert other.registry.get_sample_value("touchline_touches_total", {"channel": "calls", "result": "new"}) is None


def test_other_rules_are_counted_and_logged_once_per_version(
    metrics: Metrics, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        for version in ("aa", "aa", "bb", "aa"):
            metrics.other_rules(version)
    assert metrics.registry.get_sample_value("touchline_other_rules_total") == 4
    assert [record.args for record in caplog.records] == [("aa",), ("bb",)]


def test_other_order_is_counted_and_logged_once(metrics: Metrics, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for count in (2, 3):
            metrics.other_order(count)
    assert metrics.registry.get_sample_value("touchline_other_order_total") == 5
    assert len(caplog.records) == 1
