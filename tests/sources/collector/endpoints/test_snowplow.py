"""The paths of Snowplow's trackers, over HTTP."""

import json
from urllib.parse import urlencode

import pytest

from sources.collector.config import NATIVE_BODY_BYTES
from sources.collector.endpoints.snowplow import GIF
from sources.collector.keys.key_format import make_key
from tests.sources.collector.running import KEY, running_collector

TP2 = "/com.snowplowanalytics.snowplow/tp2"
EVENT = {"e": "pv", "url": "https://shop.example.org/a", "eid": "e1", "aid": KEY, "tv": "js-4.10.1"}
FINAL = {400, 401, 403, 410, 422}  # the statuses after which a tracker does not send again


async def test_a_batch() -> None:
    async with running_collector() as collector:
        payload = {"schema": "iglu:x", "data": [EVENT, {**EVENT, "eid": "e2"}, {"e": "pp"}, {"e": "no"}]}
        headers = {"origin": "https://shop.example.org", "user-agent": "Mozilla/5.0"}
        reply = await collector.post(TP2, payload, headers, key="")
        assert reply.status == 200
        assert reply.headers["access-control-allow-credentials"] == "true"
        first, second, unmapped = collector.sink.touches
        assert (first["event_id"], second["event_id"]) == ("e1", "e2")
        assert (first["ip"], first["user_agent"]) == ("127.0.0.1", "Mozilla/5.0")
        assert unmapped == {"e": "no", "tenant": "main", "source": "shop"}
        assert KEY not in str(collector.sink.touches)


async def test_pings_have_the_time_of_their_page_view() -> None:
    page = {"schema": "iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0", "data": {"id": "p1"}}
    common = {**EVENT, "co": json.dumps({"data": [page]}), "duid": "v1"}
    async with running_collector() as collector:
        for number, at_ms in enumerate((1_796_100_000_000, 1_796_100_010_000, 1_796_100_010_000, 1_796_100_020_000)):
            event = {**common, "e": "pp" if number else "pv", "eid": f"e{number}", "dtm": str(at_ms)}
            assert (await collector.post(TP2, {"data": [event]}, key="")).status == 200
        touches = collector.sink.touches
        assert {touch["page_id"] for touch in touches} == {"p1"}
        assert [touch.get("engaged_ms") for touch in touches] == [None, 10_000, 10_000, 20_000]
        assert len(collector.services.view_times) == 1


async def test_an_event_as_a_query() -> None:
    async with running_collector() as collector:
        reply = await collector.request("GET", f"/i?{urlencode(EVENT)}", key="")
        assert (reply.status, reply.headers["content-type"], reply.body) == (200, "image/gif", GIF)
        assert [touch["event_id"] for touch in collector.sink.touches] == ["e1"]


async def test_a_key_in_a_header_leaves_the_app_id_free() -> None:
    async with running_collector() as collector:
        payload = {"data": [{**EVENT, "aid": "shop-web"}]}
        assert (await collector.post(TP2, payload)).status == 200
        assert len(collector.sink.records) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"x" * (NATIVE_BODY_BYTES + 1),
        b"\x1f\x8b\x08",
        b"[" * 200 + b"]" * 200,
        b'{"data": [{"e": "pv", "aid": "wrong"}]}',
        b'{"data": [{"e": "pv"}]}',
        b"7",
        f'{{"data": [{{"e": "pv", "aid": "{make_key(bytes(21))}"}}]}}'.encode(),
    ],
)
async def test_what_is_refused_does_not_come_again(body: bytes) -> None:
    async with running_collector() as collector:
        reply = await collector.post(TP2, body, key="")
        assert reply.status in FINAL
        assert collector.sink.records == []


async def test_a_sink_that_is_away_is_to_be_tried_again() -> None:
    async with running_collector() as collector:
        collector.sink.away = "Kafka does not answer"
        reply = await collector.post(TP2, {"data": [EVENT]}, key="")
        assert (reply.status, reply.headers["retry-after"]) == (503, "3")
        assert (await collector.request("GET", f"/i?{urlencode(EVENT)}", key="")).status == 503


@pytest.mark.parametrize("field", ["ue_pr", "co"])
async def test_json_within_a_field_that_is_nested_deeply_is_no_failure(field: str) -> None:
    async with running_collector() as collector:
        for depth in (100, 700, 950, 5_000):
            opened, closed = "[" * depth, "]" * depth
            deep = f'{{"schema": "iglu:a/b/jsonschema/1-0-0", "data": {{"x": {opened}"{KEY}"{closed}}}}}'
            data = deep if field == "ue_pr" else f"[{deep}]"
            outer = f'{{"schema": "iglu:a/c/jsonschema/1-0-0", "data": {data}}}'
            event = {**EVENT, "e": "ue" if field == "ue_pr" else "pv", field: outer}
            assert (await collector.post(TP2, {"data": [event]}, key="")).status == 200
        assert KEY not in str(collector.sink.touches)
