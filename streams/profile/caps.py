"""Capped rules: only the N earliest touches of a UTC day count, in whatever order they arrive.

Per identifier, a day has one list for each (channel, cap, cap value): the N earliest touches, ties by event id (the
order of text is that of its UTF-8 bytes). The cap is part of the key, so a rule whose cap is changed starts new
lists. The same in SQL: `row_number() OVER (PARTITION BY folded_into, channel, cap, cap_value,
intDiv(toUnixTimestamp64Milli(occurred_at), 86400000) ORDER BY occurred_at, event_id) <= cap`.

A list is stored packed, so that a touch later than all others, as most are, is appended without decoding them.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from struct import Struct as Layout
from struct import pack, unpack
from typing import Final

from msgspec import Struct

from schemas.column import SEPARATOR

_TIME_BYTES: Final = 4
_pack_time: Final = Layout(">I").pack
_pack_weight: Final = Layout(">d").pack


class CapList(Struct, array_like=True, gc=False):
    """The earliest touches under one cap, ascending by (time, event id), at most as many as the cap.

    Three parallel lists: milliseconds within the day, four bytes each; weights, eight bytes each; event ids, joined
    with `SEPARATOR`.
    """

    at_ms: bytes = b""
    weights: bytes = b""
    event_ids: str = ""


CapLists = dict[str, CapList]  # of one day; key: channel, cap and cap value
Entry = tuple[int, str, float]  # ms within the day, event id, weight


class Admission(Enum):
    """The result of a touch under a cap."""

    REFUSED = auto()  # the earlier touches fill the cap: nothing changed
    ADDED = auto()
    REPLACED = auto()  # it displaced a later one: the sums must be recomputed


def admit(
    lists: CapLists, channel: str, cap: int, cap_value: str, weight: float, at_ms: int, event_id: str
) -> Admission:
    """Add a new touch of the day if it is among the earliest. Changes `lists`."""
    key = f"{channel}{SEPARATOR}{cap}{SEPARATOR}{cap_value}"
    kept = lists.get(key)
    if kept is None:
        lists[key] = CapList(_pack_time(at_ms), _pack_weight(weight), event_id)
        return Admission.ADDED
    times = kept.at_ms
    if at_ms > int.from_bytes(times[-_TIME_BYTES:], "big"):
        if len(times) >= cap * _TIME_BYTES:
            return Admission.REFUSED
        kept.at_ms = times + _pack_time(at_ms)
        kept.weights += _pack_weight(weight)
        kept.event_ids += SEPARATOR + event_id
        return Admission.ADDED
    return _insert(kept, cap, (at_ms, event_id, weight))


def entries_of(kept: CapList) -> list[Entry]:
    """Return the touches of a list, earliest first."""
    count = len(kept.at_ms) // _TIME_BYTES
    times, weights = unpack(f">{count}I", kept.at_ms), unpack(f">{count}d", kept.weights)
    return list(zip(times, kept.event_ids.split(SEPARATOR), weights, strict=True))


def counted(lists: CapLists) -> Iterator[tuple[str, int, float]]:
    """Yield (channel, ms within the day, weight) of each touch that counts."""
    for key, kept in lists.items():
        channel = key.partition(SEPARATOR)[0]
        for at_ms, _, weight in entries_of(kept):
            yield channel, at_ms, weight


def _insert(kept: CapList, cap: int, entry: Entry) -> Admission:
    """`admit` for a touch that is not later than all of the list."""
    entries = entries_of(kept)
    length = len(entries)
    index = bisect(entries, entry)
    if index >= cap:
        return Admission.REFUSED
    entries.insert(index, entry)
    _store(kept, entries[:cap])
    return Admission.ADDED if length < cap else Admission.REPLACED


def _store(kept: CapList, entries: Sequence[Entry]) -> None:
    times, event_ids, weights = zip(*entries, strict=True)
    kept.at_ms = pack(f">{len(times)}I", *times)
    kept.weights = pack(f">{len(weights)}d", *weights)
    kept.event_ids = SEPARATOR.join(event_ids)
