"""One profile: identifiers, counts, origin, sessions, and its score at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.answers.clear import Clear
from dashboards.answers.identities import Member, members
from dashboards.answers.run_query import Client, Row, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of
from dashboards.answers.sessions import Session, sessions
from schemas.columns import NO_RANK


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a touch came from: of the first or the last touch that has an origin."""

    source: Clear
    medium: Clear
    campaign: Clear
    page: str


@dataclass(frozen=True, slots=True)
class Profile:
    """All aggregates of one profile. Times are milliseconds since 1970; None means that there are no touches."""

    identifier: str
    at_ms: int
    members: tuple[Member, ...]
    touches: int
    bots: int
    touches_by: dict[Clear, int]
    first_seen_ms: int | None
    last_seen_ms: int | None
    score: Score
    score_by: dict[Clear, Score]
    first: Origin
    last: Origin
    traits: dict[Clear, str]
    country: Clear
    device: Clear
    sessions: int
    newest_sessions: tuple[Session, ...]
    rules_version: Clear


def profile(
    client: Client,
    scope: Scope,
    identifier: str,
    *,
    at_ms: int,
    half_life_ms: int,
    newest_sessions: int = 5,
    members_of: Sequence[Member] = (),
) -> Profile | None:
    """Return the profile with that root identifier (`identities.resolve`), with its newest sessions, or None.

    `members_of` are its members, if the caller knows them.
    """
    row = read_one(client, "profile", tenant=scope.tenant, profile=identifier)
    if row is None:
        return None
    below = members_of or members(client, scope, identifier)
    found = sessions(client, scope, [identifier, *(one.identifier for one in below)])
    return Profile(
        identifier=identifier,
        at_ms=at_ms,
        members=tuple(below),
        touches=row["touches"],
        bots=row["bots"],
        touches_by=dict(sorted(row["touches_by"].items())),
        first_seen_ms=row["first_seen_ms"] if row["touches"] else None,
        last_seen_ms=row["last_seen_ms"] if row["touches"] else None,
        score=score_of(row["rank_pos"], row["rank_neg"], at_ms, half_life_ms),
        score_by=_by_channel(row, at_ms, half_life_ms),
        first=_origin(row, "first"),
        last=_origin(row, "last"),
        traits=dict(sorted(row["traits"].items())),
        country=row["country"],
        device=row["device"],
        sessions=len(found),
        newest_sessions=tuple(found[:newest_sessions]),
        rules_version=row["rules_version"],
    )


def _by_channel(row: Row, at_ms: int, half_life_ms: int) -> dict[str, Score]:
    """Return the score of each channel with touches, by name."""
    pos, neg = row["rank_pos_by"], row["rank_neg_by"]
    return {
        name: score_of(pos.get(name, NO_RANK), neg.get(name, NO_RANK), at_ms, half_life_ms)
        for name in sorted(row["touches_by"])
    }


def _origin(row: Row, which: str) -> Origin:
    return Origin(row[f"{which}_source"], row[f"{which}_medium"], row[f"{which}_campaign"], row[f"{which}_page"])
