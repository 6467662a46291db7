"""Scores as they were, from `score_history`: the profiles with the highest ones, and those of some profiles.

The history has the ranks after each hour with a touch, by event time, so the past is known at full hours. A profile
that was joined to another since has left the list of its last hour, and a profile has no part of those that joined it
later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of

HOUR_MS: Final = 3_600_000
_FACTOR: Final = 4
_HOURS: Final = 4  # rows read per profile that is returned: one for each of its hours near the top


@dataclass(frozen=True, slots=True)
class PastRanked:
    """A profile of the list of a past time, with its place, score and touches at that time."""

    place: int
    profile: str
    score: Score
    touches: int


def full_hour(at_ms: int) -> int:
    """Return the latest full hour, as which the past is known."""
    return at_ms // HOUR_MS * HOUR_MS


def past_top(client: Client, scope: Scope, *, at_ms: int, half_life_ms: int, limit: int = 50) -> list[PastRanked]:
    """Return the `limit` profiles with the highest scores above 0 at a full hour."""
    before_ms = full_hour(at_ms)
    row_limit, ordered = limit * _HOURS, False
    while True:
        found = read(
            client, "history_candidates", tenant=scope.tenant, before_ms=before_ms, limit=row_limit, ordered=ordered
        )
        listed = _ranks_before(client, scope, {row["identifier"] for row in found}, before_ms)
        rows = sorted(listed.values(), key=lambda row: (-row["key"], row["identifier"]))[:limit]
        enough = len(rows) == limit
        if len(found) < row_limit or (enough and (ordered or rows[-1]["key"] > found[-1]["key"])):
            break
        if enough:
            ordered = True
        else:
            row_limit *= _FACTOR
    return [
        PastRanked(
            place,
            row["identifier"],
            score_of(row["rank_pos"], row["rank_neg"], before_ms, half_life_ms),
            row["touches"],
        )
        for place, row in enumerate(rows, 1)
        if row["rank_pos"] > row["rank_neg"]
    ]


def past_scores(
    client: Client, scope: Scope, profiles: Sequence[str], *, at_ms: int, half_life_ms: int
) -> dict[str, float]:
    """Return the net scores of some profiles at a full hour; those without touches before it are left out."""
    before_ms = full_hour(at_ms)
    rows = _ranks_before(client, scope, profiles, before_ms)
    return {name: score_of(row["rank_pos"], row["rank_neg"], before_ms, half_life_ms).net for name, row in rows.items()}


def _ranks_before(client: Client, scope: Scope, identifiers: Iterable[str], before_ms: int) -> dict[str, Row]:
    names = sorted(identifiers)
    if not names:
        return {}
    rows = read(client, "ranks_before", tenant=scope.tenant, identifiers=names, before_ms=before_ms)
    return {row["identifier"]: row for row in rows}
