"""The paths of Segment and RudderStack, over HTTP."""

import base64
import gzip
import json

import pytest

from sources.collector.keys.entry import KeyEntry
from sources.collector.keys.key_format import make_key
from tests.sources.collector.running import ENTRY, KEY, running_collector

BASIC = {"authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()}
EVENT = {"type": "track", "event": "Signed Up", "messageId": "m1", "userId": "u1"}
BROWSER = {"origin": "https://shop.example.org"}
LIMITED = make_key(b"limited" + bytes(14))


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        *((f"/v1/{name}", name) for name in ("track", "page", "screen", "identify", "group", "alias")),
        *((f"/v1/{name[0]}", name) for name in ("track", "page", "screen", "identify", "group", "alias")),
    ],
)
async def test_a_path_takes_events_of_its_type(path: str, kind: str) -> None:
    async with running_collector() as collector:
        body = {"messageId": "m1", "userId": "u1", "event": "A", "groupId": "g", "previousId": "p"}
        reply = await collector.post(path, body, BASIC)
        assert (reply.status, reply.json) == (200, {"success": True})
        types = {"track": "custom", "page": "screen", "alias": "identify"}
        assert [touch["type"] for touch in collector.sink.touches] == [types.get(kind, kind)]


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"])
async def test_one_bad_event_does_not_fail_its_batch(path: str) -> None:
    async with running_collector() as collector:
        body = {"batch": [EVENT, 5, {"type": "x"}, {**EVENT, "messageId": "m2"}], "writeKey": KEY}
        reply = await collector.post(path, body, BASIC)
        assert reply.status == 200
        first, second, third, fourth = collector.sink.touches
        assert (first["event_id"], fourth["event_id"]) == ("m1", "m2")
        assert second == 5
        assert third == {"type": "x", "tenant": "main", "source": "shop"}


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/v1/batch", {"batch": [EVENT]}, BASIC),
        ("/v1/batch", {"batch": [EVENT], "writeKey": KEY}, {}),
        ("/v1/batch", {"batch": [{**EVENT, "writeKey": KEY}]}, {}),
        ("/v1/t", {**EVENT, "writeKey": KEY}, {"content-type": "text/plain"}),
        (f"/beacon/v1/batch?writeKey={KEY}", {"batch": [EVENT]}, {"content-type": "text/plain"}),
    ],
)
async def test_the_key_is_found_where_clients_put_it(path: str, body: object, headers: dict[str, str]) -> None:
    async with running_collector() as collector:
        assert (await collector.post(path, body, headers, key="")).status == 200
        assert KEY not in json.dumps(collector.sink.touches)
        assert len(collector.sink.touches) == 1


@pytest.mark.parametrize("key", ["", make_key(bytes(21)), "x"])
async def test_a_request_without_a_valid_key_is_refused(key: str) -> None:
    async with running_collector() as collector:
        reply = await collector.post("/v1/batch", {"batch": [EVENT], "writeKey": key}, BROWSER, key="")
        assert reply.status == 401
        assert reply.headers["access-control-allow-origin"] == BROWSER["origin"]  # so that a page can read why
        assert collector.sink.records == []


async def test_gzip_under_a_content_type_that_is_wrong() -> None:
    async with running_collector() as collector:
        headers = {**BASIC, "content-encoding": "gzip", "content-type": "application/x-www-form-urlencoded"}
        body = gzip.compress(json.dumps({"batch": [EVENT] * 50}).encode())
        assert (await collector.post("/v1/batch", body, headers)).status == 200
        assert len(collector.sink.records) == 50


async def test_a_batch_of_four_megabytes() -> None:
    async with running_collector() as collector:
        events = [{**EVENT, "messageId": str(n), "properties": {"text": "x" * 20_000}} for n in range(215)]
        body = json.dumps({"batch": events}).encode()
        assert len(body) > 4 * 1024 * 1024
        assert (await collector.post("/v1/batch", body, BASIC)).status == 200
        assert len(collector.sink.records) == 215


async def test_a_sink_that_is_away_and_a_rate_that_is_exceeded() -> None:
    entry = KeyEntry("k-limited", "main", "app", (), (), 1, 0)
    async with running_collector(None, (LIMITED, entry)) as collector:
        for _ in range(5):
            assert (await collector.post("/v1/t", EVENT, key=LIMITED)).status == 200
        limited = await collector.post("/v1/t", EVENT, BROWSER, key=LIMITED)
        assert limited.status == 429
        assert int(limited.headers["retry-after"]) >= 1
        assert limited.headers["access-control-expose-headers"] == "Retry-After"
        collector.sink.away = "Kafka does not answer"
        away = await collector.post("/v1/batch", {"batch": [EVENT]}, BROWSER)
        assert (away.status, away.headers["retry-after"]) == (503, "3")


async def test_sent_at_of_a_header() -> None:
    async with running_collector() as collector:
        headers = {**BASIC, "sentat": "2020-01-01T00:00:00.000Z", "anonymousid": "YQ=="}
        assert (await collector.post("/v1/track", EVENT, headers)).status == 200
        assert collector.sink.touches[0]["sent_at"] == 1_577_836_800_000


async def test_settings_of_segments_browser_sdk() -> None:
    async with running_collector() as collector:
        reply = await collector.request("GET", f"/v1/projects/{KEY}/settings", headers=BROWSER, key="")
        assert reply.status == 200
        assert reply.json["integrations"]["Segment.io"]["apiKey"] == KEY
        assert reply.headers["access-control-allow-origin"] == BROWSER["origin"]
        assert "max-age" in reply.headers["cache-control"]
        assert (await collector.request("GET", "/v1/projects/nothing/settings", key="")).status == 401


@pytest.mark.parametrize("path", ["/sourceConfig/", "/sourceConfig"])
async def test_configuration_of_rudderstacks_browser_sdk(path: str) -> None:
    async with running_collector() as collector:
        by_header = await collector.request("GET", f"{path}?v=3.34.1", headers={**BROWSER, **BASIC})
        by_query = await collector.request("GET", f"{path}?writeKey={KEY}", headers=BROWSER, key="")
        for reply in (by_header, by_query):
            assert reply.status == 200
            assert reply.json["source"]["writeKey"] == KEY
            assert reply.json["source"]["id"] == ENTRY.key_id
            assert reply.json["source"]["enabled"] is True
        assert (await collector.request("GET", path, key="")).status == 401


async def test_metrics_of_sdks_are_not_kept() -> None:
    async with running_collector() as collector:
        assert (await collector.post("/v1/m", {"series": []}, key="")).status == 200
        assert collector.sink.records == []


async def test_a_retry_has_the_same_event_ids() -> None:
    async with running_collector() as collector:
        event = {"type": "track", "event": "A", "userId": "u1"}  # by hand, without an id
        for sent_at in ("2026-12-01T04:00:00Z", "2026-12-01T04:00:09Z"):
            assert (await collector.post("/v1/batch", {"batch": [event], "sentAt": sent_at}, BASIC)).status == 200
        first, second = collector.sink.touches
        assert first["event_id"] == second["event_id"]
