"""Why a score is what it is: the touches that make it, what is left of each, and why the others make nothing."""

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
"""`capped`: earlier touches of its UTC day used up the cap. `too_late`: under a cap, and its day was closed by then.
`weightless`: no rule matched, or one that gives nothing. `beyond_window`: it may be a repeat, so it counts nowhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """One touch: its `contribution` is `weight * remaining`, if it counts. `place`: in its cap's list, or 0."""

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
    """What the touches of a rule with one fate come to: weights as given, and what they make of the score."""

    channel: str
    rule: str
    fate: Fate
    touches: int
    weights: float
    positive: float
    negative: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`stored` is the score that the pipeline keeps, `summed` that of the touches: equal, or something is wrong.

    `touches` are the largest contributions; `rest` is what those not listed add up to.
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
    """Of the profile with that root identifier; one without touches is explained by nothing."""
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
    told = {name: value for name, value in row.items() if name != "t_ms"}
    return Part(occurred_ms=row["t_ms"], age_ms=at_ms - row["t_ms"], **told)


def _values(client: Client, scope: Scope, profile: str, at_ms: int, half_life_ms: int) -> dict[str, object]:
    owners = owners_of(client, scope, profile)
    return {
        "tenant": scope.tenant,
        "identifiers": owners.identifiers,
        "folded_ids": owners.folded_ids,
        "at_ms": at_ms,
        "half_life_ms": half_life_ms,
    }
