"""The profiles with the highest scores, by a key that orders them at any time, without merging the table.

The table may hold old rows, whose keys may be too high or too low. So more rows than requested are read, and then the
newest row of each of their identifiers. The result is exact if the last profile has at least the key of the last row
read, because no other row is above that one. Otherwise four times as many rows are read.
"""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of

_FACTOR: Final = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """A profile of the list with its place. With a channel, `score` and `touches` are those of that channel."""

    place: int
    profile: str
    score: Score
    touches: int
    last_seen_ms: int
    first_source: str
    last_source: str
    country: str
    device: str
    traits: dict[str, str]


def top(
    client: Client, scope: Scope, *, at_ms: int, half_life_ms: int, limit: int = 20, channel: str = ""
) -> list[Ranked]:
    """Return the `limit` profiles with the highest scores above 0, over all channels or one."""
    row_limit = limit * _FACTOR
    while True:
        found = read(client, "top_candidates", tenant=scope.tenant, channel=channel, limit=row_limit)
        names = sorted({row["identifier"] for row in found})
        rows = read(client, "top_rows", tenant=scope.tenant, channel=channel, identifiers=names)[:limit]
        complete = len(found) < row_limit
        if complete or (len(rows) == limit and rows[-1]["key"] >= found[-1]["key"]):
            break
        row_limit *= _FACTOR
    return [_ranked(place, row, channel, at_ms, half_life_ms) for place, row in enumerate(rows, 1)]


def _ranked(place: int, row: Row, channel: str, at_ms: int, half_life_ms: int) -> Ranked:
    return Ranked(
        place=place,
        profile=row["identifier"],
        score=score_of(row["pos"], row["neg"], at_ms, half_life_ms),
        touches=row["touches_by"].get(channel, 0) if channel else row["touches"],
        last_seen_ms=row["last_seen_ms"],
        first_source=row["first_source"],
        last_source=row["last_source"],
        country=row["country"],
        device=row["device"],
        traits=dict(row["traits"]),
    )
