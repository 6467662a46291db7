"""Traits of a person, field by field: the newest value wins, in whatever order touches arrive.

Fields whose newest values came with the same touch are stored together, under its time and event id, which are longer
than most values.
"""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

MAX_FIELDS: Final = 64  # above it the fields with the smallest names stay, a choice independent of the order of arrival
MAX_CHARS: Final = 500  # of a value


class TouchTraits(Struct, array_like=True, frozen=True, gc=False):
    """The traits of one touch that no newer touch has replaced. `values` is never changed in place."""

    t_ms: int
    event_id: str
    values: dict[str, str]


def add_traits(known: list[TouchTraits], t_ms: int, event_id: str, values: dict[str, str]) -> list[TouchTraits]:
    """Return `known` (ascending by time and event id) with the traits of one more touch."""
    if not values:
        return known
    if len(known) == 1 and known[0].values == values:  # most touches repeat the traits of the one before
        last = known[0]
        newer = (last.t_ms, last.event_id) < (t_ms, event_id)
        return [TouchTraits(t_ms, event_id, last.values)] if newer else known
    added = TouchTraits(t_ms, event_id, trim(values))
    return merge(known, [added]) if known else [added]


def trim(values: dict[str, str]) -> dict[str, str]:
    """Return the traits of one touch within the limits, in the order of their names."""
    if len(values) == 1:
        ((name, value),) = values.items()
        return values if len(value) <= MAX_CHARS else {name: value[:MAX_CHARS]}
    return {name: values[name][:MAX_CHARS] for name in sorted(values)[:MAX_FIELDS]}


def merge(a: Iterable[TouchTraits], b: Iterable[TouchTraits]) -> list[TouchTraits]:
    """Return the newest value of each field, ascending by time and event id. Commutative and associative."""
    newest: dict[str, tuple[int, str, str]] = {}
    for touch in (*a, *b):
        for name, value in touch.values.items():
            candidate = (touch.t_ms, touch.event_id, value)
            if name not in newest or newest[name] < candidate:
                newest[name] = candidate
    by_touch: dict[tuple[int, str], dict[str, str]] = {}
    for name in sorted(newest)[:MAX_FIELDS]:
        t_ms, event_id, value = newest[name]
        by_touch.setdefault((t_ms, event_id), {})[name] = value
    return [TouchTraits(*stamp, values) for stamp, values in sorted(by_touch.items())]


def current_values(traits: Iterable[TouchTraits]) -> dict[str, str]:
    """Return the newest value of each field."""
    values: dict[str, str] = {}
    for touch in traits:
        values.update(touch.values)
    return values
