"""Limits of the bad loads."""

import pytest

from tests.chaos.scenarios import BOUNDS_MB, CAUGHT_UP_S, LIMITS, NAMES, Limit, exceeded

WITHIN = {"worker": 150.0, "engine": 600.0, "kafka": 300.0}
LIMIT = Limit(100.0, 10.0)


def test_every_scenario_has_limits() -> None:
    assert set(NAMES) == set(LIMITS)
    assert set(BOUNDS_MB) == set(WITHIN)


@pytest.mark.parametrize(("limit", "delays"), [(LIMIT, {"p99_s": 10.0}), (Limit(100.0, None), {})])
def test_measurements_within_the_limits_are_accepted(limit: Limit, delays: dict[str, float]) -> None:
    assert exceeded(limit, delays, CAUGHT_UP_S, WITHIN) == []


@pytest.mark.parametrize(
    ("delays", "catch_up_s", "peaks_mb", "words"),
    [
        ({"p99_s": 10.1}, 1.0, WITHIN, "waits 10.1 s, more than 10"),
        ({}, 1.0, WITHIN, "no touch of other customers was seen"),
        ({"p99_s": 1.0}, CAUGHT_UP_S + 1, WITHIN, "after the last record was sent"),
        ({"p99_s": 1.0}, 1.0, {**WITHIN, "worker": BOUNDS_MB["worker"] + 1}, "worker held 501 MB"),
        ({"p99_s": 1.0}, 1.0, {"worker": 1.0, "engine": 1.0}, "kafka held 0 MB"),
    ],
)
def test_exceeded_limits_are_reported(
    delays: dict[str, float], catch_up_s: float, peaks_mb: dict[str, float], words: str
) -> None:
    [message] = exceeded(LIMIT, delays, catch_up_s, peaks_mb)
    assert words in message
