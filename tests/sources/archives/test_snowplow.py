"""Snowplow's enriched events."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sources.archives.snowplow import COLUMNS, read_snowplow_archive
from sources.outcome import Emit, Outcome, Reject, Skip
from tests.sources.archives.events import OPTIONS, WHEN_MS, only

PAGE = {
    0: "shop",
    3: "2026-11-30 10:00:03.000",
    4: "2026-11-30 09:00:00.000",
    5: "page_view",
    6: "e1",
    9: "js-3.9.0",
    12: "u1",
    13: "198.51.100.7",
    15: "d1",
    29: "https://shop.example/pricing",
    30: "Pricing",
    31: "https://search.example/",
    77: "Mozilla/5.0",
    83: "de",
    95: "1200",
    96: "700",
    103: "1920",
    104: "1080",
    123: "s1",
    124: "2026-11-30 10:00:00.500",
}
SCHEMA = "iglu:com.snowplowanalytics.snowplow"


def read(*rows: dict[int, str]) -> list[Outcome]:
    texts = ("\t".join(row.get(place, "") for place in range(COLUMNS)) for row in rows)
    return list(read_snowplow_archive([text.encode() + b"\n" for text in texts], OPTIONS))


def test_page_view() -> None:
    page = {"schema": f"{SCHEMA}/web_page/jsonschema/1-0-0", "data": {"id": "p1"}}
    contexts = {"schema": f"{SCHEMA}/contexts/jsonschema/1-0-0", "data": [page]}
    assert only(read({**PAGE, 52: json.dumps(contexts)})) == {
        "event_id": "e1",
        "occurred_at": WHEN_MS,
        "customer_id": "u1",
        "anonymous_id": "d1",
        "library": "snowplow-js",
        "library_version": "3.9.0",
        "type": "page",
        "url": "https://shop.example/pricing",
        "referrer": "https://search.example/",
        "title": "Pricing",
        "screen": "1920x1080",
        "user_agent": "Mozilla/5.0",
        "ip": "198.51.100.7",
        "page_id": "p1",
        "properties": {"app_id": "shop", "session_id": "s1", "locale": "de", "viewport": "1200x700"},
        "source": "archive",
    }


def test_server_tracker_has_the_address_and_agent_of_the_event() -> None:
    touch = only(read({**PAGE, 9: "py-1.0.2"}))
    assert (touch["library"], touch["ip"], touch["user_agent"]) == ("snowplow-py", "198.51.100.7", "Mozilla/5.0")


def test_link_click_structured_event_and_transaction() -> None:
    click = {"schema": f"{SCHEMA}/link_click/jsonschema/1-0-1", "data": {"targetUrl": "https://o.example/"}}
    outer = {"schema": f"{SCHEMA}/unstruct_event/jsonschema/1-0-0", "data": click}
    found = read(
        {**PAGE, 5: "unstruct", 58: json.dumps(outer)},
        {**PAGE, 5: "struct", 53: "shop", 54: "add", 57: "2.5"},
        {**PAGE, 5: "transaction", 59: "O-1", 61: "25.90", 108: "EUR"},
        {**PAGE, 5: "transaction_item", 67: "O-1", 68: "TL-1", 71: "12.95", 72: "2"},
    )
    clicked, structured, placed, item = (one.touch for one in found if isinstance(one, Emit))
    assert (clicked["type"], clicked["name"]) == ("click", "com.snowplowanalytics.snowplow/link_click")
    assert (structured["type"], structured["name"]) == ("custom", "add")
    assert (placed["type"], placed["order_id"], placed["total"], placed["currency"]) == (
        "placed",
        "O-1",
        "25.90",
        "EUR",
    )
    assert item["name"] == "transaction_item"


def test_times_and_reasons() -> None:
    true, arrived, timeless, ping, unknown = read(
        {**PAGE, 130: "2026-11-30 08:00:00"},
        {place: cell for place, cell in PAGE.items() if place not in (4, 124)},
        {place: cell for place, cell in PAGE.items() if place not in (3, 4, 124)},
        {**PAGE, 5: "page_ping"},
        {**PAGE, 5: "ad_impression"},
    )
    assert isinstance(true, Emit)
    assert true.touch["occurred_at"] == 1_796_025_600_000
    assert isinstance(arrived, Emit)
    assert arrived.touch["occurred_at"] == 1_796_032_803_000
    assert isinstance(timeless, Reject)
    assert (timeless.reason, timeless.line_no) == ("no_time", 3)
    assert ping == Skip("page_ping")
    assert isinstance(unknown, Reject)
    assert (unknown.reason, unknown.line_no) == ("unmapped", 5)
    assert "'ad_impression'" in unknown.detail


def test_lines_that_are_no_events_are_rejected() -> None:
    blank, columns, not_utf8 = read_snowplow_archive([b"\n", b"a\tb\n", b"\xff\n"], OPTIONS)
    assert blank == Skip("blank")
    assert isinstance(columns, Reject)
    assert (columns.reason, columns.line_no, columns.detail) == ("columns", 2, "2 columns, not 131: 'a'")
    assert isinstance(not_utf8, Reject)
    assert (not_utf8.reason, not_utf8.line_no) == ("not_utf8", 3)


CELLS = st.one_of(
    st.text(max_size=6), st.sampled_from(["page_view", "unstruct", "struct", "transaction", '{"data": 1}'])
)


@given(st.dictionaries(st.sampled_from(sorted({*PAGE, 52, 54, 58, 59, 61})), CELLS))
def test_any_cells_have_an_outcome(cells: dict[int, str]) -> None:
    clean = {place: cell.replace("\t", " ").replace("\n", " ").replace("\r", " ") for place, cell in cells.items()}
    assert len(read({5: "page_view", 124: "2026-11-30 10:00:00", **clean})) == 1


@given(st.binary(max_size=300))
def test_any_line_has_one_outcome(line: bytes) -> None:
    assert len(list(read_snowplow_archive([line], OPTIONS))) == 1


def test_page_pings_have_the_time_of_their_page_view() -> None:
    page = {"schema": f"{SCHEMA}/web_page/jsonschema/1-0-0", "data": {"id": "p1"}}
    viewed = {**PAGE, 52: json.dumps({"data": [page]})}
    ping = {**viewed, 5: "page_ping", 6: "e2", 124: "2026-11-30 10:00:10.500"}
    outcomes = read(viewed, ping)
    assert [one.touch.get("engaged_ms") for one in outcomes if isinstance(one, Emit)] == [None, 10_000]
