"""Rules and scores as they are and as changed: what the endpoint and the page of rules show."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.answers.rule_changes import RuleChange, Ruleset, apply_changes
from dashboards.answers.rule_lines import RuleLine, rule_lines
from dashboards.answers.run_query import Client
from dashboards.answers.scope import Scope
from dashboards.answers.what_if import WhatIf, rule_effects, what_if


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules in use, with the half-life of scores."""

    half_life_ms: int
    rules: list[RuleLine]


@dataclass(frozen=True, slots=True)
class RuleComparison:
    """Rules and scores, as they are and as changed."""

    half_life_ms: int
    new_half_life_ms: int
    rules: list[RuleLine]
    scores: WhatIf


def read_rule_table(client: Client, scope: Scope, known: Ruleset, *, at_ms: int) -> RuleTable:
    """Return the rules in use with the sums of their touches."""
    return RuleTable(known.half_life_ms, rule_lines(known, (), rule_effects(client, scope, (), at_ms=at_ms)))


def compare_rules(
    client: Client, scope: Scope, known: Ruleset, changes: Iterable[RuleChange], *, at_ms: int, half_life_ms: int
) -> RuleComparison:
    """Return rules and scores as they are, and with changes and another half-life."""
    changed = apply_changes(known, changes)
    return RuleComparison(
        known.half_life_ms,
        half_life_ms,
        rule_lines(known, changed, rule_effects(client, scope, changed, at_ms=at_ms)),
        what_if(client, scope, known, changed, at_ms=at_ms, half_life_ms=half_life_ms),
    )
