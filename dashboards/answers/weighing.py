"""What touches contribute to the score of their profile at a time, by rule and by touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from dashboards.answers.clear import Clear
from dashboards.answers.run_query import Client, Row, read
from dashboards.answers.scope import Scope
from schemas.time import DAY_MS, LATEST_MS

Fate = Literal["counted", "capped", "weightless", "bot", "too_late", "beyond_window"]
"""What a touch contributes, or why not.

`capped`: earlier touches of its UTC day reached the cap. `too_late`: subject to a cap, and received after its day was
closed. `weightless`: no rule matched, or one with weight 0. `beyond_window`: perhaps a duplicate, so it counts nowhere.
"""
Times = tuple[int, int]
"""The first and the last millisecond since 1970."""

ALL_TIMES: Final[Times] = (0, LATEST_MS)
NO_TIMES: Final[Times] = (1, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One touch. If it counts, its `contribution` is `weight * remaining`. `place` is its number in its cap, or 0."""

    event_id: str
    channel: Clear
    type: Clear
    occurred_ms: int
    age_ms: int
    folded_into: str
    rule: Clear
    weight: float
    cap: int
    place: int
    too_late: bool
    fate: Fate
    remaining: float
    contribution: float


@dataclass(frozen=True, slots=True)
class RuleSum:
    """Sums over the touches of a rule with one fate: weights before decay, and contributions to the score.

    `first_ms` and `last_ms` are the times of the earliest and the latest of them, `cap` the largest cap they had.
    """

    channel: Clear
    rule: Clear
    fate: Fate
    touches: int
    weights: float
    positive: float
    negative: float
    cap: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class Weighing:
    """`rules` with the largest sums first, `most` the touches that contribute most, and all touches `between` times."""

    rules: tuple[RuleSum, ...]
    most: tuple[Part, ...]
    between: tuple[Part, ...]


def weigh(
    client: Client,
    scope: Scope,
    identifiers: Sequence[str],
    *,
    at_ms: int,
    half_life_ms: int,
    limit: int = 0,
    among: Times = ALL_TIMES,
    between: Times = NO_TIMES,
) -> Weighing:
    """Weigh the touches of the identifiers of a profile, or those `among` some times, which are widened to UTC days.

    `limit` is the largest number of touches in `most`.
    """
    since_ms, until_ms = among
    rows = read(
        client,
        "weighed_by_rule",
        tenant=scope.tenant,
        identifiers=list(identifiers),
        at_ms=at_ms,
        half_life_ms=half_life_ms,
        since_ms=since_ms // DAY_MS * DAY_MS,
        until_ms=min((until_ms // DAY_MS + 1) * DAY_MS - 1, LATEST_MS),
        from_ms=between[0],
        to_ms=between[1],
        limit=max(limit, 1),
    )
    most = sorted((part, number) for number, row in enumerate(rows) for part in row["most"])[:limit]
    return Weighing(
        tuple(_rule_sum(row) for row in rows),
        tuple(_part(rows[number], part, at_ms) for part, number in most),
        tuple(_part(row, part, at_ms) for row in rows for part in row["between"]),
    )


def _rule_sum(row: Row) -> RuleSum:
    return RuleSum(
        row["channel"],
        row["rule"],
        row["fate"],
        row["touches"],
        row["weights"],
        row["positive"],
        row["negative"],
        row["largest_cap"],
        row["first_ms"],
        row["last_ms"],
    )


def _part(row: Row, part: Sequence[Any], at_ms: int) -> Part:
    """Return one touch of a row; its first two values order it."""
    _, minus_t_ms, event_id, type_, folded_into, weight, cap, place, too_late, remaining, contribution = part
    return Part(
        event_id,
        row["channel"],
        type_,
        -minus_t_ms,
        at_ms + minus_t_ms,
        folded_into,
        row["rule"],
        weight,
        cap,
        place,
        too_late,
        row["fate"],
        remaining,
        contribution,
    )
