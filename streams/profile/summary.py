"""Summary of an identifier or of a whole profile: a commutative sum, so that adding summaries merges profiles.

Counts and score components are added; times take the minimum and the maximum, sources and traits the first and the
newest by (time, event id). Dicts are in the order of their names, so that equal summaries are encoded equally.
"""

from typing import Final

from msgspec import Struct, field

from streams.profile.score import Component, add_maps
from streams.profile.traits import TouchTraits, merge


class Source(Struct, array_like=True, frozen=True, order=True, gc=False):
    """Where a touch came from. Ordered by time, then event id."""

    t_ms: int
    event_id: str
    source: str
    medium: str
    campaign: str
    page: str


class Summary(Struct, array_like=True, gc=False):
    """The commutative sum. Without touches `first_seen_ms` and `last_seen_ms` have no meaning."""

    touches: dict[str, int] = field(default_factory=dict)  # by channel, bots included
    bots: int = 0
    identifiers: int = 0
    first_seen_ms: int = 0
    last_seen_ms: int = 0
    pos: dict[str, Component] = field(default_factory=dict)  # by channel
    neg: dict[str, Component] = field(default_factory=dict)
    first: Source | None = None
    last: Source | None = None  # None beside a `first` means the same touch, which is not stored twice
    traits: list[TouchTraits] = field(default_factory=list)
    rules_version: str = ""  # of the newest touch


EMPTY: Final = Summary()


def add(a: Summary, b: Summary) -> Summary:
    """Return the sum of both, sharing nothing that is changed in place. Commutative; associative up to rounding."""
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
    """Return the source of the newest touch that has one."""
    return summary.last or summary.first


def _span(a: Summary, b: Summary) -> tuple[int, int, str]:
    if not a.touches or not b.touches:
        only = a if a.touches else b
        return only.first_seen_ms, only.last_seen_ms, only.rules_version
    last_seen_ms, rules_version = max((a.last_seen_ms, a.rules_version), (b.last_seen_ms, b.rules_version))
    return min(a.first_seen_ms, b.first_seen_ms), last_seen_ms, rules_version


def _ends(a: Summary, b: Summary) -> tuple[Source | None, Source | None]:
    """Return the first and the last source of both; the last is None if it is the first."""
    if a.first is None or b.first is None:
        only = a if b.first is None else b
        return only.first, only.last
    first = min(a.first, b.first)
    last = max(a.last or a.first, b.last or b.first)
    return first, None if last == first else last
