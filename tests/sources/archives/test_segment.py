"""Archives of Segment and RudderStack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.archives.segment import read_segment_archive
from sources.outcome import Emit, Reject
from tests.sources.archives.events import OPTIONS, WHEN, lines, only
from tests.sources.sdks.payloads import JSON, objects_with

PAGE = {
    "type": "page",
    "messageId": "m1",
    "anonymousId": "a1",
    "userId": "u1",
    "timestamp": WHEN,
    "sentAt": "2020-01-01T00:00:00Z",
    "receivedAt": "2026-11-30T10:00:01Z",
    "context": {
        "ip": "198.51.100.7",
        "userAgent": "Mozilla/5.0 (X11)",
        "library": {"name": "analytics.js", "version": "next-1.70.0"},
        "page": {"url": "https://shop.example/pricing", "referrer": "$direct", "title": "Pricing"},
    },
}


def test_page_of_a_browser_has_the_visitors_address_and_agent() -> None:
    assert only(list(read_segment_archive(lines(PAGE), OPTIONS))) == {
        "event_id": "m1",
        "occurred_at": WHEN,
        "customer_id": "u1",
        "anonymous_id": "a1",
        "library": "analytics.js",
        "library_version": "next-1.70.0",
        "type": "page",
        "url": "https://shop.example/pricing",
        "title": "Pricing",
        "user_agent": "Mozilla/5.0 (X11)",
        "ip": "198.51.100.7",
        "source": "archive",
    }


def test_order_and_address_of_rudderstack() -> None:
    event = {
        **PAGE,
        "type": "track",
        "event": "Order Completed",
        "properties": {"order_id": "O-1", "total": 25.9, "currency": "EUR"},
        "request_ip": "203.0.113.9",
        "context": {"library": {"name": "RudderLabs JavaScript SDK"}},
    }
    touch = only(list(read_segment_archive(lines(event), OPTIONS)))
    assert (touch["type"], touch["total"], touch["currency"]) == ("placed", "25.9", "EUR")
    page = only(list(read_segment_archive(lines({**event, "type": "page", "event": ""}), OPTIONS)))
    assert page["ip"] == "203.0.113.9"


def test_time_of_arrival_counts_for_an_event_without_its_own() -> None:
    without = {name: value for name, value in PAGE.items() if name != "timestamp"}
    assert only(list(read_segment_archive(lines(without), OPTIONS)))["occurred_at"] == 1_796_032_801_000
    del without["receivedAt"]
    (refused,) = read_segment_archive(lines(without), OPTIONS)
    assert isinstance(refused, Reject)
    assert refused.reason == "no_time"


@pytest.mark.parametrize("event", [{"type": "nonsense"}, {"type": "track"}, {"type": "group"}, {}])
def test_event_that_cannot_be_mapped_is_rejected(event: dict[str, object]) -> None:
    (refused,) = read_segment_archive(lines({**event, "timestamp": WHEN, "writeKey": "secret"}), OPTIONS)
    assert isinstance(refused, Reject)
    assert refused.reason == "unmapped"
    assert "secret" not in refused.detail


@given(
    objects_with(
        type=st.sampled_from(["page", "track", "identify", "group", "alias", "screen"]),
        event=st.text(max_size=5),
        timestamp=st.just(WHEN),
        receivedAt=st.just(WHEN),
        context=JSON,
        properties=JSON,
    )
)
def test_any_event_has_outcomes(event: dict[str, object]) -> None:
    found = list(read_segment_archive(lines(event), OPTIONS))
    assert found
    for one in found:
        if isinstance(one, Emit):
            assert one.touch["occurred_at"] not in ("", None)  # intake refuses what is no time
            assert one.touch["type"]


@given(st.binary(max_size=200))
def test_any_line_has_one_outcome(line: bytes) -> None:
    assert len(list(read_segment_archive([line], OPTIONS))) == 1
