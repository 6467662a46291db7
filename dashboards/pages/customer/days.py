"""The timeline by days and sessions, with the joins of identifiers where they happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import groupby
from typing import Final

from dashboards.answers.identities import Member
from dashboards.answers.touches import Touch
from dashboards.answers.weighing import Fate
from dashboards.pages import format as write
from dashboards.pages.customer.identifiers import Shown, show_identifier

GAP_MS: Final = 30 * 60_000  # between touches of one session (sinks/migrations/004_sessions.sql)
_MINUTE_S, _HOUR_S = 60, 3_600
_VIEWS: Final = ("page", "screen")
_CONTEXT: Final = ("lead_source", "campaign", "device")
_FATES: Final[dict[Fate, str]] = {
    "capped": "over the daily cap",
    "weightless": "no rule",
    "bot": "bot",
    "too_late": "too late",
    "beyond_window": "possible repeat",
}


@dataclass(frozen=True, slots=True)
class Join:
    """An identifier that was joined to another at a time."""

    at_ms: int
    child: Shown
    parent: Shown


@dataclass(frozen=True, slots=True)
class Line:
    """A touch, or a session: several views after each other, of which `views` has each.

    `note` says why it gave nothing, or that parts of a session gave nothing.
    """

    touch: Touch
    views: tuple[Touch, ...]
    title: str
    detail: str
    gave: float
    left: float
    note: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the viewer with the number of touches that are listed, newest first."""

    at_ms: int
    touches: int
    lines: tuple[Line | Join, ...]


def days_of(
    touches: Sequence[Touch],
    members: Sequence[Member],
    zone: tzinfo,
    *,
    has_newer: bool,
    has_older: bool,
    in_words: bool = True,
) -> list[Day]:
    """Return the days of some touches, newest first. Joins before or after what is listed are left to other pages.

    `in_words` False leaves out what senders wrote.
    """
    if not touches:
        return []
    newest_ms, oldest_ms = touches[0].occurred_ms, touches[-1].occurred_ms
    joins = [
        Join(one.since_ms, show_identifier(one.identifier), show_identifier(one.parent))
        for one in members
        if one.since_ms is not None
        and (one.since_ms <= newest_ms or not has_newer)
        and (one.since_ms >= oldest_ms or not has_older)
    ]
    listed: list[Touch | Join] = sorted([*joins, *touches], key=_order)
    return [
        Day(found[0], sum(isinstance(one, Touch) for one in found[1]), tuple(_lines(found[1], in_words)))
        for found in _by_day(listed, zone)
    ]


def _order(one: Touch | Join) -> tuple[int, bool]:
    """Order by time, the newest first, and a join above the touch that made it; touches keep their order."""
    return (-one.at_ms, False) if isinstance(one, Join) else (-one.occurred_ms, True)


def _time(one: Touch | Join) -> int:
    return one.at_ms if isinstance(one, Join) else one.occurred_ms


def _by_day(listed: Sequence[Touch | Join], zone: tzinfo) -> Iterator[tuple[int, list[Touch | Join]]]:
    for _, found in groupby(listed, key=lambda one: write.instant(_time(one), zone).date()):
        day = list(found)
        yield _time(day[0]), day


def _lines(day: Sequence[Touch | Join], in_words: bool) -> Iterator[Line | Join]:
    session: list[Touch] = []
    for one in day:
        if session and not (isinstance(one, Touch) and _goes_on(session[-1], one)):
            yield _line(session, in_words)
            session = []
        if isinstance(one, Join):
            yield one
        else:
            session.append(one)
    if session:
        yield _line(session, in_words)


def _goes_on(later: Touch, earlier: Touch) -> bool:
    """Return whether two touches are views of one session."""
    are_views = later.type in _VIEWS and earlier.type in _VIEWS and later.channel == earlier.channel
    return are_views and later.occurred_ms - earlier.occurred_ms <= GAP_MS


def _line(session: Sequence[Touch], in_words: bool) -> Line:
    newest, oldest = session[0], session[-1]
    gave, left = sum(one.gave for one in session), sum(one.left for one in session)
    if len(session) == 1:
        title, detail = (newest.title, newest.detail) if in_words else (newest.kind, "")
        return Line(newest, (), title, detail, gave, left, _FATES.get(newest.fate, ""))
    title = f"{len(session)} pages in {_length(newest.occurred_ms - oldest.occurred_ms)}"
    context = (str(oldest.about[name]) for name in _CONTEXT if oldest.about.get(name)) if in_words else ()
    nothing = sum(one.fate != "counted" for one in session)
    note = f"{nothing} without points" if nothing and gave else _FATES.get(newest.fate, "") if nothing else ""
    return Line(newest, tuple(session), title, " · ".join(dict.fromkeys(context)), gave, left, note)


def _length(length_ms: int) -> str:
    """Return how long a session was: '24 s', '18 min', '1 h 12 min'."""
    seconds = round(length_ms / 1000)
    if seconds < _MINUTE_S:
        return f"{seconds}{write.SPACE}s"
    return f"{seconds // _MINUTE_S}{write.SPACE}min" if seconds < _HOUR_S else write.duration(seconds)
