"""`GET /v1/pixel.gif`: always a GIF, and a visit if the query and the key allow it."""

import time
from urllib.parse import urlencode

import pytest

from sources.collector.gif import GIF
from sources.collector.keys.entry import KeyEntry
from tests.sources.collector.running import KEY, running_collector

PAGE = "https://shop.example.org/pricing?utm_source=news"
BOUND = KeyEntry("k-bound", "main", "shop", (), ("https://shop.example.org",), 0, 0)
SLOW = KeyEntry("k-slow", "main", "shop", (), (), 1, 0)
EMAILS_ONLY = KeyEntry("k-mail", "main", "mailer", ("emails",), (), 0, 0)


def path(**parameters: object) -> str:
    return f"/v1/pixel.gif?{urlencode(parameters)}"


async def test_a_picture_is_a_page_view() -> None:
    before_ms = time.time_ns() // 1_000_000
    async with running_collector() as collector:
        headers = {"user-agent": "Firefox", "referer": PAGE}
        reply = await collector.request(
            "GET", path(key=KEY, anonymous_id="a1", title="Preise €", plan="pro", _=7), headers=headers, key=""
        )
        assert (reply.status, reply.body, reply.headers["content-type"]) == (200, GIF, "image/gif")
        assert reply.headers["cache-control"] == "no-store"
        assert "x-touchline-refused" not in reply.headers
        (touch,) = collector.sink.touches
    assert before_ms <= touch.pop("occurred_at") <= time.time_ns() // 1_000_000
    assert touch.pop("event_id").endswith("-0")
    assert touch == {
        "type": "page",
        "url": PAGE,
        "anonymous_id": "a1",
        "title": "Preise €",
        "properties": {"plan": "pro"},
        "tenant": "main",
        "source": "shop",
        "ip": "127.0.0.1",
        "user_agent": "Firefox",
    }


async def test_fields_of_the_query_take_precedence() -> None:
    async with running_collector() as collector:
        fields = {
            "type": "custom",
            "name": "opened",
            "occurred_at": 1_780_000_000_000,
            "engaged_ms": 5,
            "event_id": "e1",
        }
        await collector.request(
            "GET", path(key=KEY, url="https://a.example/", tenant="x", source="x", **fields), headers={"referer": PAGE}
        )
        (touch,) = collector.sink.touches
    assert {name: touch[name] for name in fields} == fields
    assert (touch["url"], touch["tenant"], touch["source"]) == ("https://a.example/", "main", "shop")


@pytest.mark.parametrize(
    ("parameters", "headers", "refused"),
    [
        ({}, {}, "no_key"),
        ({"key": "unknown", "url": PAGE}, {}, "unknown_key"),
        ({"key": "bound", "url": PAGE}, {"origin": "https://other.example.org"}, "origin_not_allowed"),
        ({"key": "mail", "url": PAGE}, {}, "channel_not_allowed"),
        ({"key": KEY}, {}, "missing_field"),
        ({"key": KEY, "url": "/pricing"}, {}, "bad_url"),
        ({"key": KEY, "url": PAGE, "type": "nonsense"}, {}, "unknown_type"),
        ({"key": KEY, "url": PAGE, "occurred_at": "yesterday"}, {}, "bad_time"),
    ],
)
async def test_what_is_refused_is_a_picture_too(
    parameters: dict[str, str], headers: dict[str, str], refused: str
) -> None:
    async with running_collector(None, ("bound", BOUND), ("mail", EMAILS_ONLY)) as collector:
        reply = await collector.request("GET", path(**parameters), headers=headers, key="")
        assert (reply.status, reply.body, reply.headers["x-touchline-refused"]) == (200, GIF, refused)
        assert collector.sink.records == []
        metrics = collector.services.metrics
        assert metrics.refused[refused,] + metrics.rejected["visits", refused] == 1


async def test_what_may_be_sent_again_is_no_success() -> None:
    async with running_collector(None, ("slow", SLOW)) as collector:
        replies = [await collector.request("GET", path(key="slow", url=PAGE), key="") for _ in range(6)]
        assert [one.status for one in replies] == [200] * 5 + [429]
        assert all(one.body == GIF for one in replies)
        collector.sink.away = "Kafka is away"
        reply = await collector.request("GET", path(key=KEY, url=PAGE), key="")
        assert (reply.status, reply.body, reply.headers["retry-after"]) == (503, GIF, "3")
        collector.sink.away, collector.sink.largest_bytes = "", 10
        reply = await collector.request("GET", path(key=KEY, url=PAGE), key="")
        assert (reply.status, reply.headers["x-touchline-refused"]) == (200, "too_large")


async def test_a_program_that_looks_is_no_visitor() -> None:
    async with running_collector() as collector:
        reply = await collector.request("HEAD", path(key=KEY, url=PAGE), key="")
        assert (reply.status, reply.body, reply.headers["content-length"]) == (200, b"", str(len(GIF)))
        assert collector.sink.records == []


async def test_the_key_is_not_kept() -> None:
    async with running_collector() as collector:
        await collector.request("GET", path(key=KEY), headers={"referer": f"{PAGE}&key={KEY}"}, key="")
        (record,) = collector.sink.records
    assert KEY.encode() not in record.value


async def test_two_views_of_a_page_are_two_touches() -> None:
    async with running_collector() as collector:
        await collector.request("GET", path(key=KEY, url=PAGE, occurred_at=1_780_000_000_000), key="")
        while time.time_ns() // 1_000_000 == collector.sink.records[0].received_at_ms:
            pass
        await collector.request("GET", path(key=KEY, url=PAGE, occurred_at=1_780_000_000_000), key="")
        assert len({touch["event_id"] for touch in collector.sink.touches}) == 2
