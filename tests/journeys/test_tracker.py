"""Visits in Chromium through a real collector, Kafka and worker: the timeline has each touch once, in one profile."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

from tests.journeys.collector_process import CollectorProcess, create_write_key
from tests.journeys.site import Site
from tests.journeys.waiting import wait_for
from tests.sources.tracker.browsing import Pages, chromium, needs_chromium, new_context

pytestmark = needs_chromium
QUEUED = "Object.keys(localStorage).filter((name) => name.startsWith('touchline:')).length"


@asynccontextmanager
async def shop(site: Site) -> AsyncIterator[Pages]:
    """Run a shop, its collector and a browser until the block ends."""
    collector = CollectorProcess(site)
    try:
        wait_for(collector.ready, "the collector to be ready")
        async with chromium() as browser:
            pages = Pages(collector.address, create_write_key(site), await new_context(browser))
            async with pages.served():
                yield pages
    finally:
        collector.stop()


async def wait_until_sent(page: Page) -> None:
    """Wait until the collector has confirmed everything."""
    await page.wait_for_function(f"{QUEUED} === 0")


async def test_a_visit_with_a_lost_connection_and_a_form(site: Site) -> None:
    site.start()
    async with shop(site) as pages:
        page = await pages.open("/?utm_source=news")
        await wait_until_sent(page)
        visitor = await page.evaluate("touchline.id()")
        await page.click("#inside")
        await page.wait_for_url("**/second")
        await page.wait_for_function("window.touchline && touchline.version")
        await wait_until_sent(page)
        await pages.context.set_offline(True)
        await page.evaluate("touchline.track('Compared', {plans: 2})")
        await page.close()
        await pages.context.set_offline(False)
        first, second = await pages.open("/third"), await pages.open("/fourth")
        await second.fill("[name=mail]", "ada@example.org")
        await second.fill("[name=who]", "Ada")
        await second.click("#send")
        await second.wait_for_url("**/thanks*")
        await second.wait_for_function("window.touchline && touchline.version")
        for tab in (first, second):
            await wait_until_sent(tab)
    site.wait_drained()
    timeline = site.run_json("timeline", "email:ada@example.org")
    counts = Counter(touch["type"] for touch in timeline)
    assert counts == {"page": 5, "custom": 1, "form": 1}, timeline
    assert site.count("events") == 7
    assert timeline == site.run_json("timeline", f"anonymous_id:{visitor}")
    audit = site.audit()
    assert (audit.ok, audit.profiles) == (True, 1)
