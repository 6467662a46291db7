"""Touches in words with their points, page by page."""

import pytest

from dashboards.answers.explain import explain
from dashboards.answers.identities import identifiers_of
from dashboards.answers.scope import Scope
from dashboards.answers.timeline import timeline
from dashboards.answers.touches import Cursor, Touch, touch_page, weighed_page
from dashboards.answers.weighing import weigh
from sinks.clickhouse.client import Client
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()
BUSY = "customer_id:c1"


@pytest.fixture(scope="module")
def identifiers(lived: Client) -> list[str]:
    return identifiers_of(lived, MAIN, BUSY)


def test_pages_have_all_touches_with_their_points(lived: Client, identifiers: list[str]) -> None:
    found: list[Touch] = []
    after: Cursor | None = Cursor()
    while after:
        page = touch_page(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=150, after=after)
        found += page.touches
        after = page.older
    whole = timeline(lived, MAIN, BUSY, limit=100_000)
    assert [(one.event_id, one.occurred_ms, one.folded_into) for one in found] == [
        (one.event_id, one.occurred_ms, one.folded_into) for one in whole
    ]
    explained = explain(lived, MAIN, BUSY, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert sum(one.left for one in found) == pytest.approx(explained.summed.net, rel=1e-9)
    assert {one.fate for one in found} == explained.fates.keys()
    assert all((one.gave != 0) is (one.fate == "counted") for one in found)
    assert "Sent a form" in " ".join(one.title for one in found)


def test_pages_of_touches_of_one_millisecond(lived: Client, identifiers: list[str]) -> None:
    whole = touch_page(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=20)
    newest = whole.touches[0].occurred_ms
    rest = touch_page(
        lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=19, after=Cursor(newest, 1)
    )
    assert rest.touches == whole.touches[1:]
    assert rest.older == whole.older


def test_touches_of_a_channel(lived: Client, identifiers: list[str]) -> None:
    page = touch_page(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=9, channels=["calls"])
    assert {one.channel for one in page.touches} == {"calls"}
    assert page.older is not None


def test_sums_of_all_times_come_with_a_page(lived: Client, identifiers: list[str]) -> None:
    page, rules = weighed_page(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=5)
    assert rules == weigh(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS).rules
    alone = touch_page(lived, MAIN, identifiers, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=5)
    assert alone == page
    nothing = touch_page(lived, MAIN, ["customer_id:nobody"], at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert (nothing.touches, nothing.older) == ((), None)
