"""Local state of one identifier, without its children: empty, a single touch, or an aggregate.

A single touch is stored verbatim, at half the size of an aggregate; most identifiers never receive a second. Touches
that may be revised are stored beside the aggregate (streams.profile.revisable_touches).
"""

from msgspec import Struct, field

from schemas.time import DAY_MS, day_of
from streams.profile.caps import admit
from streams.profile.open_days import OpenDay, OpenDays, runs_of
from streams.profile.sessions import Run
from streams.profile.single_touch import SingleTouch, components_of, summary_of
from streams.profile.summary import Summary


class Aggregate(Struct, array_like=True, tag=2, gc=False):
    """Two touches or more. `plain` sums everything except the capped touches of open days."""

    plain: Summary = field(default_factory=lambda: Summary(identifiers=1))
    open: OpenDays = field(default_factory=OpenDays)


Dimension = str | float | int | None | tuple[str, ...]


class RevisableTouch(Struct, array_like=True, frozen=True, gc=False):
    """The newest revision of a touch whose day is open.

    `digest` decides between equal revisions. `id_day` is the UTC day within which the event id names this touch, 0 if
    it does on all days. `dimensions` are the columns by which rollups count it, which engage needs to take it back.
    """

    revision: int
    digest: bytes
    id_day: int
    dimensions: tuple[Dimension, ...]
    touch: SingleTouch


class RevisedAggregate(Aggregate, array_like=True, tag=3, gc=False):
    """An aggregate of which some touches may be revised. It includes them; `base` has only their number and times."""

    base: Aggregate = field(default_factory=Aggregate)
    touches: list[RevisableTouch] = field(default_factory=list)


def aggregate_of(single: SingleTouch) -> Aggregate:
    """Return the aggregate of one touch, to be added to."""
    plain = summary_of(single)
    if single.bot:
        return Aggregate(plain)
    number, at_ms = divmod(single.occurred_at_ms, DAY_MS)
    day = OpenDay(runs=[Run(at_ms, at_ms, 1, single.event_id, single.page, single.source)])
    opened = OpenDays(days={number: day})
    if single.cap:
        admit(day.lists, single.channel, single.cap, single.cap_value, single.weight, at_ms, single.event_id)
        day.pos, day.neg = components_of(single)
        opened.pos, opened.neg = plain.pos, plain.neg
        plain.pos, plain.neg = {}, {}
    return Aggregate(plain, opened)


class LocalState(Struct, array_like=True, gc=False):
    """Local state of one identifier. `streams.profile.touch_fold.fold_touch` changes it in place."""

    content: SingleTouch | Aggregate | RevisedAggregate | None = None


def runs_on(local: LocalState, day: int) -> list[Run]:
    """Return the runs of a UTC day; none if it has only touches of bots, or if it is closed."""
    content = local.content
    if isinstance(content, Aggregate):
        return runs_of(content.open, day)
    if content is None or content.bot or day_of(content.occurred_at_ms) != day:
        return []
    at_ms = content.occurred_at_ms - day * DAY_MS
    return [Run(at_ms, at_ms, 1, content.event_id, content.page, content.source)]
