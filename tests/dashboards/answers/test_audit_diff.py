"""Each way in which what is kept may differ from what the touches say. Pure."""

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
KEPT = replace(RECOUNTED, total=4, ranks={**RECOUNTED.ranks, (ALL, True): 2901.0, (ALL, False): 2890.0})


def test_equal_is_equal() -> None:
    assert compare(KEPT, RECOUNTED) == ([], 0.0)


def test_rounding_is_drift_and_no_difference() -> None:
    found = compare(replace(KEPT, ranks={**KEPT.ranks, ("calls", True): 2900.0 + 1e-10}), RECOUNTED)
    assert found.differences == []
    assert 0 < found.drift < TOLERANCE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda kept: replace(kept, touches={"visits": 3}), "touches of calls: 0 stored, 1 in the events"),
        (lambda kept: replace(kept, total=5), "touches of all channels: 5 stored, 4 in the events"),
        (lambda kept: replace(kept, bots=0), "bots: 0 stored, 1 in the events"),
        (lambda kept: replace(kept, identifiers=3), "identifiers: 3 stored, 2 in the events"),
        (
            lambda kept: replace(kept, first_ms=0),
            "first seen: never stored, 1970-01-01T00:00:01.000+00:00 in the events",
        ),
        (lambda kept: replace(kept, sessions=(3, 77)), "sessions: 3 stored, 2 in the events"),
        (lambda kept: replace(kept, sessions=(2, 1)), "sessions: same number as in the events, but different ones"),
        (
            lambda kept: replace(kept, runs=(3, 1)),
            "runs within a day: same number as in the events, but different ones",
        ),
        (lambda kept: replace(kept, known=False), "no row in profiles"),
        (
            lambda kept: replace(kept, ranks={**kept.ranks, ("calls", True): 2901.0}),
            "score of calls, positive: too high by 0.5 (relative)",
        ),
        (
            lambda kept: replace(kept, ranks={**kept.ranks, ("visits", False): NO_RANK}),
            "score of visits, negative: not stored",
        ),
        (
            lambda kept: replace(kept, ranks={**kept.ranks, ("emails", True): 1.0}),
            "score of emails, positive: stored, but no touch gives it",
        ),
        (
            lambda kept: replace(kept, ranks={**kept.ranks, (ALL, False): 2889.0}),
            "score of all channels, negative: too low by 0.5 (relative)",
        ),
    ],
)
def test_a_difference_in_words(change: Callable[[Aggregates], Aggregates], said: str) -> None:
    assert compare(change(KEPT), RECOUNTED).differences == [said]


def test_a_profile_that_is_none() -> None:
    assert compare(KEPT, Aggregates(known=False)).differences == ["in profiles as a profile, but not in identities"]
