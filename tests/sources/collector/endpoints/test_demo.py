"""The demo site: only where there is a valid demo key, and its pages work under their own policy."""

import pytest

from sources.collector.config import CollectorConfig
from sources.tracker.demo_site import FILES, PAGES
from tests.sources.collector.running import KEY, running_collector

WITH_KEY = CollectorConfig(demo_key=KEY)


@pytest.mark.parametrize("name", sorted(PAGES))
async def test_pages_have_the_tracker_with_the_key(name: str) -> None:
    async with running_collector(WITH_KEY) as collector:
        reply = await collector.request("GET", f"/demo/{name}" if name else "/demo", key="")
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'data-key="{KEY}"' in reply.body.decode()
    assert reply.headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize("name", sorted(FILES))
async def test_files(name: str) -> None:
    async with running_collector(WITH_KEY) as collector:
        reply = await collector.request("GET", f"/demo/{name}", key="")
    assert (reply.status, reply.headers["content-type"]) == (200, FILES[name])
    assert reply.body


@pytest.mark.parametrize("path", ["/demo/none", "/demo/page.html", "/demo/..%2ft.js", "/demo/", "/demo/a/b"])
async def test_other_paths_do_not_exist(path: str) -> None:
    async with running_collector(WITH_KEY) as collector:
        assert (await collector.request("GET", path, key="")).status == 404


@pytest.mark.parametrize("key", ["", "tl_revoked"])
async def test_without_a_valid_key_there_is_no_site(key: str) -> None:
    async with running_collector(CollectorConfig(demo_key=key)) as collector:
        assert (await collector.request("GET", "/demo", key="")).status == 404
