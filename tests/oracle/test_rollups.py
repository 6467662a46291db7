"""Rollups of touches, derived by hand."""

from tests.journeys.crowd import DAY_MS, MINUTE_MS
from tests.oracle.cases import CUSTOMER, EMAIL, NOON, PHONE, VISITOR, facts, oracle, sent
from tests.oracle.rollups import Between, Calls, Rollup, lowest, quality_of, waited_s


def test_rollups_include_every_touch() -> None:
    german = {"country": "DE"}
    records = sent(
        facts(CUSTOMER, event_id="1"), facts(event_id="2", at_ms=NOON + MINUTE_MS - 1),
        facts(event_id="3", at_ms=NOON + MINUTE_MS, bot=True), facts(EMAIL, event_id="4", columns=german),
    )  # fmt: skip
    expected = oracle(records)
    minute, page = ("main", NOON, "visits", "page"), ("visits", "page", "", "", "")
    assert expected.rollups.minutes == {
        minute: Rollup(3, 0, 3.0),
        ("main", NOON + MINUTE_MS, *minute[2:]): Rollup(1, 1, 0.0),
    }
    assert expected.rollups.hours == {
        ("main", NOON, *page, ""): Rollup(3, 1, 2.0),
        ("main", NOON, *page, "DE"): Rollup(1, 0, 1.0),
    }


def test_campaigns_count_touches_with_a_source_and_know_who_left() -> None:
    news, other = {"lead_source": "news"}, {"lead_source": "other"}
    records = sent(
        facts(CUSTOMER, event_id="1", columns=news), facts(VISITOR, event_id="2", type_="form", columns=news),
        facts(EMAIL, event_id="3"), facts(EMAIL, event_id="4", revision=1, columns=news),
        facts(EMAIL, event_id="4", revision=2, columns=other),
    )  # fmt: skip
    campaigns = oracle(records).rollups.campaigns
    rows = {key[3]: row.columns() for key, row in campaigns.items()}
    assert (rows["news"]["touches"], rows["news"]["forms"]) == (2, 1)
    assert (rows["news"]["people"], rows["news"]["identified"]) == (Between(2, 3), Between(1, 2))
    assert lowest(campaigns["main", NOON // DAY_MS, "visits", "other", "", "", "", "", "", ""])["people"] == 1


def test_calls_are_counted_by_their_waiting() -> None:
    call = {"queue": "sales", "wait_s": 20.5, "duration_s": 1.5}
    records = sent(facts(PHONE, channel="calls", type_="answered", columns=call))
    assert oracle(records).rollups.calls == {
        ("main", NOON, "inbound", "answered", "sales", "", 21): Calls(touches=1, talked_ms=1500)
    }
    assert [waited_s({"wait_s": one}) for one in (None, 0.0, 120.0, 121.0, 1201.0)] == [-1, 0, 120, 130, 1260]


def test_quality_is_by_the_arrival_of_the_stored_copy() -> None:
    expected = oracle(sent(facts(event_id="1"), facts(VISITOR, event_id="2", junk=True)))
    found = quality_of((touch, touch.one) for touch in expected.touches.values())
    assert [(key[4], row.touches, row.anonymous, row.without_identifier) for key, row in found.items()] == [
        ("", 1, 0, 1), ("junk_identifier", 1, 1, 0)]  # fmt: skip
    assert {row.newest for row in found.values()} == {sent(facts())[0].timestamp_ms}
