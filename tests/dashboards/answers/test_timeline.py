"""Touches newest first, page by page, each once."""

from random import Random

import pytest

from dashboards.answers.identities import members
from dashboards.answers.scope import Scope
from dashboards.answers.similar_touches import summarise
from dashboards.answers.timeline import Entry, timeline
from sinks.clickhouse.client import Client
from sinks.store.insert import COLUMNS
from tests.dashboards.answers.test_identities import known
from tests.dashboards.conftest import Place
from tests.dashboards.journey import Journey
from tests.dashboards.people import START_MS
from tests.schemas.touches import FULL
from tests.sinks.sample_blocks import make_event

MAIN = Scope()
BUSY = "customer_id:c1"
MAIL = "email:0@example.org"


def test_all_touches_of_all_identifiers_newest_first(lived: Client) -> None:
    mine = [one.identifier for one in members(lived, MAIN, BUSY)]
    expected = lived.query(
        """
        SELECT event_id, toUnixTimestamp64Milli(occurred_at), beyond_window FROM events FINAL
        WHERE tenant = 'main' AND folded_into IN {mine:Array(String)}
        ORDER BY occurred_at DESC, event_id DESC, folded_into, activity_offset DESC
        """,
        parameters={"mine": mine},
    ).result_rows
    found = timeline(lived, MAIN, BUSY, limit=100_000)
    assert [(one.event_id, one.occurred_ms, one.beyond_window) for one in found] == expected
    assert len(found) > 500
    assert {one.channel for one in found} == {"visits", "emails", "calls"}


def test_pages_have_no_gap_and_no_overlap(lived: Client) -> None:
    whole = timeline(lived, MAIN, BUSY, limit=100)
    pages: list[Entry] = []
    while len(pages) < 100:
        at = (pages[-1].occurred_ms, pages[-1].event_id) if pages else (9_000_000_000_000, "")
        pages += timeline(lived, MAIN, BUSY, limit=20, before_ms=at[0], before_id=at[1])
    assert pages == whole


def test_entry_has_the_columns_of_the_touch(lived: Client) -> None:
    found = timeline(lived, MAIN, BUSY, limit=1_000)
    call = next(one for one in found if one.channel == "calls")
    assert call.about["direction"] == "inbound"
    assert isinstance(call.about["duration_s"], float)
    visit = next(one for one in found if one.channel == "visits" and one.type == "page")
    assert str(visit.about["url"]).startswith("https://shop.example/p/")
    assert '"name":"Person' in visit.properties["traits"]
    assert "outcome" not in visit.about
    without_page = next(one for one in found if one.type == "identify")
    assert (without_page.about["name"], without_page.about["app_name"]) == ("Log-in", "Shop")
    assert without_page.about.keys().isdisjoint({"url", "lead_source", "referrer_class"})
    assert summarise(without_page) == "Log-in"


def test_touches_of_one_millisecond_are_ordered_by_id_and_shown_once(place: Place) -> None:
    known(place, ("email:0@example.org", "", 1))
    columns = {"occurred_at": 1_700_000_000_000, "folded_into": "email:0@example.org"}
    rows = [make_event("main", 0, 3 * number, **columns) for number in range(4)]
    for part in (rows, rows[:2]):
        place.writer.raw_insert("events", COLUMNS["events"], b"".join(part), fmt="RowBinary")
    whole = [one.event_id for one in timeline(place.reader, MAIN, "email:0@example.org")]
    assert whole == ["0-9", "0-6", "0-3", "0-0"]
    rest = timeline(place.reader, MAIN, "email:0@example.org", before_ms=1_700_000_000_000, before_id="0-6")
    assert [one.event_id for one in rest] == ["0-3", "0-0"]
    assert timeline(place.reader, MAIN, "email:0@example.org", before_ms=1_700_000_000_000) == []


def test_unknown_profile_has_no_touches(lived: Client) -> None:
    assert timeline(lived, MAIN, "customer_id:nobody") == []


