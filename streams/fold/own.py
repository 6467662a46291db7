"""What one identifier brought itself, as it is stored: nothing, its only touch, or the sums of many.

Most identifiers never get a second touch. Keeping the only one as it came takes half the bytes that the sums would.
"""

from msgspec import Struct, field

from streams.fold.days import DAY_MS, day_of
from streams.fold.one import One
from streams.fold.open_days import OpenDays, runs_of
from streams.fold.sessions import Run
from streams.fold.summary import Summary


class Many(Struct, array_like=True, tag=2, gc=False):
    """Two touches or more. `plain` is everything but what the capped touches of open days come to."""

    plain: Summary = field(default_factory=lambda: Summary(identifiers=1))
    open: OpenDays = field(default_factory=OpenDays)


class Own(Struct, array_like=True, gc=False):
    """What one identifier brought itself. Folding changes it in place (streams.fold.profile.fold_touch)."""

    state: One | Many | None = None


def runs_on(own: Own, day: int) -> list[Run]:
    """The runs of a UTC day; none if nothing but bots happened on it, or if it is closed."""
    state = own.state
    if isinstance(state, Many):
        return runs_of(state.open, day)
    if state is None or state.bot or day_of(state.occurred_at_ms) != day:
        return []
    at_ms = state.occurred_at_ms % DAY_MS
    return [Run(at_ms, at_ms, 1, state.event_id, state.page, state.source)]
