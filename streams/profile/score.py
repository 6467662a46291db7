"""Engagement with forward decay: a sum that does not change while nothing happens.

The score at time t is `sum(w_i * 2^((t_i - t) / half_life))`. It is kept as what does not depend on t: weights counted
forward from 1970, `sum(w_i * 2^(t_i / half_life))`, as a float times a power of two, so that no date overflows it.
Positive and negative weights are kept apart; adding the sums of two profiles is merging them. Times are integer
milliseconds since 1970 and may be negative. The idea is the forward decay of Cormode, Shkapenyuk, Srivastava and Xu,
"Forward Decay: A Practical Time Decay Model for Streaming Systems" (ICDE 2009).
"""

from math import ldexp, log2
from typing import Final

from msgspec import Struct

from schemas.columns import NO_RANK


class Component(Struct, array_like=True, frozen=True, gc=False):
    """A sum of absolute weights: `m * 2^e`, with `e` counted in half-lives since 1970. `m` 0: nothing, whatever `e`."""

    e: int
    m: float


NOTHING: Final = Component(0, 0.0)


def contribution(weight: float, t_ms: int, half_life_ms: int) -> Component:
    """What one touch of that weight (its sign is the caller's business) at that time adds.

    The whole half-lives are taken off as integers, so only their fraction is ever rounded.
    """
    e, rest_ms = divmod(t_ms, half_life_ms)
    return Component(e, abs(weight) * 2.0 ** (rest_ms / half_life_ms))


def add(a: Component, b: Component) -> Component:
    """Commutative; associative up to rounding. The smaller exponent is shifted: what is too small to matter is lost."""
    if not a.m:
        return b
    if not b.m:
        return a
    if a.e == b.e:
        return Component(a.e, a.m + b.m)
    if a.e > b.e:
        return Component(a.e, a.m + ldexp(b.m, b.e - a.e))
    return Component(b.e, b.m + ldexp(a.m, a.e - b.e))


def add_to(side: dict[str, Component], name: str, part: Component) -> None:
    """Count a part, which is not nothing, under a name. Changes `side`."""
    known = side.get(name)
    if known is None:
        side[name] = part
    elif known.e == part.e:
        side[name] = Component(part.e, known.m + part.m)
    else:
        side[name] = add(known, part)


def add_maps(a: dict[str, Component], b: dict[str, Component]) -> dict[str, Component]:
    """Component by component, into a new dict in the order of its names, so that equal sums are encoded equally."""
    if not b:
        return a.copy() if len(a) < 2 else dict(sorted(a.items()))
    if not a:
        return b.copy() if len(b) < 2 else dict(sorted(b.items()))
    return {name: add(a.get(name, NOTHING), b.get(name, NOTHING)) for name in sorted(a.keys() | b.keys())}


def sum_of(components: dict[str, Component]) -> Component:
    """All of them together, added in the order of their names: equal dicts give equal bits."""
    total = NOTHING
    for name in sorted(components):
        total = add(total, components[name])
    return total


def rank(component: Component) -> float:
    """log2 of the sum, for ordering and display: `score(t) = 2^(rank - t / half_life)`; `NO_RANK` for nothing."""
    return component.e + log2(component.m) if component.m else NO_RANK
