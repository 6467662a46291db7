"""Each difference between stored and recomputed aggregates. Pure."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dashboards.answers.audit_diff import TOLERANCE, compare
from dashboards.answers.audit_recount import ALL, Aggregates
from schemas.columns import NO_RANK

RECOUNTED = Aggregates(
    touches={"visits": 3, "calls": 1},
    bots=1,
    first_ms=1_000,
    last_ms=2_000,
    identifiers=2,
    ranks={("visits", True): 2900.0, ("calls", True): 2900.0, ("visits", False): 2890.0},
    sessions=(2, 77),
    runs=(3, 78),
)
STORED = replace(RECOUNTED, total=4, ranks={**RECOUNTED.ranks, (ALL, True): 2901.0, (ALL, False): 2890.0})


def test_equal_aggregates_have_no_difference() -> None:
    assert compare(STORED, RECOUNTED) == ([], 0.0)


def test_rounding_is_drift_and_not_a_difference() -> None:
    found = compare(replace(STORED, ranks={**STORED.ranks, ("calls", True): 2900.0 + 1e-10}), RECOUNTED)
    assert found.differences == []
    assert 0 < found.drift < TOLERANCE


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda stored: replace(stored, touches={"visits": 3}), "touches of calls: 0 stored, 1 in the touches"),
        (lambda stored: replace(stored, total=5), "touches of all channels: 5 stored, 4 in the touches"),
        (lambda stored: replace(stored, bots=0), "bots: 0 stored, 1 in the touches"),
        (lambda stored: replace(stored, identifiers=3), "identifiers: 3 stored, 2 in the touches"),
        (
            lambda stored: replace(stored, first_ms=0),
            "first seen: never stored, 1970-01-01T00:00:01.000+00:00 in the touches",
        ),
        (lambda stored: replace(stored, sessions=(3, 77)), "sessions: 3 stored, 2 in the touches"),
        (
            lambda stored: replace(stored, sessions=(2, 1)),
            "sessions: same number as in the touches, but different ones",
        ),
        (
            lambda stored: replace(stored, runs=(3, 1)),
            "runs within a day: same number as in the touches, but different ones",
        ),
        (lambda stored: replace(stored, known=False), "no row in profiles"),
        (
            lambda stored: replace(stored, ranks={**stored.ranks, ("calls", True): 2901.0}),
            "score of calls, positive: too high by 0.5 (relative)",
        ),
        (
            lambda stored: replace(stored, ranks={**stored.ranks, ("visits", False): NO_RANK}),
            "score of visits, negative: not stored",
        ),
        (
            lambda stored: replace(stored, ranks={**stored.ranks, ("emails", True): 1.0}),
            "score of emails, positive: stored, but no touch gives it",
        ),
        (
            lambda stored: replace(stored, ranks={**stored.ranks, (ALL, False): 2889.0}),
            "score of all channels, negative: too low by 0.5 (relative)",
        ),
    ],
)
def test_each_difference_is_described(change: Callable[[Aggregates], Aggregates], difference: str) -> None:
    assert compare(change(STORED), RECOUNTED).differences == [difference]


def test_profile_without_a_row_in_identities() -> None:
    assert compare(STORED, Aggregates(known=False)).differences == ["in profiles as a profile, but not in identities"]
