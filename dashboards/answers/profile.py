"""One profile: identifiers, counts, origin, sessions, and its score at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.answers.clear import Clear
from dashboards.answers.identities import Member, members
from dashboards.answers.run_query import Client, Row, read, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of
from schemas.columns import NO_RANK


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a touch came from: of the first or the last touch that has an origin."""

    source: Clear
    medium: Clear
    campaign: Clear
    page: str


@dataclass(frozen=True, slots=True)
class Session:
    """Touches of all identifiers of a profile, with gaps of at most 30 minutes."""

    started_ms: int
    ended_ms: int
    touches: int
    landing_page: str
    source: Clear
    identifiers: tuple[str, ...]


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
    client: Client, scope: Scope, identifier: str, *, at_ms: int, half_life_ms: int, sessions: int = 5
) -> Profile | None:
    """Return the profile with that root identifier (`identities.resolve`) and its newest `sessions`, or None."""
    row = read_one(client, "profile", tenant=scope.tenant, profile=identifier)
    if row is None:
        return None
    below = members(client, scope, identifier)
    count, newest = _sessions(client, scope, identifier, [identifier, *(one.identifier for one in below)], sessions)
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
        sessions=count,
        newest_sessions=newest,
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


def _sessions(
    client: Client, scope: Scope, identifier: str, identifiers: Sequence[str], limit: int
) -> tuple[int, tuple[Session, ...]]:
    """Return (number of sessions, the newest ones)."""
    values = {"tenant": scope.tenant, "profile": identifier, "identifiers": sorted(set(identifiers))}
    found = read(client, "sessions_of", **values, limit=max(limit, 1))
    newest = tuple(
        Session(
            row["started_ms"],
            row["ended_ms"],
            row["touches"],
            row["landing_page"],
            row["source"],
            tuple(row["identifiers"]),
        )
        for row in found[:limit]
    )
    return (found[0]["sessions"] if found else 0), newest
