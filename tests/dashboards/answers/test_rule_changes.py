"""What a change makes of the rules in use."""

import pytest

from dashboards.answers.rule_changes import (
    KnownRule,
    RuleChange,
    Ruleset,
    UnknownChangeError,
    apply_changes,
    as_columns,
    read_changes,
)

FORM = KnownRule("form", "visits", 50, 1)
PAGE, SEARCH = (KnownRule(name, "visits", 1, 20, "pages") for name in ("page_view", "site_search"))
KNOWN = Ruleset((FORM, PAGE, SEARCH), 604_800_000)


def test_points_and_cap_of_one_rule_change() -> None:
    assert apply_changes(KNOWN, [RuleChange("form", 40)]) == (KnownRule("form", "visits", 40, 1),)
    assert apply_changes(KNOWN, [RuleChange("form", 50, 0)]) == (KnownRule("form", "visits", 50, 0),)


def test_cap_of_a_group_is_shared() -> None:
    assert apply_changes(KNOWN, [RuleChange("page_view", 2, 5)]) == (
        KnownRule("page_view", "visits", 2, 5, "pages"),
        KnownRule("site_search", "visits", 1, 5, "pages"),
    )


def test_change_that_changes_nothing_and_unknown_rules_are_left_out() -> None:
    assert apply_changes(KNOWN, [RuleChange("form", 50, 1), RuleChange("none", 3)]) == ()


def test_columns_have_one_value_for_each_rule() -> None:
    assert as_columns((FORM, PAGE)) == {"rules": ["form", "page_view"], "points": [50, 1], "caps": [1, 20]}


def test_changes_are_read() -> None:
    changes = read_changes("form:-0.5:0,page_view:2.25", KNOWN)
    assert changes == [RuleChange("form", -0.5, 0), RuleChange("page_view", 2.25, None)]
    assert read_changes("", KNOWN) == []


@pytest.mark.parametrize("text", [",", "form", "form:", "form:1e5", "form:1:1001", "Form:1", "form:1:2:3", "none:1"])
def test_other_texts_are_no_changes(text: str) -> None:
    with pytest.raises(UnknownChangeError):
        read_changes(text, KNOWN)
