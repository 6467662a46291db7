"""Profiles whose scores rose or fell most since a time.

A score falls by itself, so those who did nothing fall in the order of their scores. Who rose must have had touches.
"""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.identities import owners_of
from dashboards.answers.past_scores import past_scores
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import score_of

AMONG: Final = 150  # profiles with touches since, and as many without, that are compared: those with the highest scores


@dataclass(frozen=True, slots=True)
class Mover:
    """A profile with its scores `before` and `now`, and their difference."""

    profile: str
    name: str
    before: float
    now: float
    change: float
    touches: int
    last_seen_ms: int
    last_source: Clear


@dataclass(frozen=True, slots=True)
class Movers:
    """Who rose and who fell most since `since_ms`.

    They are among the `AMONG` highest scores of those with touches since, and of those without.
    """

    since_ms: int
    rose: tuple[Mover, ...]
    fell: tuple[Mover, ...]


def movers(client: Client, scope: Scope, *, since_ms: int, at_ms: int, half_life_ms: int, limit: int = 20) -> Movers:
    """Return at most `limit` profiles of each kind."""
    candidates = {"tenant": scope.tenant, "since_ms": since_ms, "limit": AMONG}
    active, idle = read(client, "active_candidates", **candidates), read(client, "idle_candidates", **candidates)
    names = sorted({row["identifier"] for row in (*active, *idle)})
    rows = read(client, "profile_rows", tenant=scope.tenant, identifiers=names) if names else []
    touched = [row["identifier"] for row in rows if row["last_seen_ms"] >= since_ms]
    owners = owners_of(client, scope, touched)
    past = past_scores(client, scope, owners, at_ms=since_ms, half_life_ms=half_life_ms)
    found = []
    for row in rows:
        now = score_of(row["rank_pos"], row["rank_neg"], at_ms, half_life_ms).net
        earlier = (
            past.get(row["identifier"], 0.0)
            if row["last_seen_ms"] >= since_ms
            else score_of(row["rank_pos"], row["rank_neg"], since_ms, half_life_ms).net
        )
        found.append(
            Mover(
                row["identifier"],
                row["name"],
                earlier,
                now,
                now - earlier,
                row["touches"],
                row["last_seen_ms"],
                row["last_source"],
            )
        )
    found.sort(key=lambda one: (-one.change, one.profile))
    rose = tuple(one for one in found if one.change > 0)[:limit]
    fell = tuple(one for one in reversed(found) if one.change < 0)[:limit]
    return Movers(since_ms, rose, fell)
