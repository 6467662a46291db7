"""How many customers are hot, warm, new or cooling, and who came and left within a day."""

from dataclasses import dataclass
from math import log2
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.identities import owners_of
from dashboards.answers.past_scores import past_scores
from dashboards.answers.run_query import Client, read, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE, hot_rank, value_at
from schemas.time import DAY_MS

WARM_SCORE: Final = 25.0
MAX_CANDIDATES: Final = 20_000  # whose touches are read
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its customers, and how many came and left since `Segments.since_ms`; None if that is not counted."""

    name: Clear
    customers: int
    came: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class NewlyHot:
    """A customer that became hot; `name` is the trait, '' without one."""

    profile: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Segments:
    """All segments at a time. A segment is hot from `HOT_SCORE` points, warm from `WARM_SCORE`, new in its first seven
    days, and cooling if its score was hot at its last touch and is not any more.

    `since_ms`: a day before. `newly_hot`: the highest of those that became hot since.
    """

    at_ms: int
    since_ms: int
    customers: int
    hot: Segment
    warm: Segment
    new: Segment
    cooling: Segment
    newly_hot: tuple[NewlyHot, ...]


def segments(client: Client, scope: Scope, *, at_ms: int, half_life_ms: int) -> Segments:
    """Return the segments at a time."""
    before_ms = at_ms - DAY_MS
    hot, hot_before = hot_rank(at_ms, half_life_ms), hot_rank(before_ms, half_life_ms)
    row = read_one(
        client,
        "segments",
        tenant=scope.tenant,
        hot=hot,
        hot_before=hot_before,
        hot_of_zero=log2(HOT_SCORE),
        warm=hot - log2(HOT_SCORE / WARM_SCORE),
        half_life_ms=half_life_ms,
        before_ms=before_ms,
        week_ms=at_ms - 7 * DAY_MS,
        week_before_ms=before_ms - 7 * DAY_MS,
        limit=MAX_CANDIDATES,
    )
    assert row is not None, "an aggregate has a row"
    candidates = dict(row["candidates"])
    owners = owners_of(client, scope, list(candidates))
    before = past_scores(client, scope, owners, at_ms=before_ms, half_life_ms=half_life_ms)
    was_hot = {name for name, score in before.items() if score >= HOT_SCORE}
    is_hot = {name for name, key in candidates.items() if key >= hot}
    came = sorted(is_hot - was_hot, key=lambda name: (-candidates[name], name))
    return Segments(
        at_ms,
        before_ms,
        row["profiles"],
        Segment("hot", row["hot"], len(came), row["left_idle"] + len(was_hot - is_hot)),
        Segment("warm", row["warm"], None, None),
        Segment("new", row["new"], row["new_came"], row["new_left"]),
        Segment("cooling", row["cooling"], None, None),
        _named(client, scope, {name: value_at(candidates[name], at_ms, half_life_ms) for name in came[:NAMED]}),
    )


def _named(client: Client, scope: Scope, scores: dict[str, float]) -> tuple[NewlyHot, ...]:
    if not scores:
        return ()
    rows = read(client, "display_names", tenant=scope.tenant, identifiers=list(scores))
    names = {row["identifier"]: row["name"] for row in rows}
    return tuple(NewlyHot(profile, names.get(profile, ""), score) for profile, score in scores.items())
