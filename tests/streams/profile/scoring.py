"""A score from the stored sums, more exact than one from ranks, which are for display."""

from math import floor, ldexp

from streams.profile.score import Component


def score_at(positive: Component, negative: Component, t_ms: int, half_life_ms: int) -> float:
    """Return the score at a time: positive minus negative. Raises OverflowError if no float holds it."""
    e = max((part.e for part in (positive, negative) if part.m), default=0)
    net = sum(sign * ldexp(part.m, part.e - e) for sign, part in ((1, positive), (-1, negative)) if part.m)
    halvings = (e * half_life_ms - t_ms) / half_life_ms
    whole = floor(halvings)
    return ldexp(net * 2.0 ** (halvings - whole), whole)
