"""Scores as they were at any time, computed from the touches until then.

A profile has the identifiers that it has now, so a touch that arrived or was joined later counts at its own time.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.answers.names_by_hash import names_by_hash
from dashboards.answers.run_query import Client, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score


@dataclass(frozen=True, slots=True)
class PastRanked:
    """A profile of the list of a past time, with its place, score and touches at that time."""

    place: int
    profile: str
    score: Score
    touches: int


def past_top(client: Client, scope: Scope, *, at_ms: int, half_life_ms: int, limit: int = 50) -> list[PastRanked]:
    """Return the `limit` profiles with the highest scores above 0 at a time. Reads all touches until then."""
    rows = read(client, "past_top", tenant=scope.tenant, at_ms=at_ms, half_life_ms=half_life_ms, limit=limit)
    named = names_by_hash(client, scope, [row["profile_id"] for row in rows])
    found = [
        (
            named[row["profile_id"]].identifier if row["profile_id"] in named else row["identifier"],
            Score(row["positive"] - row["negative"], row["positive"], row["negative"]),
            row["touches"],
        )
        for row in rows
    ]
    found.sort(key=lambda one: (-one[1].net, one[0]))
    return [PastRanked(place, *one) for place, one in enumerate(found[:limit], 1)]


def past_scores(
    client: Client, scope: Scope, owners: Mapping[str, str], *, at_ms: int, half_life_ms: int
) -> dict[str, float]:
    """Return the net scores of profiles at a time; those without touches until then are left out.

    `owners`: the profile of each of their identifiers (dashboards.answers.identities.owners_of).
    """
    if not owners:
        return {}
    rows = read(
        client,
        "past_scores",
        tenant=scope.tenant,
        identifiers=sorted(owners),
        since_ms=0,
        until_ms=at_ms,
        at_ms=at_ms,
        half_life_ms=half_life_ms,
    )
    scores: dict[str, float] = defaultdict(float)
    for row in rows:
        scores[owners[row["folded_into"]]] += row["score"]
    return dict(scores)
