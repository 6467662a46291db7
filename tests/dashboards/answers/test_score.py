"""Ranks as scores."""

import sys

import pytest

from dashboards.answers.score import HOT_SCORE, Score, difference, hot_rank, score_of, value_at
from schemas.columns import NO_RANK
from streams.profile.score import contribution, rank
from tests.streams.profile.scoring import score_at

WEEK_MS = 7 * 86_400_000
NOW_MS = 1_790_000_000_000


@pytest.mark.parametrize(
    ("weight", "age_ms", "expected"), [(8.0, 0, 8.0), (8.0, WEEK_MS, 4.0), (8.0, 10 * WEEK_MS, 8 / 1024)]
)
def test_value_of_a_rank_is_the_decayed_weight(weight: float, age_ms: int, expected: float) -> None:
    part = contribution(weight, NOW_MS - age_ms, WEEK_MS)
    assert value_at(rank(part), NOW_MS, WEEK_MS) == pytest.approx(expected, rel=1e-11)


def test_score_matches_the_fold() -> None:
    positive, negative = contribution(5.0, NOW_MS - 3, WEEK_MS), contribution(2.0, NOW_MS - WEEK_MS // 3, WEEK_MS)
    found = score_of(rank(positive), rank(negative), NOW_MS, WEEK_MS)
    assert found.net == pytest.approx(score_at(positive, negative, NOW_MS, WEEK_MS), rel=1e-9)
    assert found.net == found.positive - found.negative


def test_no_rank_has_the_value_0() -> None:
    assert score_of(NO_RANK, NO_RANK, NOW_MS, WEEK_MS) == Score(0.0, 0.0, 0.0)


def test_overflow_gives_the_largest_float() -> None:
    assert value_at(2960.0, 0, WEEK_MS) == sys.float_info.max


def test_a_profile_with_the_hot_rank_has_the_hot_score() -> None:
    assert value_at(hot_rank(NOW_MS, WEEK_MS), NOW_MS, WEEK_MS) == pytest.approx(HOT_SCORE, rel=1e-9)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (1.0, 1.0, 0.0),
        (1.0, 2.0, 0.5),
        (2.0, 1.0, 0.5),
        (NO_RANK, NO_RANK, 0.0),
        (NO_RANK, 1.0, 1.0),
        (1.0, NO_RANK, 1.0),
    ],
)
def test_relative_difference(a: float, b: float, expected: float) -> None:
    assert difference(a, b) == expected
