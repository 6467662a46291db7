"""Payloads of SDKs: what is read, and what becomes durable."""

import gzip
import json
import math
from typing import Any

import pytest

from sources.collected import Collected
from sources.collector.keys.entry import KeyEntry
from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Request
from sources.collector.sdk_payload import MOST_EVENTS, client_of, deliver_outcomes, encode_event, read_payload
from sources.sdks.client import Client
from sources.sdks.outcome import Skipped, SkipReason, Unmapped
from tests.sources.collector.running import ENTRY, KEY, make_services

LIMIT = 1_000


def make_request(body: bytes = b"", **headers: str) -> Request:
    """Return a request with a body."""
    fields = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
    return Request("POST", "/v1/batch", b"", fields, body, "192.0.2.10", 1_796_100_000_000)


@pytest.mark.parametrize(
    ("body", "headers", "payload"),
    [
        (b'{"a": 1}', {}, {"a": 1}),
        (b'{"a": 1}', {"content_type": "text/plain"}, {"a": 1}),
        (gzip.compress(b'{"a": 1}', mtime=0), {"content_encoding": "gzip"}, {"a": 1}),
        (gzip.compress(b'{"a": 1}', mtime=0), {"content_type": "application/x-www-form-urlencoded"}, {"a": 1}),
        (b'{"a": "\\ud800"}', {}, {"a": "\ud800"}),
        (b'{"a": Infinity}', {}, {"a": math.inf}),
        (b"7", {}, 7),
    ],
)
def test_what_is_read(body: bytes, headers: dict[str, str], payload: object) -> None:
    assert read_payload(make_request(body, **headers), LIMIT) == payload


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", RefusalReason.NOT_JSON),
        (b"{", RefusalReason.NOT_JSON),
        (b'{"a": "\xff"}', RefusalReason.NOT_JSON),
        (b"[" * 101 + b"]" * 101, RefusalReason.TOO_DEEP),
        (b"[" * 100_000, RefusalReason.TOO_DEEP),
        (gzip.compress(b" " * (LIMIT + 1), mtime=0), RefusalReason.TOO_LARGE),
        (b"\x1f\x8b\x08", RefusalReason.BAD_ENCODING),
    ],
)
def test_what_is_refused(body: bytes, reason: RefusalReason) -> None:
    refused = read_payload(make_request(body, content_encoding="identity"), LIMIT)
    assert isinstance(refused, Refusal)
    assert refused.reason is reason


@pytest.mark.parametrize("form", [b"[%s]", b'{"sentAt":1,"batch":[%s]}'])
def test_more_events_than_an_sdk_sends_are_refused(form: bytes) -> None:
    for events, refused in ((MOST_EVENTS, False), (MOST_EVENTS + 1, True)):
        payload = read_payload(make_request(form % b",".join([b"{}"] * events)), 1_000_000)
        assert (payload == Refusal(RefusalReason.TOO_LARGE, "more than 10000 events; send smaller batches")) is refused


def test_the_client_of_a_request() -> None:
    server = client_of(make_request(user_agent="node"))
    assert server == Client("192.0.2.10", "node", False, 1_796_100_000_000)
    assert client_of(make_request(origin="https://shop.example.org")).is_browser


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "a", "tenant": "other", "received_at": 5}, {"type": "a", "tenant": "main"}),
        ({"url": f"https://a.example/?k={KEY}", "writeKey": KEY}, {"url": "https://a.example/?k=[write key]"}),
        ({"name": "\ud800"}, {"name": "\ud800"}),
        (["\ud800", KEY], ["\ud800", "[write key]"]),
        (7, 7),
        (None, None),
    ],
)
def test_encoded_events(event: object, expected: Any) -> None:
    decoded = json.loads(encode_event(event, {"tenant": "main"}, KEY))
    assert decoded == ({**expected, "tenant": "main"} if isinstance(expected, dict) else expected)


def test_a_number_that_json_does_not_have_is_left_to_intake() -> None:
    assert b"NaN" in encode_event({"properties": {"n": math.nan}}, {}, KEY)


def touch(channel: str, **fields: object) -> Collected:
    """Return a touch."""
    return Collected(channel, {"event_id": "e", **fields})


async def test_every_outcome_is_delivered_or_counted() -> None:
    services, sink = make_services()
    entry = KeyEntry("k", "tenant-a", "app", ("visits",), (), 0, 0)
    outcomes = [
        touch("visits", type="custom"),
        touch("orders", type="paid"),
        Unmapped("visits", {"type": "x", "tenant": "other"}),
        Skipped(SkipReason.PAGE_PING),
        touch("visits", text="x" * 1_000_000),
    ]
    assert await deliver_outcomes(make_request(), services, entry, outcomes, KEY) is None
    assert sink.touches == [
        {"event_id": "e", "type": "custom", "tenant": "tenant-a", "source": "app"},
        {"type": "x", "tenant": "tenant-a", "source": "app"},
    ]
    assert [record.topic for record in sink.records] == ["visits", "visits"]
    assert {record.received_at_ms for record in sink.records} == {1_796_100_000_000}
    metrics = services.metrics
    assert metrics.touches["visits", "accepted"] == 2
    assert metrics.rejected["orders", "channel_not_allowed"] == 1
    assert metrics.rejected["visits", "too_large"] == 1
    assert metrics.skipped["page_ping",] == 1


async def test_a_sink_that_is_away_is_a_refusal_to_be_repeated() -> None:
    services, sink = make_services()
    sink.away = "Kafka does not answer"
    refused = await deliver_outcomes(make_request(), services, ENTRY, [touch("visits")], KEY)
    assert refused is not None
    assert (refused.reason, refused.retry_after_s) == (RefusalReason.SINK_UNAVAILABLE, 3)
    assert services.metrics.touches["visits", "accepted"] == 0


async def test_the_rate_of_a_key() -> None:
    services, sink = make_services()
    entry = KeyEntry("k", "main", "app", (), (), 1, 0)
    assert await deliver_outcomes(make_request(), services, entry, [touch("visits")] * 5, KEY) is None
    refused = await deliver_outcomes(make_request(), services, entry, [touch("visits")], KEY)
    assert refused is not None
    assert refused.reason is RefusalReason.RATE_LIMITED
    assert len(sink.records) == 5
