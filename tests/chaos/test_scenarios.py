"""What a bad load may cost at most."""

import pytest

from tests.chaos.scenarios import BOUNDS_MB, CAUGHT_UP_S, LIMITS, NAMES, Limit, beyond

WELL = {"worker": 150.0, "engine": 600.0, "kafka": 300.0}
LIMIT = Limit(100.0, 10.0)


def test_every_scenario_has_limits() -> None:
    assert set(NAMES) == set(LIMITS)
    assert set(BOUNDS_MB) == set(WELL)


@pytest.mark.parametrize(("limit", "delays"), [(LIMIT, {"p99_s": 10.0}), (Limit(100.0, None), {})])
def test_what_keeps_the_limits_is_well(limit: Limit, delays: dict[str, float]) -> None:
    assert beyond(limit, delays, CAUGHT_UP_S, WELL) == []


@pytest.mark.parametrize(
    ("delays", "behind_s", "peaks_mb", "words"),
    [
        ({"p99_s": 10.1}, 1.0, WELL, "waits 10.1 s, more than 10"),
        ({}, 1.0, WELL, "no touch of others was seen"),
        ({"p99_s": 1.0}, CAUGHT_UP_S + 1, WELL, "after the last was sent"),
        ({"p99_s": 1.0}, 1.0, {**WELL, "worker": BOUNDS_MB["worker"] + 1}, "worker held 501 MB"),
        ({"p99_s": 1.0}, 1.0, {"worker": 1.0, "engine": 1.0}, "kafka held 0 MB"),
    ],
)
def test_what_is_beyond_is_told(
    delays: dict[str, float], behind_s: float, peaks_mb: dict[str, float], words: str
) -> None:
    [told] = beyond(LIMIT, delays, behind_s, peaks_mb)
    assert words in told
