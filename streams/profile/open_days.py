"""Capped touches and runs of each UTC day that late touches may still change.

The sums of the capped touches are stored beside them, for each day and for all open days, so that reading a total reads
no list. Sums are added to or recomputed, never subtracted from. A day remains encoded until a touch falls on it.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Raw, Struct, field, msgpack

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile import caps, sessions
from streams.profile.caps import Admission, CapLists
from streams.profile.score import Component, add_to, contribution
from streams.profile.sessions import Run
from streams.profile.single_touch import SingleTouch

Sums = dict[str, Component]  # by channel


class OpenDay(Struct, array_like=True, gc=False):
    """One UTC day: the sums of its capped touches, positive and negative, those touches, and its runs, ascending."""

    pos: Sums = field(default_factory=dict)
    neg: Sums = field(default_factory=dict)
    lists: CapLists = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)


if TYPE_CHECKING:
    LazyDay = OpenDay | Raw
else:  # the decoder leaves the bytes as they are
    LazyDay = Raw


class OpenDays(Struct, array_like=True, gc=False):
    """All open days, by UTC day since 1970, and the sums of their capped touches."""

    pos: Sums = field(default_factory=dict)
    neg: Sums = field(default_factory=dict)
    days: dict[int, LazyDay] = field(default_factory=dict)


_read_day: Final[Callable[[Raw], OpenDay]] = msgpack.Decoder(OpenDay).decode


def add_touch(open_days: OpenDays, touch: Touch | SingleTouch, half_life_ms: int, gap_ms: int) -> None:
    """Add a touch to the runs of its day and, if it has a cap, to its capped touches. Changes `open_days`."""
    number, at_ms = divmod(touch.occurred_at_ms, DAY_MS)
    day = open_days.days.get(number)
    if type(day) is not OpenDay:
        day = _open(open_days, number)
    if touch.cap:
        _add_capped(open_days, day, touch, at_ms, half_life_ms)
    sessions.insert(day.runs, at_ms, touch.event_id, touch.page, touch.source, gap_ms)


def close(open_days: OpenDays, oldest_open: int) -> tuple[Sums, Sums]:
    """Remove the days before `oldest_open` and return the final sums of their capped touches. Changes `open_days`."""
    numbers = [number for number in open_days.days if number < oldest_open]
    if not numbers:
        return {}, {}
    closed = [_open(open_days, number) for number in numbers]
    for number in numbers:
        del open_days.days[number]
    _recompute_sums(open_days)
    return _sums(closed)


def runs_of(open_days: OpenDays, number: int) -> list[Run]:
    """Return the runs of a day; none if it has no touches, or if it is closed."""
    return _open(open_days, number).runs if number in open_days.days else []


def _add_capped(open_days: OpenDays, day: OpenDay, touch: Touch | SingleTouch, at_ms: int, half_life_ms: int) -> None:
    channel, weight, t_ms = touch.channel, touch.weight, touch.occurred_at_ms
    admission = caps.admit(day.lists, channel, touch.cap, touch.cap_value, weight, at_ms, touch.event_id)
    if admission is Admission.REFUSED:
        return
    if admission is Admission.ADDED:
        if weight:
            component = contribution(weight, t_ms, half_life_ms)
            add_to(day.pos if weight > 0 else day.neg, channel, component)
            add_to(open_days.pos if weight > 0 else open_days.neg, channel, component)
        return
    day.pos, day.neg = {}, {}
    for its_channel, its_ms, its_weight in caps.counted(day.lists):
        if its_weight:
            component = contribution(its_weight, t_ms - at_ms + its_ms, half_life_ms)
            add_to(day.pos if its_weight > 0 else day.neg, its_channel, component)
    _recompute_sums(open_days)


def _open(open_days: OpenDays, number: int) -> OpenDay:
    day = open_days.days.get(number)
    if day is None:
        day = open_days.days[number] = OpenDay()
    elif isinstance(day, Raw):
        day = open_days.days[number] = _read_day(day)
    return day


def _recompute_sums(open_days: OpenDays) -> None:
    open_days.pos, open_days.neg = _sums(_open(open_days, number) for number in list(open_days.days))


def _sums(days: Iterable[OpenDay]) -> tuple[Sums, Sums]:
    pos: Sums = {}
    neg: Sums = {}
    for day in days:
        for total, of_day in ((pos, day.pos), (neg, day.neg)):
            for channel, component in of_day.items():
                add_to(total, channel, component)
    return pos, neg
