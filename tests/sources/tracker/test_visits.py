"""Visits in Chromium: pages, clicks, forms and time in front reach the collector, each once under one visitor."""

import pytest
from playwright.async_api import Browser

from tests.sources.tracker.browsing import Visited, needs_chromium, visiting

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_chromium, pytest.mark.slow]


def pings(site: Visited, page_id: str) -> list[int]:
    """Return the times that pings of a page view report."""
    return [one["engaged_ms"] for one in site.sent if one["type"] == "ping" and one["page_id"] == page_id]


async def wait_for_pages(site: Visited, count: int) -> list[dict[str, object]]:
    """Wait for so many page views and return them."""
    await site.wait_for(lambda: len(site.of("page")) >= count)
    return site.of("page")


async def test_a_visit_of_two_pages(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/?utm_source=news")
        await site.wait_for_types("page")
        await page.click("#inside")
        await site.wait_for_types("page", "page")
        first, second = site.touches
        assert first["url"] == f"{site.address}/?utm_source=news"
        assert (second["url"], second["referrer"]) == (f"{site.address}/second", first["url"])
        assert (second["title"], second["source"], second["ip"]) == ("/second", "shop", "127.0.0.1")
        assert first["anonymous_id"] == second["anonymous_id"]
        assert first["page_id"] != second["page_id"]
        (cookie,) = await site.context.cookies()
        assert (cookie["name"], cookie["value"]) == ("touchline_id", first["anonymous_id"])
        assert (cookie["sameSite"], cookie["path"]) == ("Lax", "/")


async def test_clicks_downloads_and_search(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/find?q=blue+shoes")
        await page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
        for name in ("named", "outside", "file", "inside"):
            await page.click(f"#{name}")
        await site.wait_for_types("page", "search", "click", "click", "download")
        assert site.of("search")[0]["properties"] == {"query": "blue shoes"}
        named, outside = site.of("click")
        assert named["name"] == "Try it"
        assert outside["properties"] == {"href": "http://elsewhere.example/there"}
        (file,) = site.of("download")
        assert (file["url"], file["referrer"]) == (
            f"{site.address}/files/prices.pdf?v=2",
            f"{site.address}/find?q=blue+shoes",
        )
        assert len({touch["page_id"] for touch in site.touches}) == 1


async def test_a_form_sends_only_the_fields_that_are_named(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/join")
        filled = {"mail": "ada@example.org", "who": "Ada", "plan": "pro", "note": "x1", "secret": "x2"}
        for name, value in filled.items():
            await page.fill(f"[name={name}]", value)
        await page.click("#send")
        await site.wait_for(lambda: len(site.of("page")) == 2 and site.of("form"))
        (form,) = site.of("form")
        assert (form["name"], form["email"]) == ("signup", "ada@example.org")
        assert form["properties"] == {"plan": "pro", "traits": {"name": "Ada"}}
        assert form["anonymous_id"] == site.of("page")[0]["anonymous_id"]


async def test_time_in_front_and_scroll_depth(browser: Browser) -> None:
    async with visiting(browser, attributes='data-heartbeat="1"') as site:
        page = await site.open("/long")
        (view,) = await wait_for_pages(site, 1)
        await page.mouse.move(10, 10)
        await site.wait_for(lambda: pings(site, view["page_id"]))
        await page.evaluate("scrollTo(0, 1e9)")
        await page.goto(f"{site.address}/next")
        await site.wait_for(lambda: site.of("custom"))
        (scrolled,) = site.of("custom")
        assert (scrolled["name"], scrolled["properties"]) == ("Scrolled", {"percent": 100})
        times = pings(site, view["page_id"])
        assert times == sorted(times)
        assert all(one["anonymous_id"] == view["anonymous_id"] for one in site.sent)
