"""A score straight from the kept sums, more exactly than by ranks, which are for display: what tests compare with."""

from math import floor, ldexp

from streams.profile.score import Component


def score_at(positive: Component, negative: Component, t_ms: int, half_life_ms: int) -> float:
    """The score at that instant: positive less negative. OverflowError where no float holds it."""
    e = max((part.e for part in (positive, negative) if part.m), default=0)
    net = sum(sign * ldexp(part.m, part.e - e) for sign, part in ((1, positive), (-1, negative)) if part.m)
    halvings = (e * half_life_ms - t_ms) / half_life_ms
    whole = floor(halvings)
    return ldexp(net * 2.0 ** (halvings - whole), whole)
