"""Sums of profiles, derived by hand."""

from math import log2

import pytest

from tests.chaos.load_meaning import Facts
from tests.journeys.crowd import DAY_MS, HOUR_MS
from tests.oracle.cases import CUSTOMER, DAY, EMAIL, NOON, VISITOR, facts, oracle, sent


def test_score_halves_in_a_week_and_bots_weigh_nothing() -> None:
    records = sent(
        facts(CUSTOMER, event_id="1", type_="download"),
        facts(CUSTOMER, event_id="2", type_="download", at_ms=NOON - 7 * DAY_MS),
        facts(CUSTOMER, event_id="3", type_="download", bot=True),
        facts(CUSTOMER, event_id="4", channel="emails", type_="unsubscribed"),
        facts(CUSTOMER, event_id="5", channel="calls", type_="answered"),
    )
    expected = oracle(records)
    profile = expected.profiles[f"main|{CUSTOMER}"]
    assert (profile.pos, profile.neg) == ({"visits": 4.5, "calls": 8.0}, {"emails": 50.0})
    assert (profile.touches, profile.bots) == ({"visits": 3, "emails": 1, "calls": 1}, 1)
    assert expected.scale.rank(50.0) == pytest.approx(NOON / (7 * DAY_MS) + log2(50), abs=1e-12)


def test_cap_takes_the_earliest_of_a_day_by_value() -> None:
    def form(event_id: str, at_ms: int, path: str = "/a") -> Facts:
        return facts(CUSTOMER, event_id=event_id, type_="form", at_ms=at_ms, columns={"url_path": path})

    hour = NOON - HOUR_MS
    forms = form("b", NOON), form("a", hour), form("z", hour), form("c", NOON, "/b"), form("d", NOON + DAY_MS)
    profile = oracle(sent(*forms, arrival_ms=DAY + 2 * DAY_MS)).profiles[f"main|{CUSTOMER}"]
    week = 7 * DAY_MS
    parts = (2 ** ((hour - NOON - DAY_MS) / week), 2 ** (-DAY_MS / week), 1)
    assert profile.pos["visits"] == pytest.approx(50 * sum(parts), rel=1e-12)


def test_a_late_touch_does_not_use_up_a_cap() -> None:
    old = facts(VISITOR, event_id="o", at_ms=NOON - 36 * DAY_MS)
    expected = oracle(sent(facts(VISITOR, event_id="y"), old))
    profile = expected.profiles[f"main|{VISITOR}"]
    assert (profile.pos, profile.touches) == ({"visits": 1.0}, {"visits": 2})
    assert sorted(touch.weight for touch in expected.touches.values()) == [0.0, 1.0]
    assert list(expected.pieces) == [(f"main|{VISITOR}", NOON // DAY_MS)]


def test_sources_are_first_and_last_and_traits_are_the_newest() -> None:
    def touch_from(event_id: str, at_ms: int, source: str, **traits: str) -> Facts:
        return facts(CUSTOMER, event_id=event_id, at_ms=at_ms, source=source, page=f"p/{event_id}", traits=traits)

    records = sent(
        touch_from("b", NOON, "ad", name="B", plan="pro"), touch_from("a", NOON, "mail", name="A"),
        touch_from("c", NOON - 5, ""),
        facts(CUSTOMER, event_id="bot", at_ms=NOON + 9, source="bot", bot=True, traits={"name": "Bot"}),
        facts(EMAIL, event_id="d", at_ms=NOON - 1, columns={"country": "DE", "device": "mobile"}),
        facts(CUSTOMER, EMAIL, event_id="e", at_ms=NOON - 9, columns={"device": "tablet"}),
    )  # fmt: skip
    profile = oracle(records).profiles[f"main|{CUSTOMER}"]
    assert profile.first is not None
    assert profile.last is not None
    assert (profile.first.source, profile.last.source, profile.last.page) == ("mail", "ad", "p/b")
    assert (profile.named_traits, profile.country, profile.device) == ({"name": "B", "plan": "pro"}, "DE", "mobile")
    assert (profile.first_seen_ms, profile.last_seen_ms) == (NOON - 9, NOON + 9)
