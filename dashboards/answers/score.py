"""What stored ranks are worth at an instant."""

import sys
from dataclasses import dataclass
from math import exp2

from schemas.columns import NO_RANK


@dataclass(frozen=True, slots=True)
class Score:
    """At an instant: what speaks for engagement, what against it (both at least 0), and the difference."""

    net: float
    positive: float
    negative: float


def score_of(rank_pos: float, rank_neg: float, at_ms: int, half_life_ms: int) -> Score:
    """The score at that instant of a pair of ranks."""
    positive, negative = value_at(rank_pos, at_ms, half_life_ms), value_at(rank_neg, at_ms, half_life_ms)
    return Score(positive - negative, positive, negative)


def value_at(rank: float, at_ms: int, half_life_ms: int) -> float:
    """`2^(rank - t / half_life)`; 0 for the rank of nothing.

    An instant so long before the touches that no float holds the value gives the largest float.
    """
    if rank <= NO_RANK:
        return 0.0
    try:
        return exp2(rank - at_ms / half_life_ms)
    except OverflowError:
        return sys.float_info.max


def difference(a: float, b: float) -> float:
    """The relative difference of what two ranks are worth, at any instant the same: 0 equal, 1 one of them nothing."""
    return 0.0 if a == b else 1.0 - exp2(-abs(a - b))
