"""The most engaged profiles: read by a key that orders by score at any instant, without merging the table.

Rows of the table may be old, and an old key may be too high or too low. So more rows than asked for are read, and the
newest row of each identifier among them. The answer is exact if the last one asked for is no worse than the last row
read: nobody else has a row, so nobody else has a newest row, above it. Otherwise four times as many are read.
"""

from dataclasses import dataclass
from typing import Final

from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of

_OVER: Final = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """A profile's place in the list. With a channel, `score` and `touches` are that channel's alone."""

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
    """The `limit` profiles with the highest score, by all channels or by one; those at or below zero are left out."""
    over = limit * _OVER
    while True:
        found = read(client, "top_candidates", tenant=scope.tenant, channel=channel, limit=over)
        names = sorted({row["identifier"] for row in found})
        rows = read(client, "top_rows", tenant=scope.tenant, channel=channel, identifiers=names)[:limit]
        complete = len(found) < over
        if complete or (len(rows) == limit and rows[-1]["key"] >= found[-1]["key"]):
            break
        over *= _OVER
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
