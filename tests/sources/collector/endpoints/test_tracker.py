"""`GET /t.js`: cached by its tag, compressed where the browser takes gzip."""

import gzip

import pytest

from sources.tracker.script import tracker_script
from tests.sources.collector.running import running_collector


async def test_the_script_and_its_headers() -> None:
    async with running_collector() as collector:
        reply = await collector.request("GET", "/t.js", key="")
    assert (reply.status, reply.body) == (200, tracker_script())
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "public, max-age=3600"
    assert "content-encoding" not in reply.headers


async def test_the_script_is_compressed() -> None:
    async with running_collector() as collector:
        reply = await collector.request("GET", "/t.js", headers={"accept-encoding": "br, gzip"}, key="")
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.body) == tracker_script()


@pytest.mark.parametrize(
    ("known", "status"), [("{}", 304), ('W/"other", W/{}', 304), ('"other"', 200), ("", 200), ("*", 200)]
)
async def test_a_version_that_the_browser_has_is_not_sent_again(known: str, status: int) -> None:
    async with running_collector() as collector:
        tag = (await collector.request("GET", "/t.js", key="")).headers["etag"]
        reply = await collector.request("GET", "/t.js", headers={"if-none-match": known.format(tag)}, key="")
    assert (reply.status, bool(reply.body)) == (status, status == 200)
    assert reply.headers["etag"] == tag
    assert ("content-length" in reply.headers) == (status == 200)
