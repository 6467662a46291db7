"""What an identifier keeps of each UTC day that late touches may still change: capped touches, and runs.

The sums of the capped touches stand beside them, for each day and for all open days, so that reading a total looks at
no list. Sums are only added to, or made anew from what they sum: never subtracted from. A day stays as the bytes it
was stored as until a touch falls on it.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Raw, Struct, field, msgpack

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile import caps, sessions
from streams.profile.caps import CapLists, Place
from streams.profile.score import Component, add_to, contribution
from streams.profile.sessions import Run
from streams.profile.single_touch import One

Sums = dict[str, Component]  # by channel


class OpenDay(Struct, array_like=True, gc=False):
    """One UTC day: what its capped touches come to, positive and negative, those touches, and its runs, ascending."""

    pos: Sums = field(default_factory=dict)
    neg: Sums = field(default_factory=dict)
    lists: CapLists = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)


if TYPE_CHECKING:
    LazyDay = OpenDay | Raw
else:  # what the decoder makes of it: the bytes as they are
    LazyDay = Raw


class OpenDays(Struct, array_like=True, gc=False):
    """All of them, by UTC day since 1970, and what their capped touches come to together."""

    pos: Sums = field(default_factory=dict)
    neg: Sums = field(default_factory=dict)
    days: dict[int, LazyDay] = field(default_factory=dict)


_read_day: Final[Callable[[Raw], OpenDay]] = msgpack.Decoder(OpenDay).decode


def take(open_days: OpenDays, touch: Touch | One, half_life_ms: int, gap_ms: int) -> None:
    """A touch takes its place on its day: in the runs, and among the capped ones if it has a cap."""
    number, at_ms = divmod(touch.occurred_at_ms, DAY_MS)
    day = open_days.days.get(number)
    if type(day) is not OpenDay:
        day = _open(open_days, number)
    if touch.cap:
        _take_capped(open_days, day, touch, at_ms, half_life_ms)
    sessions.insert(day.runs, at_ms, touch.event_id, touch.page, touch.source, gap_ms)


def close(open_days: OpenDays, oldest_open: int) -> tuple[Sums, Sums]:
    """Forget the days before that one; returns what their capped touches come to, for good. Changes `open_days`."""
    numbers = [number for number in open_days.days if number < oldest_open]
    if not numbers:
        return {}, {}
    closed = [_open(open_days, number) for number in numbers]
    for number in numbers:
        del open_days.days[number]
    _sum_anew(open_days)
    return _sums(closed)


def runs_of(open_days: OpenDays, number: int) -> list[Run]:
    """The runs of a day; none if nothing happened on it, or if it is closed."""
    return _open(open_days, number).runs if number in open_days.days else []


def _take_capped(open_days: OpenDays, day: OpenDay, touch: Touch | One, at_ms: int, half_life_ms: int) -> None:
    channel, weight, t_ms = touch.channel, touch.weight, touch.occurred_at_ms
    place = caps.take(day.lists, channel, touch.cap, touch.cap_value, weight, at_ms, touch.event_id)
    if place is Place.OUT:
        return
    if place is Place.ADDED:
        if weight:
            part = contribution(weight, t_ms, half_life_ms)
            add_to(day.pos if weight > 0 else day.neg, channel, part)
            add_to(open_days.pos if weight > 0 else open_days.neg, channel, part)
        return
    day.pos, day.neg = {}, {}
    for its_channel, its_ms, its_weight in caps.counted(day.lists):
        if its_weight:
            part = contribution(its_weight, t_ms - at_ms + its_ms, half_life_ms)
            add_to(day.pos if its_weight > 0 else day.neg, its_channel, part)
    _sum_anew(open_days)


def _open(open_days: OpenDays, number: int) -> OpenDay:
    day = open_days.days.get(number)
    if day is None:
        day = open_days.days[number] = OpenDay()
    elif isinstance(day, Raw):
        day = open_days.days[number] = _read_day(day)
    return day


def _sum_anew(open_days: OpenDays) -> None:
    open_days.pos, open_days.neg = _sums(_open(open_days, number) for number in list(open_days.days))


def _sums(days: Iterable[OpenDay]) -> tuple[Sums, Sums]:
    pos: Sums = {}
    neg: Sums = {}
    for day in days:
        for total, part in ((pos, day.pos), (neg, day.neg)):
            for channel, component in part.items():
                add_to(total, channel, component)
    return pos, neg
