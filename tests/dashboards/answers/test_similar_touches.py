"""Grouping of similar touches of a timeline."""

from dataclasses import replace

from dashboards.answers.similar_touches import group_similar, summarise, with_count
from dashboards.answers.timeline import Entry

ONE = Entry(
    event_id="1", channel="emails", type="sent", occurred_ms=1_000, received_ms=2_000, folded_into="email:a",
    identifiers=("email:a",), flags=(), bot=False, too_late=False, beyond_window=False, weight=1.0, rule="sent",
    about={"subject": "Spring"}, properties={},
)  # fmt: skip


def test_similar_touches_are_grouped_with_a_count() -> None:
    again, later, heavier = replace(ONE, event_id="2"), replace(ONE, occurred_ms=2_000), replace(ONE, weight=2.0)
    assert group_similar([ONE, again, later, heavier, heavier]) == [(ONE, 2), (later, 1), (heavier, 2)]
    assert group_similar([ONE, later, ONE]) == [(ONE, 1), (later, 1), (ONE, 1)]  # only neighbours
    assert group_similar([]) == []


def test_visible_difference_separates_touches() -> None:
    for other in (replace(ONE, bot=True), replace(ONE, about={"subject": "Other"}), replace(ONE, flags=("past",))):
        assert group_similar([ONE, other]) == [(ONE, 1), (other, 1)]


def test_summary_of_a_touch() -> None:
    assert summarise(ONE) == "Spring"
    assert summarise(replace(ONE, about={})) == "-"


def test_count_is_shown_only_above_1() -> None:
    assert (with_count("sent", 1), with_count("sent", 10)) == ("sent", "sent ×10")
