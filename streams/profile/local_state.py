"""What one identifier brought itself, as it is stored: nothing, its only touch, or the sums of many.

Most identifiers never get a second touch. Keeping the only one as it came takes half the bytes that the sums would.
"""

from msgspec import Struct, field

from schemas.time import DAY_MS, day_of
from streams.profile.caps import take
from streams.profile.open_days import OpenDay, OpenDays, runs_of
from streams.profile.sessions import Run
from streams.profile.single_touch import One, parts_of, summary_of
from streams.profile.summary import Summary


class Many(Struct, array_like=True, tag=2, gc=False):
    """Two touches or more. `plain` is everything but what the capped touches of open days come to."""

    plain: Summary = field(default_factory=lambda: Summary(identifiers=1))
    open: OpenDays = field(default_factory=OpenDays)


def many_of(one: One) -> Many:
    """The sums of a single touch, to be added to."""
    plain = summary_of(one)
    if one.bot:
        return Many(plain)
    number, at_ms = divmod(one.occurred_at_ms, DAY_MS)
    day = OpenDay(runs=[Run(at_ms, at_ms, 1, one.event_id, one.page, one.source)])
    opened = OpenDays(days={number: day})
    if one.cap:
        take(day.lists, one.channel, one.cap, one.cap_value, one.weight, at_ms, one.event_id)
        day.pos, day.neg = parts_of(one)
        opened.pos, opened.neg = plain.pos, plain.neg
        plain.pos, plain.neg = {}, {}
    return Many(plain, opened)


class Own(Struct, array_like=True, gc=False):
    """What one identifier brought itself. Folding changes it in place (streams.profile.touch_fold.fold_touch)."""

    state: One | Many | None = None


def runs_on(own: Own, day: int) -> list[Run]:
    """The runs of a UTC day; none if nothing but bots happened on it, or if it is closed."""
    state = own.state
    if isinstance(state, Many):
        return runs_of(state.open, day)
    if state is None or state.bot or day_of(state.occurred_at_ms) != day:
        return []
    at_ms = state.occurred_at_ms - day * DAY_MS
    return [Run(at_ms, at_ms, 1, state.event_id, state.page, state.source)]
