"""Rules and scores of one question."""

from dataclasses import replace

from dashboards.answers.rule_changes import KnownRule, RuleChange, Ruleset, apply_changes
from dashboards.answers.rule_comparison import compare_rules, read_rule_table
from dashboards.answers.rule_lines import rule_lines
from dashboards.answers.scope import Scope
from dashboards.answers.what_if import WhatIf, rule_effects, what_if
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()
KNOWN = Ruleset((KnownRule("form", "visits", 12.5),), HALF_LIFE_MS)


def _rounded(scores: WhatIf) -> WhatIf:
    """Return scores without the last digits, which depend on the order in which the engine's threads add them up."""
    entering, leaving = (
        tuple(replace(one, score=round(one.score, 6), new_score=round(one.new_score, 6)) for one in side)
        for side in (scores.entering, scores.leaving)
    )
    return replace(scores, entering=entering, leaving=leaving)


def test_comparison_has_rules_and_scores_of_the_same_changes(lived: Client) -> None:
    changes = [RuleChange("form", 900)]
    changed = apply_changes(KNOWN, changes)
    found = compare_rules(lived, MAIN, KNOWN, changes, at_ms=END_MS, half_life_ms=2 * HALF_LIFE_MS)
    assert found.rules == rule_lines(KNOWN, changed, rule_effects(lived, MAIN, changed, at_ms=END_MS))
    scores = what_if(lived, MAIN, KNOWN, changed, at_ms=END_MS, half_life_ms=2 * HALF_LIFE_MS)
    assert _rounded(found.scores) == _rounded(scores)
    assert read_rule_table(lived, MAIN, KNOWN, at_ms=END_MS).rules[0].total == found.rules[0].total > 0
