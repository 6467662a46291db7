"""Scores under changed rules, computed from stored touches: nothing is changed.

Every touch keeps the rule that it matched, so points, caps and half-life can change, but not conditions. Touches that
are older than `HALF_LIVES` half-lives are left out: each has at most 1/1024 of its points left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from dashboards.answers.clear import Clear
from dashboards.answers.names_by_hash import Named, names_by_hash
from dashboards.answers.rule_changes import KnownRule, Ruleset, as_columns
from dashboards.answers.run_query import Client, read, read_one
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE
from schemas.time import DAY_MS

BOUNDS: Final = (0.0, 1.0, 5.0, 10.0, 25.0, 50.0, HOT_SCORE, 200.0, 500.0)  # of the levels of the distribution
SHOWN: Final = 20  # profiles that enter or leave, as in what_if_scores.sql
HALF_LIVES: Final = 10
LONGEST_DAYS: Final = 400  # of touches that are read, however long the half-life is
RULE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class RuleEffect:
    """Touches of a rule within `RULE_DAYS` days, how many count, and their points before decay; the same as changed.

    `name` is empty for touches that match no rule.
    """

    channel: Clear
    name: Clear
    touches: int
    counted: int
    points: float
    new_counted: int
    new_points: float


@dataclass(frozen=True, slots=True)
class Level:
    """How many profiles have a score of at least `least` (None: below 0) and below that of the next level."""

    least: float | None
    profiles: int
    new_profiles: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """A profile that becomes hot by the change, or is hot no longer."""

    profile: str
    name: str
    score: float
    new_score: float


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Scores before and after. `entering` and `leaving` list at most `SHOWN` of those that become hot or stop it.

    Touches since `since_ms` were read, of `profiles` profiles; `remaining` is the largest share of its points that an
    older touch has left, under the longer half-life.
    """

    at_ms: int
    since_ms: int
    remaining: float
    profiles: int
    levels: tuple[Level, ...]
    hot: int
    new_hot: int
    enter: int
    leave: int
    entering: tuple[Crossing, ...]
    leaving: tuple[Crossing, ...]


def what_if(
    client: Client, scope: Scope, known: Ruleset, changed: Sequence[KnownRule], *, at_ms: int, half_life_ms: int
) -> WhatIf:
    """Return the scores now, and those under the changed rules (`apply_changes`) and half-life."""
    longer_ms = max(known.half_life_ms, half_life_ms)
    days = min(ceil(HALF_LIVES * longer_ms / DAY_MS), LONGEST_DAYS)
    since_ms = _day_before(at_ms, days)
    row = read_one(
        client,
        "what_if_scores",
        tenant=scope.tenant,
        since_ms=since_ms,
        at_ms=at_ms,
        half_life_ms=known.half_life_ms,
        new_half_life_ms=half_life_ms,
        bounds=list(BOUNDS),
        hot=HOT_SCORE,
        **as_columns(changed),
    )
    if row is None:
        raise AssertionError("a sum without GROUP BY has one row")
    names = names_by_hash(client, scope, [one[1] for one in (*row["entering_first"], *row["leaving_first"])])
    return WhatIf(
        at_ms=at_ms,
        since_ms=since_ms,
        remaining=0.5 ** (days * DAY_MS / longer_ms),
        profiles=row["profiles"],
        levels=_levels(row["levels"], row["new_levels"]),
        hot=row["hot"],
        new_hot=row["new_hot"],
        enter=row["entering"],
        leave=row["leaving"],
        entering=tuple(
            _crossing(names.get(id_), one, score, -negated) for negated, id_, one, score in row["entering_first"]
        ),
        leaving=tuple(
            _crossing(names.get(id_), one, -negated, score) for negated, id_, one, score in row["leaving_first"]
        ),
    )


def _crossing(named: Named | None, identifier: str, score: float, new_score: float) -> Crossing:
    profile, name = named or (identifier, "")
    return Crossing(profile, name, score, new_score)


def rule_effects(client: Client, scope: Scope, changed: Sequence[KnownRule], *, at_ms: int) -> list[RuleEffect]:
    """Return the sums of each rule that has touches, those with the most touches first."""
    found = read(
        client, "what_if_rules", tenant=scope.tenant, since_ms=_day_before(at_ms, RULE_DAYS), **as_columns(changed)
    )
    return [RuleEffect(**row) for row in found]


def _day_before(at_ms: int, days: int) -> int:
    """Return the start of a UTC day, because caps count by day."""
    return at_ms // DAY_MS * DAY_MS - days * DAY_MS


def _levels(before: Mapping[int, int], after: Mapping[int, int]) -> tuple[Level, ...]:
    return tuple(
        Level(least, before.get(number, 0), after.get(number, 0)) for number, least in enumerate((None, *BOUNDS))
    )
