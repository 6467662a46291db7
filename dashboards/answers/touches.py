"""The touches of a profile as a page shows them: in words, with what each gave and what is left of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client
from dashboards.answers.scope import Scope
from dashboards.answers.timeline import Entry, timeline
from dashboards.answers.weighing import ALL_TIMES, NO_TIMES, Fate, Part, RuleSum, weigh
from dashboards.wording import word
from schemas.time import LATEST_MS


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a timeline: after `passed` touches of the millisecond `at_ms`, counted from the newest."""

    at_ms: int = LATEST_MS - 1
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Touch:
    """One touch in words; `kind` are those without anything that the sender wrote.

    `gave` are the points it gave when it happened, and `left` is what is left of them. `fate` says what it contributes,
    or why not; `place` is its number among the touches of its rule and day that a cap counts, or 0.
    """

    event_id: str
    channel: Clear
    type: Clear
    occurred_ms: int
    kind: Clear
    title: str
    detail: str
    gave: float
    left: float
    fate: Fate
    rule: Clear
    cap: int
    place: int
    folded_into: str
    identifiers: tuple[str, ...]
    flags: tuple[Clear, ...]
    about: dict[Clear, str | float]
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class TouchPage:
    """Some touches, newest first. `older` is where the next page begins, None after the oldest touch."""

    touches: tuple[Touch, ...]
    older: Cursor | None


def touch_page(
    client: Client,
    scope: Scope,
    identifiers: Sequence[str],
    *,
    at_ms: int,
    half_life_ms: int,
    limit: int = 50,
    after: Cursor | None = None,
    channels: Collection[str] = (),
) -> TouchPage:
    """Return the touches of the identifiers of a profile from a place on, of some channels or of all."""
    return weighed_page(
        client,
        scope,
        identifiers,
        at_ms=at_ms,
        half_life_ms=half_life_ms,
        limit=limit,
        after=after,
        channels=channels,
        all_times=False,
    )[0]


def weighed_page(
    client: Client,
    scope: Scope,
    identifiers: Sequence[str],
    *,
    at_ms: int,
    half_life_ms: int,
    limit: int = 50,
    after: Cursor | None = None,
    channels: Collection[str] = (),
    all_times: bool = True,
) -> tuple[TouchPage, tuple[RuleSum, ...]]:
    """Return (touches from a place on, sums by rule over the touches of all times or else of the same days)."""
    start = after or Cursor()
    found = timeline(
        client,
        scope,
        identifiers[0],
        members=identifiers,
        limit=start.passed + limit + 1,
        before_ms=min(start.at_ms + 1, LATEST_MS),
        channels=channels,
    )
    entries = found[start.passed : start.passed + limit]
    times = (entries[-1].occurred_ms, entries[0].occurred_ms) if entries else NO_TIMES
    weighed = weigh(
        client,
        scope,
        identifiers,
        at_ms=at_ms,
        half_life_ms=half_life_ms,
        among=ALL_TIMES if all_times or not entries else times,
        between=times,
    )
    parts = {_key(one): one for one in weighed.between}
    touches = tuple(_touch(one, parts.get(_key(one))) for one in entries)
    has_more = len(found) > start.passed + limit
    return TouchPage(touches, _older(entries, start) if has_more else None), weighed.rules


def _older(entries: Sequence[Entry], start: Cursor) -> Cursor:
    last_ms = entries[-1].occurred_ms
    same = sum(one.occurred_ms == last_ms for one in entries)
    return Cursor(last_ms, same + (start.passed if last_ms == start.at_ms else 0))


def _key(one: Entry | Part) -> tuple[object, ...]:
    beyond = one.beyond_window if isinstance(one, Entry) else one.fate == "beyond_window"
    return one.folded_into, one.occurred_ms, one.event_id, one.channel, beyond


def _touch(entry: Entry, part: Part | None) -> Touch:
    """Return a touch. `part` is None only if it was stored after the timeline had been read."""
    words = word(entry.channel, entry.type, entry.about)
    fate: Fate = part.fate if part else "weightless"
    return Touch(
        entry.event_id,
        entry.channel,
        entry.type,
        entry.occurred_ms,
        word(entry.channel, entry.type, {}).title,
        words.title,
        words.detail,
        part.weight if part and part.fate == "counted" else 0.0,
        part.contribution if part else 0.0,
        fate,
        entry.rule,
        part.cap if part else 0,
        part.place if part else 0,
        entry.folded_into,
        entry.identifiers,
        entry.flags,
        entry.about,
        entry.properties,
    )
