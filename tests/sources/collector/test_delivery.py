"""Touches of adapters: stamped, without write keys, and durable before they are counted."""

import json

from sources.collected import Collected
from sources.collector.delivery import deliver
from sources.collector.keys.entry import KeyEntry
from sources.collector.origin import origin_of
from sources.collector.refusal import Refusal, RefusalReason
from sources.collector.request import Request
from tests.sources.collector.running import ENTRY, KEY, MemorySink, make_services

REQUEST = Request("POST", "/v1/track", b"", {}, b"", "198.51.100.7", 1_700_000_000_000)
ORIGIN = origin_of(ENTRY, REQUEST)


def touch(n: int, **fields: object) -> Collected:
    return Collected("visits", {"type": "custom", "event_id": f"e{n}", "occurred_at": 1_700_000_000_000, **fields})


async def send(*touches: Collected, entry: KeyEntry = ENTRY) -> tuple[int | Refusal, MemorySink, dict[object, int]]:
    services, sink = make_services()
    found = await deliver(REQUEST, services, entry, touches, ORIGIN, KEY)
    return found, sink, {**services.metrics.touches, **services.metrics.rejected}


async def test_touches_get_the_fields_of_the_key_and_lose_the_key() -> None:
    found, sink, counts = await send(touch(1, tenant="x", properties={"writeKey": KEY, "plan": "pro"}), touch(2))
    assert found == 2
    assert sink.touches[0]["tenant"] == "main"
    assert sink.touches[0]["source"] == "shop"
    assert sink.touches[0]["properties"] == {"plan": "pro"}
    assert {(record.topic, record.received_at_ms) for record in sink.records} == {("visits", 1_700_000_000_000)}
    assert counts == {("visits", "accepted"): 2}


async def test_a_touch_that_cannot_be_sent_is_left_out() -> None:
    large, infinite = touch(1, properties={"text": "x" * 40_000}), touch(2, properties={"x": float("inf")})
    found, sink, counts = await send(large, infinite, touch(3))
    assert found == 1
    assert [one["event_id"] for one in sink.touches] == ["e3"]
    assert counts[("visits", "too_large")] == counts[("visits", "not_finite")] == 1


async def test_channels_of_the_key() -> None:
    entry = KeyEntry("k", "main", "shop", ("emails",), (), 0, 0)
    found, sink, counts = await send(touch(1), entry=entry)
    assert (found, sink.records) == (0, [])
    assert counts[("visits", "channel_not_allowed")] == 1


async def test_the_rate_of_the_key_refuses_the_whole_request() -> None:
    services, sink = make_services()
    entry = KeyEntry("k", "main", "shop", (), (), 1, 0)
    assert await deliver(REQUEST, services, entry, [touch(n) for n in range(5)], ORIGIN, KEY) == 5
    refusal = await deliver(REQUEST, services, entry, [touch(9)], ORIGIN, KEY)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefusalReason.RATE_LIMITED
    assert refusal.retry_after_s >= 1
    assert len(sink.records) == 5


async def test_a_sink_that_is_away_refuses_the_whole_request() -> None:
    services, sink = make_services()
    sink.away = "Kafka is away"
    refusal = await deliver(REQUEST, services, ENTRY, [touch(1)], ORIGIN, KEY)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.retry_after_s) == (RefusalReason.SINK_UNAVAILABLE, 3)
    assert sum(services.metrics.touches.values()) == 0


async def test_records_that_kafka_refuses_are_counted_as_rejected() -> None:
    services, sink = make_services()
    sink.largest_bytes = 1_000
    touches = [touch(1), touch(2, title="x" * 2_000), touch(3)]
    assert await deliver(REQUEST, services, ENTRY, touches, ORIGIN, KEY) == 2
    assert services.metrics.touches == {("visits", "accepted"): 2, ("visits", "rejected"): 1}
    assert [json.loads(record.value)["event_id"] for record in sink.records] == ["e1", "e3"]
