"""Capped rules: of one UTC day only the N earliest touches count, in whatever order they arrive.

Per identifier, a day keeps one list for each (channel, cap, cap value): the N earliest touches, ties by event id (the
order of text is that of its UTF-8 bytes). The cap is part of the key, so a rule that gets another cap starts lists of
its own. The same in SQL: `row_number() OVER (PARTITION BY folded_into, channel, cap, cap_value,
intDiv(toUnixTimestamp64Milli(occurred_at), 86400000) ORDER BY occurred_at, event_id) <= cap`.
"""

from bisect import bisect
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from msgspec import Struct, field

_BETWEEN: Final = "\x1f"


class CapList(Struct, array_like=True):
    """The earliest touches under one cap, ascending by (time, event id), at most as many as the cap. Parallel lists."""

    at_ms: list[int] = field(default_factory=list)  # within the day
    event_ids: list[str] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)  # whole ones as integers: a byte instead of nine


CapLists = dict[str, CapList]  # of one day; key: channel, cap and cap value


class Place(Enum):
    """What became of a touch under a cap."""

    OUT = auto()  # the cap is used up by earlier ones: nothing changed
    ADDED = auto()
    INSTEAD = auto()  # it put a later one out: what the lists come to must be summed anew


def take(lists: CapLists, channel: str, cap: int, cap_value: str, weight: float, at_ms: int, event_id: str) -> Place:
    """Keep a new touch of that day if it is among the earliest. Changes `lists`."""
    key = f"{channel}{_BETWEEN}{cap}{_BETWEEN}{cap_value}"
    entries = lists.get(key)
    if entries is None:
        entries = lists[key] = CapList()
    times, ids = entries.at_ms, entries.event_ids
    place = length = len(times)
    if length and (at_ms, event_id) < (times[-1], ids[-1]):
        place = bisect(list(zip(times, ids, strict=True)), (at_ms, event_id))
    if place >= cap:
        return Place.OUT
    times.insert(place, at_ms)
    ids.insert(place, event_id)
    whole = int(weight)
    entries.weights.insert(place, whole if whole == weight else weight)
    if length < cap:
        return Place.ADDED
    del times[cap:], ids[cap:], entries.weights[cap:]
    return Place.INSTEAD


def counted(lists: CapLists) -> Iterator[tuple[str, int, float]]:
    """(channel, ms within the day, weight) of each touch that counts."""
    for key, entries in lists.items():
        channel = key.partition(_BETWEEN)[0]
        for at_ms, weight in zip(entries.at_ms, entries.weights, strict=True):
            yield channel, at_ms, weight
