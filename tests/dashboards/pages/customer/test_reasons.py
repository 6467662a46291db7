"""Sums by rule as the page shows them."""

from dashboards.answers.weighing import Fate, RuleSum
from dashboards.pages.customer.reasons import left_out, reasons_of


def rule(name: str, fate: Fate, touches: int, weights: float, left: float) -> RuleSum:
    return RuleSum("visits", name, fate, touches, weights, max(left, 0), max(-left, 0), 20, 1, 2)


RULES = (
    rule("form", "counted", 1, 50.0, 40.0),
    rule("page_view", "counted", 20, 20.0, 10.0),
    rule("left", "counted", 1, -10.0, -5.0),
    rule("page_view", "capped", 4, 4.0, 0.0),
    rule("", "weightless", 1_200, 0.0, 0.0),
)


def test_reasons_have_shares_of_the_longest() -> None:
    form, pages, left = reasons_of(RULES)
    assert (form.rule, form.was, form.share) == ("form", 1.0, 0.8)
    assert (pages.rule, pages.was, pages.share, pages.capped) == ("page view", 0.4, 0.2, 4)
    assert (left.left, left.share) == (-5.0, 0.1)
    assert reasons_of(()) == []


def test_touches_without_points_are_named() -> None:
    assert left_out(RULES) == "1\u2009200 without a rule, 4 over a daily cap"
    assert left_out(RULES[:1]) == ""
