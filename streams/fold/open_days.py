"""What an identifier keeps of each UTC day that late touches may still change: capped touches, and runs.

The sums of the capped touches stand beside them, for each day and for all open days, so that reading a total looks at
no list. Sums are only added to, or made anew from what they sum: never subtracted from. A day stays as the bytes it
was stored as until a touch falls on it.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Raw, Struct, field, msgpack

from schemas.touch import Touch
from streams.fold import caps, sessions
from streams.fold.caps import CapLists, Place
from streams.fold.days import DAY_MS
from streams.fold.one import One
from streams.fold.score import NOTHING, Component, add, contribution
from streams.fold.sessions import Run

Sums = dict[str, Component]  # by channel

if TYPE_CHECKING:
    LazyLists = CapLists | Raw
    LazyRuns = list[Run] | Raw
else:  # what the decoder makes of them: the bytes as they are
    LazyLists = LazyRuns = Raw


class OpenDay(Struct, array_like=True):
    """One UTC day: what its capped touches come to, positive and negative, those touches, and its runs, ascending."""

    pos: Sums = field(default_factory=dict)
    neg: Sums = field(default_factory=dict)
    lists: LazyLists = field(default_factory=dict)
    runs: LazyRuns = field(default_factory=list)


if TYPE_CHECKING:
    LazyDay = OpenDay | Raw
else:
    LazyDay = Raw


class OpenDays(Struct, array_like=True):
    """All of them, by UTC day since 1970, and what their capped touches come to together."""

    pos: Sums = field(default_factory=dict)
    neg: Sums = field(default_factory=dict)
    days: dict[int, LazyDay] = field(default_factory=dict)


_read_day: Final[Callable[[Raw], OpenDay]] = msgpack.Decoder(OpenDay).decode
_read_lists: Final[Callable[[Raw], CapLists]] = msgpack.Decoder(CapLists).decode
_read_runs: Final[Callable[[Raw], list[Run]]] = msgpack.Decoder(list[Run]).decode


def take_capped(open_days: OpenDays, touch: Touch | One, half_life_ms: int) -> None:
    """A touch of a capped rule takes its place on its day. Changes `open_days`."""
    channel, weight, t_ms = touch.channel, touch.weight, touch.occurred_at_ms
    number, at_ms = divmod(t_ms, DAY_MS)
    day = _day(open_days, number)
    lists = day.lists = _read_lists(day.lists) if isinstance(day.lists, Raw) else day.lists
    place = caps.take(lists, channel, touch.cap, touch.cap_value, weight, at_ms, touch.event_id)
    if place is Place.ADDED:
        part = contribution(weight, t_ms, half_life_ms)
        _count(day.pos, day.neg, channel, weight, part)
        _count(open_days.pos, open_days.neg, channel, weight, part)
    elif place is Place.INSTEAD:
        day.pos, day.neg = {}, {}
        for its_channel, its_ms, its_weight in caps.counted(lists):
            part = contribution(its_weight, number * DAY_MS + its_ms, half_life_ms)
            _count(day.pos, day.neg, its_channel, its_weight, part)
        _sum_anew(open_days)


def take_run(open_days: OpenDays, touch: Touch | One, gap_ms: int) -> None:
    """A touch takes its place in the runs of its day. Changes `open_days`."""
    number, at_ms = divmod(touch.occurred_at_ms, DAY_MS)
    day = _day(open_days, number)
    runs = day.runs = _read_runs(day.runs) if isinstance(day.runs, Raw) else day.runs
    sessions.insert(runs, at_ms, touch.event_id, touch.page, touch.source, gap_ms)


def close(open_days: OpenDays, oldest_open: int) -> tuple[Sums, Sums]:
    """Forget the days before that one; returns what their capped touches come to, for good. Changes `open_days`."""
    numbers = [number for number in open_days.days if number < oldest_open]
    if not numbers:
        return {}, {}
    closed = [_day(open_days, number) for number in numbers]
    for number in numbers:
        del open_days.days[number]
    _sum_anew(open_days)
    return _sums(closed)


def runs_of(open_days: OpenDays, number: int) -> list[Run]:
    """The runs of a day; none if nothing happened on it, or if it is closed."""
    if number not in open_days.days:
        return []
    runs = _day(open_days, number).runs
    return _read_runs(runs) if isinstance(runs, Raw) else runs


def _day(open_days: OpenDays, number: int) -> OpenDay:
    day = open_days.days.get(number)
    if day is None:
        day = open_days.days[number] = OpenDay()
    elif isinstance(day, Raw):
        day = open_days.days[number] = _read_day(day)
    return day


def _count(pos: Sums, neg: Sums, channel: str, weight: float, part: Component) -> None:
    if weight:
        side = pos if weight > 0 else neg
        side[channel] = add(side.get(channel, NOTHING), part)


def _sum_anew(open_days: OpenDays) -> None:
    open_days.pos, open_days.neg = _sums(_day(open_days, number) for number in list(open_days.days))


def _sums(days: Iterable[OpenDay]) -> tuple[Sums, Sums]:
    pos: Sums = {}
    neg: Sums = {}
    for day in days:
        for total, part in ((pos, day.pos), (neg, day.neg)):
            for channel, component in part.items():
                total[channel] = add(total.get(channel, NOTHING), component)
    return pos, neg
