"""What an identifier, or a whole profile, comes to: a sum that commutes, so that merging profiles is adding.

Counts and score components add up, times take their minimum and maximum, sources and traits their first and newest by
(time, event id). Dicts stand in the order of their names: equal summaries are encoded equally by any encoder.
"""

from typing import Final

from msgspec import Struct, field

from streams.profile.score import Component, add_maps
from streams.profile.traits import Said, merge


class Source(Struct, array_like=True, frozen=True, order=True, gc=False):
    """Where a touch came from. Ordered by time, then event id."""

    t_ms: int
    event_id: str
    source: str
    medium: str
    campaign: str
    page: str


class Summary(Struct, array_like=True, gc=False):
    """The commutative sum. `first_seen_ms` and `last_seen_ms` mean nothing while there are no touches."""

    touches: dict[str, int] = field(default_factory=dict)  # by channel, bots included
    bots: int = 0
    identifiers: int = 0
    first_seen_ms: int = 0
    last_seen_ms: int = 0
    pos: dict[str, Component] = field(default_factory=dict)  # by channel
    neg: dict[str, Component] = field(default_factory=dict)
    first: Source | None = None
    last: Source | None = None  # None with a `first`: the same touch, which need not be stored twice
    traits: list[Said] = field(default_factory=list)
    rules_version: str = ""  # of the newest touch


EMPTY: Final = Summary()


def add(a: Summary, b: Summary) -> Summary:
    """Both together, sharing nothing that is ever changed in place. Commutative; associative up to rounding."""
    first_seen_ms, last_seen_ms, rules_version = _span(a, b)
    first, last = _ends(a, b)
    return Summary(
        {name: a.touches.get(name, 0) + b.touches.get(name, 0) for name in sorted(a.touches.keys() | b.touches.keys())},
        a.bots + b.bots,
        a.identifiers + b.identifiers,
        first_seen_ms,
        last_seen_ms,
        add_maps(a.pos, b.pos),
        add_maps(a.neg, b.neg),
        first,
        last,
        merge(a.traits, b.traits) if a.traits and b.traits else list(a.traits or b.traits),
        rules_version,
    )


def last_source(summary: Summary) -> Source | None:
    """The newest touch that told a source."""
    return summary.last or summary.first


def _span(a: Summary, b: Summary) -> tuple[int, int, str]:
    if not a.touches or not b.touches:
        there = a if a.touches else b
        return there.first_seen_ms, there.last_seen_ms, there.rules_version
    last_seen_ms, rules_version = max((a.last_seen_ms, a.rules_version), (b.last_seen_ms, b.rules_version))
    return min(a.first_seen_ms, b.first_seen_ms), last_seen_ms, rules_version


def _ends(a: Summary, b: Summary) -> tuple[Source | None, Source | None]:
    """The first and the last source of both, the last as None if it is the first."""
    if a.first is None or b.first is None:
        there = a if b.first is None else b
        return there.first, there.last
    first = min(a.first, b.first)
    last = max(a.last or a.first, b.last or b.first)
    return first, None if last == first else last