def test_order_is_shown_with_its_amount(place: Place) -> None:
    journey = Journey(Random(1))
    for number, (total, currency) in enumerate((("25.9", "EUR"), ("1500", "JPY"), ("0.1234", ""), (None, "EUR"))):
        order = FULL["orders"] | {"order_id": number, "total": total, "currency": currency, "sent_at": None}
        journey.send("orders", order | {"occurred_at": START_MS + number}, START_MS)
    journey.run()
    journey.store(place.writer)
    found = timeline(place.reader, MAIN, "customer_id:C-1001")
    assert [summarise(one) for one in reversed(found)] == ["25.90 EUR, 0", "1500 JPY, 1", "0.1234, 2", "3"]
    assert found[-1].about["total"] == "25.90"


def test_feedback_is_shown_with_its_scale(place: Place) -> None:
    journey = Journey(Random(1))
    for number, scale in enumerate((10, None)):
        feedback = FULL["feedback"] | {"event_id": number, "scale": scale, "sent_at": None}
        journey.send("feedback", feedback | {"occurred_at": START_MS + number}, START_MS)
    journey.run()
    journey.store(place.writer)
    found = timeline(place.reader, MAIN, "customer_id:C-1001")
    shown = ["9 of 10, nps, Quick and friendly.", "9, nps, Quick and friendly."]
    assert [summarise(one) for one in reversed(found)] == shown


WATCHED = ("email:0@example.org", "anonymous_id:v0")


def page_time(folded_into: str, page_id: str, engaged_ms: int, offset: int) -> list[object]:
    """A row of `page_times`."""
    return ["main", folded_into, page_id, engaged_ms, 0, offset]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 1, 3, 0, 2, 0)])
def test_page_has_the_largest_time_of_its_pings(place: Place, order: tuple[int, ...]) -> None:
    mail, visitor = WATCHED
    known(place, (mail, "", 1), (visitor, mail, 2))
    columns = {"channel": "visits", "folded_into": visitor, "occurred_at": 1_700_000_000_000}
    views: list[dict[str, object]] = [
        {"type": "page", "page_id": "a", "engaged_ms": 700.5},
        {"type": "page", "page_id": "b", "engaged_ms": 90_000.0},
        {"type": "click", "page_id": "a"},
        {"type": "screen", "page_id": "c"},
        {"type": "page", "page_id": ""},
    ]
    rows = [make_event("main", 0, number, **columns, **view) for number, view in enumerate(views)]
    place.writer.raw_insert("events", COLUMNS["events"], b"".join(rows), fmt="RowBinary")
    pings = [
        page_time(visitor, "a", 41_500, 10),
        page_time(visitor, "a", 5_000, 11),
        page_time(mail, "c", 3_000, 12),  # after the visitor has logged in
        page_time("email:other@example.org", "b", 99_000, 13),
    ]
    for number in order:  # a part each
        place.writer.insert("page_times", [pings[number]], column_names=COLUMNS["page_times"])
    found = {one.event_id: one.about.get("engaged_ms") for one in timeline(place.reader, MAIN, mail)}
    assert found == {"0-0": 41_500.0, "0-1": 90_000.0, "0-2": None, "0-3": 3_000.0, "0-4": None}
    listed = place.reader.query("SELECT event_id, engaged_ms FROM page_views").result_rows
    assert dict(listed) == {"0-0": 41_500.0, "0-1": 90_000.0, "0-3": None, "0-4": None}


def test_touches_of_some_channels(lived: Client) -> None:
    whole = timeline(lived, MAIN, BUSY, limit=100_000)
    for channels in (["calls"], ["emails", "visits"]):
        found = timeline(lived, MAIN, BUSY, limit=30, channels=channels)
        assert found == [one for one in whole if one.channel in channels][:30]
    assert timeline(lived, MAIN, BUSY, channels=["no channel"]) == []


def test_more_repeated_rows_than_touches(place: Place) -> None:
    known(place, (MAIL, "", 1))
    place.writer.command("SYSTEM STOP MERGES events")
    rows = [make_event("main", 0, number, folded_into=MAIL) for number in range(3)]
    for _ in range(30):  # a part each
        place.writer.raw_insert("events", COLUMNS["events"], b"".join(rows), fmt="RowBinary")
    assert [one.event_id for one in timeline(place.reader, MAIN, MAIL, limit=3)] == ["0-2", "0-1", "0-0"]
