"""Rollups of a site, derived by hand."""

from tests.journeys.crowd import MINUTE_MS
from tests.oracle.cases import CUSTOMER, EMAIL, NOON, facts, oracle, sent
from tests.oracle.site import Rollup


def test_rollups_include_every_touch() -> None:
    german = {"country": "DE"}
    records = sent(
        facts(CUSTOMER, event_id="1"), facts(event_id="2", at_ms=NOON + MINUTE_MS - 1),
        facts(event_id="3", at_ms=NOON + MINUTE_MS, bot=True), facts(EMAIL, event_id="4", columns=german),
    )  # fmt: skip
    expected = oracle(records)
    minute, page = ("main", NOON, "visits", "page"), ("visits", "page", "", "", "")
    assert expected.minutes == {minute: Rollup(3, 0, 3.0), ("main", NOON + MINUTE_MS, *minute[2:]): Rollup(1, 1, 0.0)}
    assert expected.hours == {
        ("main", NOON, *page, ""): Rollup(3, 1, 2.0),
        ("main", NOON, *page, "DE"): Rollup(1, 0, 1.0),
    }
