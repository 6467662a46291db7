"""Engagement score with forward decay: a sum that changes only when touches arrive.

The score at time t is `sum(w_i * 2^((t_i - t) / half_life))`. The part that does not depend on t is stored: weights
scaled forward from 1970, `sum(w_i * 2^(t_i / half_life))`, as a float times a power of two, so that no date overflows
it. Positive and negative weights are summed separately; adding the sums of two profiles merges them. Times are integer
milliseconds since 1970 and may be negative. The model is the forward decay of Cormode, Shkapenyuk, Srivastava and Xu,
"Forward Decay: A Practical Time Decay Model for Streaming Systems" (ICDE 2009).
"""

from math import ldexp, log2
from typing import Final

from msgspec import Struct

from schemas.columns import NO_RANK


class Component(Struct, array_like=True, frozen=True, gc=False):
    """A sum of absolute weights: `m * 2^e`, with `e` in half-lives since 1970. `m` 0 means 0, for any `e`."""

    e: int
    m: float


NOTHING: Final = Component(0, 0.0)


def contribution(weight: float, t_ms: int, half_life_ms: int) -> Component:
    """Return what one touch adds: its absolute weight at that time. The caller separates the signs.

    Whole half-lives are split off as integers, so only the fraction is rounded.
    """
    e, rest_ms = divmod(t_ms, half_life_ms)
    return Component(e, abs(weight) * 2.0 ** (rest_ms / half_life_ms))


def add(a: Component, b: Component) -> Component:
    """Add two sums. Commutative; associative up to rounding. The smaller one is scaled down and may underflow to 0."""
    if not a.m:
        return b
    if not b.m:
        return a
    if a.e == b.e:
        return Component(a.e, a.m + b.m)
    if a.e > b.e:
        return Component(a.e, a.m + ldexp(b.m, b.e - a.e))
    return Component(b.e, b.m + ldexp(a.m, a.e - b.e))


def add_to(side: dict[str, Component], name: str, component: Component) -> None:
    """Add a component other than 0 under a name. Changes `side`."""
    known = side.get(name)
    if known is None:
        side[name] = component
    elif known.e == component.e:
        side[name] = Component(component.e, known.m + component.m)
    else:
        side[name] = add(known, component)


def add_maps(a: dict[str, Component], b: dict[str, Component]) -> dict[str, Component]:
    """Add two dicts of components into a new one, in the order of names, so that equal sums are encoded equally."""
    if not b:
        return a.copy() if len(a) < 2 else dict(sorted(a.items()))
    if not a:
        return b.copy() if len(b) < 2 else dict(sorted(b.items()))
    return {name: add(a.get(name, NOTHING), b.get(name, NOTHING)) for name in sorted(a.keys() | b.keys())}


def sum_of(components: dict[str, Component]) -> Component:
    """Return the sum of all components, added in the order of their names: equal dicts give equal bits."""
    total = NOTHING
    for name in sorted(components):
        total = add(total, components[name])
    return total


def rank(component: Component) -> float:
    """Return log2 of the sum: `score(t) = 2^(rank - t / half_life)`. A sum of 0 has `NO_RANK`."""
    return component.e + log2(component.m) if component.m else NO_RANK
