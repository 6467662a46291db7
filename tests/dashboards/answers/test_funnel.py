"""People by step of a funnel."""

import pytest

from dashboards.answers.funnel import FunnelStep, funnel, read_steps, write_steps
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span, UnanswerableError
from tests.dashboards.conftest import Place
from tests.dashboards.stored_touches import DAY_MS, HOUR_MS, NOON_MS, store_chain, store_touches

STEPS = [FunnelStep("visits", "page"), FunnelStep("visits", "custom", "Trial"), FunnelStep("calls")]
SPAN = Span(NOON_MS, NOON_MS + DAY_MS)


def touch(who: str, hours: int, channel: str, type_: str, name: str = "") -> dict[str, object]:
    at_ms = NOON_MS + hours * HOUR_MS
    return {"folded_into": who, "occurred_at": at_ms, "channel": channel, "type": type_, "name": name}


def test_steps_count_in_their_order(place: Place) -> None:
    store_touches(
        place.writer,
        touch("a", 0, "visits", "page"), touch("a", 1, "visits", "custom", "Trial"), touch("a", 2, "calls", "answered"),
        touch("b", 0, "visits", "page"), touch("b", 1, "visits", "custom", "Other"), touch("b", 2, "calls", "missed"),
        touch("c", 1, "visits", "page"), touch("c", 0, "visits", "custom", "Trial"),
        touch("d", 0, "calls", "answered"),
        touch("e", 0, "visits", "page") | {"bot": True},
    )  # fmt: skip
    assert [one.people for one in funnel(place.reader, Scope(), SPAN, STEPS)] == [3, 1, 1]
    assert [one.people for one in funnel(place.reader, Scope(), SPAN, STEPS, window_ms=HOUR_MS)] == [3, 1, 0]
    assert [one.people for one in funnel(place.reader, Scope("other"), SPAN, STEPS)] == [0, 0, 0]


def test_identifiers_of_a_profile_are_one_person(place: Place) -> None:
    """Up to eight links, the longest chain."""
    store_chain(place.writer, [f"n:{level}" for level in range(9)])
    store_chain(place.writer, ["email:a", "anonymous_id:v"])
    store_touches(
        place.writer,
        touch("n:8", 0, "visits", "page"), touch("n:4", 1, "visits", "custom", "Trial"),
        touch("n:0", 2, "calls", "answered"),
        touch("anonymous_id:v", 0, "visits", "page"), touch("email:a", 1, "visits", "custom", "Trial"),
        touch("email:alone", 1, "visits", "page"),
    )  # fmt: skip
    assert [one.people for one in funnel(place.reader, Scope(), SPAN, STEPS)] == [3, 2, 1]


def test_funnels_without_an_answer(place: Place) -> None:
    for steps, why in (
        (STEPS[:1], "2 to 8 steps, this one 1"),
        ([*STEPS, FunnelStep("")], "Step 4 of the funnel says nothing"),
    ):
        with pytest.raises(UnanswerableError, match=why):
            funnel(place.reader, Scope(), SPAN, steps)


def test_steps_are_read_and_written() -> None:
    text = "visits:page,visits:custom:Trial: 1,calls"
    steps = read_steps(text)
    assert steps == [FunnelStep("visits", "page"), FunnelStep("visits", "custom", "Trial: 1"), FunnelStep("calls")]
    assert write_steps(steps) == text
    with pytest.raises(UnanswerableError, match="There is no channel 'fax'"):
        read_steps("visits,fax")
    with pytest.raises(UnanswerableError, match="2 to 8 steps, this one 0"):
        read_steps("")
