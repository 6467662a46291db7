"""The profiles with the highest scores, by a key that orders them at any time, without merging the table.

The table may hold old rows, whose keys may be too high or too low. So more rows than requested are read, and those that
are not the newest of their identifier are left out. The result is exact if it ends above the key of the last row read,
because every row above that was read. If it ends with that key, the rows with the key are read by identifier; if too
few remain, four times as many are read.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, net_by_channel, score_of

_FACTOR: Final = 4
_SPARE: Final = 25  # rows more than requested: old ones
_HIGHEST: Final = 1e300


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list: that of the last profile before it. `passed` profiles of the same key come before it, too.

    Keys do not change with time, so a position stays where it is while scores decay.
    """

    key: float = _HIGHEST
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A profile of the list with its place. With a channel, `score` and `touches` are those of that channel.

    `rank` orders the list, at any time alike. `score_by` has the net score of each channel with touches.
    """

    place: int
    profile: str
    rank: float
    score: Score
    touches: int
    last_seen_ms: int
    first_source: Clear
    last_source: Clear
    country: Clear
    device: Clear
    traits: dict[str, str]
    score_by: dict[Clear, float]


def top(
    client: Client,
    scope: Scope,
    *,
    at_ms: int,
    half_life_ms: int,
    limit: int = 20,
    channel: str = "",
    after: Position | None = None,
    first_place: int = 1,
) -> list[Ranked]:
    """Return the `limit` profiles with the highest scores above 0, over all channels or one.

    `after` is where the list before ended (`position_after`), and `first_place` the place of the first profile.
    """
    start = after or Position()
    wanted = start.passed + limit
    row_limit = wanted + _SPARE
    while True:
        found = _candidates(client, scope, channel, start.key, row_limit)
        is_complete = len(found) < row_limit
        ends_in_equals = not is_complete and found[wanted - 1]["key"] == found[-1]["key"]
        rows = [] if ends_in_equals else _newest(client, scope, found)[start.passed : wanted]
        if ends_in_equals or (not is_complete and len(rows) == limit and rows[-1]["key"] == found[-1]["key"]):
            found = _with_equals(client, scope, channel, start.key, found)
            rows = _newest(client, scope, found)[start.passed : wanted]
        if is_complete or len(rows) == limit:
            break
        row_limit *= _FACTOR
    return [_ranked(place, row, at_ms, half_life_ms) for place, row in enumerate(rows, first_place)]


def position_after(listed: Sequence[Ranked], before: Position | None = None) -> Position | None:
    """Return where the list goes on after some of its profiles, which began at `before`; None for an empty list."""
    if not listed:
        return None
    last = listed[-1].rank
    same = sum(one.rank == last for one in listed)
    return Position(last, same + (before.passed if before and before.key == last else 0))


def _candidates(
    client: Client, scope: Scope, channel: str, most: float, limit: int, ordered: bool = False
) -> list[Row]:
    values = {"tenant": scope.tenant, "most": most, "limit": limit}
    if channel:
        return read(client, "top_candidates_of_channel", **values, channel=channel, ordered=ordered)
    return read(client, "top_candidates", **values)


def _with_equals(client: Client, scope: Scope, channel: str, most: float, found: Sequence[Row]) -> list[Row]:
    """Return the rows again, of which those with the lowest key are the first ones by identifier."""
    if channel:
        return _candidates(client, scope, channel, most, len(found), ordered=True)
    key = found[-1]["key"]
    equals = read(client, "top_equals", tenant=scope.tenant, key=key, limit=len(found))
    return [*(row for row in found if row["key"] > key), *equals]


def _newest(client: Client, scope: Scope, found: Sequence[Row]) -> list[Row]:
    """Return the rows that are the newest of their identifiers, highest key first, then by identifier."""
    merged = Counter(row["part"] for row in found if _is_merged(row["part"]))
    part = max(merged, key=lambda name: merged[name], default="")
    inside = sorted({row["identifier"] for row in found if row["part"] == part})
    others = sorted({row["identifier"] for row in found if row["part"] != part})
    rows = read(client, "newest_offsets", tenant=scope.tenant, inside=inside, part=part, others=others)
    newest = {row["identifier"]: row["newest"] for row in rows}
    current = {
        row["identifier"]: row
        for row in found
        if row["activity_offset"] >= newest.get(row["identifier"], row["activity_offset"])
    }
    return sorted(current.values(), key=lambda row: (-row["key"], row["identifier"]))


def _is_merged(part: str) -> bool:
    """Return whether a part was merged. Its name is `all_FIRST_LAST_LEVEL`, and the level of one block is 0."""
    return part.split("_")[3] != "0"


def _ranked(place: int, row: Row, at_ms: int, half_life_ms: int) -> Ranked:
    return Ranked(
        place=place,
        profile=row["identifier"],
        rank=row["key"],
        score=score_of(row["pos"], row["neg"], at_ms, half_life_ms),
        touches=row["touches"],
        last_seen_ms=row["last_seen_ms"],
        first_source=row["first_source"],
        last_source=row["last_source"],
        country=row["country"],
        device=row["device"],
        traits=dict(row["traits"]),
        score_by=net_by_channel(row, at_ms, half_life_ms),
    )
