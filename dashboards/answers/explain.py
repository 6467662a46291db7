"""Explanation of a score: what each touch contributes now, and why the others contribute nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from dashboards.answers.clear import Clear
from dashboards.answers.identities import identifiers_of
from dashboards.answers.run_query import Client, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.score import Score, score_of
from dashboards.answers.weighing import Part, RuleSum, weigh
from schemas.columns import NO_RANK


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
    fates: dict[Clear, int]


def explain(
    client: Client,
    scope: Scope,
    profile: str,
    *,
    at_ms: int,
    half_life_ms: int,
    limit: int = 20,
    members: Sequence[str] = (),
) -> Explanation:
    """Explain the score of the profile with that root identifier. `members` are its identifiers, if known."""
    stored = read_one(client, "profile", tenant=scope.tenant, profile=profile)
    rank_pos, rank_neg = (stored["rank_pos"], stored["rank_neg"]) if stored else (NO_RANK, NO_RANK)
    identifiers = list(members) or identifiers_of(client, scope, profile)
    found = weigh(client, scope, identifiers, at_ms=at_ms, half_life_ms=half_life_ms, limit=limit)
    positive, negative = fsum(one.positive for one in found.rules), fsum(one.negative for one in found.rules)
    fates = Counter[str]()
    for one in found.rules:
        fates[one.fate] += one.touches
    return Explanation(
        profile,
        at_ms,
        half_life_ms,
        stored=score_of(rank_pos, rank_neg, at_ms, half_life_ms),
        summed=Score(positive - negative, positive, negative),
        touches=found.most,
        rest_touches=fates.total() - len(found.most),
        rest=positive - negative - fsum(part.contribution for part in found.most),
        rules=found.rules,
        fates=dict(sorted(fates.items())),
    )
