"""The table of rules."""

from dashboards.answers.rule_changes import KnownRule, RuleChange, Ruleset, apply_changes
from dashboards.answers.rule_lines import rule_lines
from dashboards.answers.what_if import RuleEffect

FORM, PAGE = KnownRule("form", "visits", 50, 1), KnownRule("page_view", "visits", 1, 20, "pages")
KNOWN = Ruleset((FORM, PAGE), 604_800_000)


def test_rules_in_use_come_first_then_what_else_touches_have() -> None:
    effects = [
        RuleEffect("visits", "former", 7, 7, 7.0, 7, 7.0),
        RuleEffect("visits", "", 9, 0, 0.0, 0, 0.0),
        RuleEffect("visits", "page_view", 100, 90, 90.0, 95, 190.0),
    ]
    lines = rule_lines(KNOWN, apply_changes(KNOWN, [RuleChange("page_view", 2, 30)]), effects)
    assert [(one.name, one.in_use, one.touches) for one in lines] == [
        ("form", True, 0),
        ("page_view", True, 100),
        ("former", False, 7),
        ("", False, 9),
    ]
    page = lines[1]
    assert (page.points, page.cap, page.new_points, page.new_cap) == (1, 20, 2, 30)
    assert (page.counted, page.total, page.new_counted, page.new_total) == (90, 90.0, 95, 190.0)
    assert [one.is_changed for one in lines] == [False, True, False, False]
