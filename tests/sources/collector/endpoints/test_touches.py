"""`POST /v1/touches`: a result for each touch, and only what is valid reaches the sink."""

import asyncio
import gzip
import json
from typing import Any

import pytest
import zstandard

from sources.collector.config import CollectorConfig
from sources.collector.keys.entry import KeyEntry
from tests.sources.collector.running import KEY, running_collector

URL = "https://shop.example.org/pricing?utm_source=news"
PAGE: dict[str, Any] = {"type": "page", "occurred_at": "2026-11-30T10:00:00Z", "url": URL, "anonymous_id": "a1"}
CALL: dict[str, Any] = {
    "type": "missed",
    "occurred_at": 1_780_000_000_000,
    "direction": "inbound",
    "phone": "+4930901820",
}
EMAILS_ONLY = KeyEntry("k-mail", "acme", "mailer", ("emails",), (), 0, 0)
SLOW = KeyEntry("k-slow", "main", "shop", (), (), 1, 0)


async def test_a_touch_is_stamped_and_sent_on() -> None:
    async with running_collector(CollectorConfig(topic_prefix="t-")) as collector:
        reply = await collector.post("/v1/touches?channel=visits", PAGE)
        assert (reply.status, reply.json) == (200, {"accepted": 1, "results": [{"status": "accepted"}]})
        (record,) = collector.sink.records
        touch = json.loads(record.value)
    assert record.topic == "t-visits"
    assert touch.pop("event_id").endswith("-0")
    assert touch == PAGE | {"tenant": "main", "source": "shop"}


FORMS = [
    ("array", json.dumps([PAGE, PAGE]).encode(), "?channel=visits"),
    ("lines", (json.dumps(PAGE) + "\n" + json.dumps(PAGE)).encode(), "?channel=visits"),
    ("envelope", json.dumps({"channel": "visits", "touches": [PAGE, PAGE]}).encode(), ""),
    ("fields", json.dumps([PAGE | {"channel": "visits"}] * 2).encode(), ""),
    ("field before query", json.dumps([PAGE | {"channel": "visits"}] * 2).encode(), "?channel=calls"),
]


@pytest.mark.parametrize(("body", "query"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS])
async def test_forms_of_a_batch(body: bytes, query: str) -> None:
    async with running_collector() as collector:
        reply = await collector.post(f"/v1/touches{query}", body)
        assert (reply.status, reply.json["accepted"]) == (200, 2)
        assert [record.topic for record in collector.sink.records] == ["visits", "visits"]
        assert all("channel" not in touch for touch in collector.sink.touches)
        assert len({touch["event_id"] for touch in collector.sink.touches}) == 2


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("encoding", ["", "gzip", "zstd"])
async def test_content_types_and_encodings(content_type: str, encoding: str) -> None:
    body = json.dumps(PAGE).encode()
    packed = {"": body, "gzip": gzip.compress(body), "zstd": zstandard.compress(body)}[encoding]
    async with running_collector() as collector:
        headers = {"content-type": content_type} | ({"content-encoding": encoding} if encoding else {})
        assert (await collector.post("/v1/touches?channel=visits", packed, headers)).status == 200


async def test_a_bad_touch_fails_no_other() -> None:
    bad = PAGE | {"occurred_at": "yesterday"}
    async with running_collector() as collector:
        reply = await collector.post("/v1/touches?channel=visits", [PAGE, bad, PAGE])
        assert (reply.status, reply.json["accepted"]) == (200, 2)
        assert [one["status"] for one in reply.json["results"]] == ["accepted", "rejected", "accepted"]
        assert (reply.json["results"][1]["index"], len(collector.sink.records)) == (1, 2)
        assert collector.services.metrics.touches["visits", "rejected"] == 1


async def test_no_accepted_touch_is_422() -> None:
    async with running_collector() as collector:
        reply = await collector.post("/v1/touches?channel=visits", {"type": "page"})
        assert (reply.status, reply.json["accepted"], collector.sink.records) == (422, 0, [])
        assert (await collector.post("/v1/touches?channel=visits", [])).status == 200


