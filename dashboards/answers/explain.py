"""Explanation of a score: what each touch contributes now, and why the others contribute nothing."""

from collections import Counter
from dataclasses import dataclass
from math import fsum
from typing import Literal

from dashboards.answers.identities import owners_of
from dashboards.answers.run_query import Client, Row, read, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of
from schemas.columns import NO_RANK

Fate = Literal["counted", "capped", "weightless", "bot", "too_late", "beyond_window"]
"""What a touch contributes, or why not.

`capped`: earlier touches of its UTC day reached the cap. `too_late`: subject to a cap, and received after its day was
closed. `weightless`: no rule matched, or one with weight 0. `beyond_window`: perhaps a duplicate, so it counts nowhere.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One touch. If it counts, its `contribution` is `weight * remaining`. `place` is its number in its cap, or 0."""

    event_id: str
    channel: str
    type: str
    occurred_ms: int
    age_ms: int
    folded_into: str
    rule: str
    weight: float
    cap: int
    place: int
    too_late: bool
    fate: Fate
    remaining: float
    contribution: float


@dataclass(frozen=True, slots=True)
class RuleSum:
    """Sums over the touches of a rule with one fate: weights before decay, and contributions to the score."""

    channel: str
    rule: str
    fate: Fate
    touches: int
    weights: float
    positive: float
    negative: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`stored` is the score in `profiles`, `summed` the sum over the touches. They are equal unless there is a bug.

    `touches` are those with the largest contributions; `rest` is the sum of those that are not listed.
    """

    profile: str
    at_ms: int
    half_life_ms: int
    stored: Score
    summed: Score
    touches: tuple[Part, ...]
    rest_touches: int
    rest: float
    rules: tuple[RuleSum, ...]
    fates: dict[str, int]


def explain(
    client: Client, scope: Scope, profile: str, *, at_ms: int, half_life_ms: int, limit: int = 20
) -> Explanation:
    """Explain the score of the profile with that root identifier."""
    values = _values(client, scope, profile, at_ms, half_life_ms)
    stored = read_one(client, "profile", tenant=scope.tenant, profile=profile)
    rank_pos, rank_neg = (stored["rank_pos"], stored["rank_neg"]) if stored else (NO_RANK, NO_RANK)
    rules = tuple(RuleSum(**row) for row in read(client, "explain_rules", **values))
    parts = tuple(_part(row, at_ms) for row in read(client, "explain_touches", **values, limit=limit))
    positive, negative = fsum(one.positive for one in rules), fsum(one.negative for one in rules)
    fates = Counter[str]()
    for one in rules:
        fates[one.fate] += one.touches
    return Explanation(
        profile,
        at_ms,
        half_life_ms,
        stored=score_of(rank_pos, rank_neg, at_ms, half_life_ms),
        summed=Score(positive - negative, positive, negative),
        touches=parts,
        rest_touches=fates.total() - len(parts),
        rest=positive - negative - fsum(part.contribution for part in parts),
        rules=rules,
        fates=dict(sorted(fates.items())),
    )


def _part(row: Row, at_ms: int) -> Part:
    columns = {name: value for name, value in row.items() if name != "t_ms"}
    return Part(occurred_ms=row["t_ms"], age_ms=at_ms - row["t_ms"], **columns)


def _values(client: Client, scope: Scope, profile: str, at_ms: int, half_life_ms: int) -> dict[str, object]:
    owners = owners_of(client, scope, profile)
    return {
        "tenant": scope.tenant,
        "identifiers": owners.identifiers,
        "folded_ids": owners.folded_ids,
        "at_ms": at_ms,
        "half_life_ms": half_life_ms,
    }
