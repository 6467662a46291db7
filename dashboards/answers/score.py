"""Scores at a time, from stored ranks."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp2, log2
from typing import Any, Final

from schemas.columns import NO_RANK

HOT_SCORE: Final = 100.0  # a profile with at least this score is hot


@dataclass(frozen=True, slots=True)
class Score:
    """A score at a time: its positive and negative parts, both at least 0, and their difference (`net`)."""

    net: float
    positive: float
    negative: float


def score_of(rank_pos: float, rank_neg: float, at_ms: int, half_life_ms: int) -> Score:
    """Return the score of a pair of ranks at that time."""
    positive, negative = value_at(rank_pos, at_ms, half_life_ms), value_at(rank_neg, at_ms, half_life_ms)
    return Score(positive - negative, positive, negative)


def net_by_channel(row: Mapping[str, Any], at_ms: int, half_life_ms: int) -> dict[str, float]:
    """Return the net score of each channel of a row of `profiles` that has ranks."""
    positive, negative = row["rank_pos_by"], row["rank_neg_by"]
    return {
        name: score_of(positive.get(name, NO_RANK), negative.get(name, NO_RANK), at_ms, half_life_ms).net
        for name in sorted({*positive, *negative})
    }


def value_at(rank: float, at_ms: int, half_life_ms: int) -> float:
    """Return `2^(rank - t / half_life)`; 0 for NO_RANK.

    For a time so long before the touches that the value overflows, return the largest float.
    """
    if rank <= NO_RANK:
        return 0.0
    try:
        return exp2(rank - at_ms / half_life_ms)
    except OverflowError:
        return sys.float_info.max


def hot_rank(at_ms: int, half_life_ms: int) -> float:
    """Return the rank that `HOT_SCORE` has at that time, to compare with `net_key` of `profiles`."""
    return log2(HOT_SCORE) + at_ms / half_life_ms


def difference(a: float, b: float) -> float:
    """Return the relative difference of the values of two ranks, the same at any time: 0 if equal, 1 if one is 0."""
    return 0.0 if a == b else 1.0 - exp2(-abs(a - b))