@pytest.mark.parametrize(
    ("touch", "query", "key", "reason"),
    [
        (PAGE, "", KEY, "no_channel"),
        (PAGE, "?channel=nonsense", KEY, "unknown_channel"),
        (PAGE | {"channel": 7}, "", KEY, "unknown_channel"),
        (PAGE, "?channel=visits", "mail", "channel_not_allowed"),
        (PAGE | {"channel": "visits"}, "", "mail", "channel_not_allowed"),
        (PAGE | {"properties": {"text": "x" * 32_000}}, "?channel=visits", KEY, "too_large"),
        ([PAGE], "?channel=visits", KEY, None),
        ([[PAGE]], "?channel=visits", KEY, "not_an_object"),
        ([7], "?channel=visits", KEY, "not_an_object"),
    ],
)
async def test_reasons_of_the_collector(touch: Any, query: str, key: str, reason: str | None) -> None:
    async with running_collector(None, ("mail", EMAILS_ONLY)) as collector:
        reply = await collector.post(f"/v1/touches{query}", touch, key=key)
        assert reply.json["results"][0].get("reason") == reason


async def test_the_same_body_has_the_same_ids() -> None:
    async with running_collector() as collector:
        for _ in range(2):
            await collector.post("/v1/touches?channel=visits", [PAGE, PAGE | {"event_id": "mine"}])
        await collector.post(
            "/v1/touches?channel=visits", gzip.compress(json.dumps([PAGE, PAGE | {"event_id": "mine"}]).encode())
        )
        ids = [touch["event_id"] for touch in collector.sink.touches]
    assert ids == [ids[0], "mine"] * 3


async def test_an_id_that_intake_derives_from_the_content_is_left_to_it() -> None:
    mail = {"type": "opened", "occurred_at": 1_780_000_000_000, "direction": "outbound", "message_id": "<1@a.example>"}
    async with running_collector() as collector:
        await collector.post("/v1/touches?channel=emails", [mail, mail | {"message_id": None}])
        await collector.post("/v1/touches", mail | {"channel": "emails"})
        assert ["event_id" in touch for touch in collector.sink.touches] == [False, True, False]


async def test_a_client_cannot_choose_tenant_source_and_arrival() -> None:
    claims = {"tenant": "other", "source": "other", "received_at": 1}
    async with running_collector(None, ("mail", EMAILS_ONLY)) as collector:
        await collector.post("/v1/touches?channel=visits", [PAGE | claims])
        (touch,) = collector.sink.touches
    assert (touch["tenant"], touch["source"], "received_at" in touch) == ("main", "shop", False)


async def test_a_page_has_the_address_of_its_connection() -> None:
    async with running_collector() as collector:
        headers = {"origin": "https://shop.example.org", "user-agent": "Firefox"}
        await collector.post("/v1/touches?channel=visits", PAGE | {"ip": "192.0.2.1"}, headers)
        await collector.post("/v1/touches?channel=visits", PAGE | {"ip": "192.0.2.1"}, {"user-agent": "curl"})
        browser, server = collector.sink.touches
    assert (browser["ip"], browser["user_agent"]) == ("127.0.0.1", "Firefox")
    assert (server["ip"], "user_agent" in server) == ("192.0.2.1", False)


async def test_the_write_key_never_reaches_the_sink() -> None:
    touch = PAGE | {
        "writeKey": KEY,
        "title": f"My key is {KEY}",
        "properties": {"api_key": "x", "nested": [{"k": KEY}]},
    }
    async with running_collector() as collector:
        await collector.post("/v1/touches?channel=visits", touch)
        await collector.post(f"/v1/touches?channel=visits&key={KEY}", PAGE | {"url": f"{URL}&k={KEY}"}, key="")
        assert len(collector.sink.records) == 2
        assert not any(KEY.encode() in record.value for record in collector.sink.records)


async def test_more_touches_than_the_rate_are_refused_with_a_time() -> None:
    async with running_collector(None, ("slow", SLOW)) as collector:
        assert (await collector.post("/v1/touches?channel=visits", [PAGE] * 5, key="slow")).status == 200
        reply = await collector.post("/v1/touches?channel=visits", PAGE, key="slow")
        assert (reply.status, reply.json["error"]) == (429, "rate_limited")
        assert int(reply.headers["retry-after"]) >= 1
        assert len(collector.sink.records) == 5


async def test_records_that_kafka_does_not_take_are_rejected() -> None:
    async with running_collector() as collector:
        collector.sink.largest_bytes = 500
        large = CALL | {"properties": {"text": "x" * 600}}
        reply = await collector.post("/v1/touches?channel=calls", [{}, CALL, large, CALL])
        assert [one.get("reason") for one in reply.json["results"]][2:] == ["too_large", None]
        assert reply.json["accepted"] == 2


async def test_nothing_is_answered_before_the_sink_has_it() -> None:
    async with running_collector() as collector:
        collector.sink.gate = asyncio.Event()
        sending = asyncio.create_task(collector.post("/v1/touches?channel=visits", PAGE))
        await collector.sink.asked.wait()
        assert not sending.done()
        collector.sink.gate.set()
        assert (await sending).status == 200
