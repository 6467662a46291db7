"""Delivery: offline, refused, from several tabs, and while a page is left, each touch arrives with one id."""

import asyncio
from collections import Counter

import pytest
from playwright.async_api import Browser, Page

from tests.sources.collector.running import KEY
from tests.sources.tracker.browsing import Visited, needs_chromium, visiting

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_chromium, pytest.mark.slow]

QUEUED = "Object.keys(localStorage).filter((name) => name.startsWith('touchline:')).length"


async def wait_for_queue(page: Page, items: int) -> None:
    """Wait until so many touches wait in the browser."""
    await page.wait_for_function(f"{QUEUED} === {items}")


def statuses(site: Visited) -> Counter[str]:
    """Return how many requests with touches had which status."""
    found = site.collector.services.metrics.requests
    return Counter({status: count for (route, status), count in found.items() if route == "beacon"})


async def test_touches_wait_until_the_browser_is_online_again(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await wait_for_queue(page, 0)
        await site.context.set_offline(True)
        await page.evaluate("touchline.track('Offline'); touchline.identify('C1')")
        await wait_for_queue(page, 2)
        await site.context.set_offline(False)
        await site.wait_for_types("page", "custom", "identify")
        await wait_for_queue(page, 0)
        assert all(touch["sent_at"] >= touch["occurred_at"] for touch in site.sent)


async def test_touches_of_a_visit_that_ended_offline_come_with_the_next_one(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/one")
        await wait_for_queue(page, 0)
        await site.context.set_offline(True)
        await page.evaluate("touchline.track('Lost?')")
        await wait_for_queue(page, 1)
        await page.close()
        await site.context.set_offline(False)
        page = await site.open("/two")
        await site.wait_for_types("page", "custom", "page")
        await wait_for_queue(page, 0)
        assert len({touch["anonymous_id"] for touch in site.touches}) == 1
        await page.evaluate("touchline.track('End')")
        await site.wait_for_types("page", "custom", "page", "custom")


LEFT = """() => {
    touchline.track('Last');
    dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}));
    Object.defineProperty(document, 'visibilityState', {value: 'hidden'});
    document.dispatchEvent(new Event('visibilitychange'));
    return Object.keys(localStorage).filter((name) => name.startsWith('touchline_lease'));
}"""


async def test_a_page_that_was_left_does_not_keep_the_next_one_from_sending(browser: Browser) -> None:
    """Browsers report that a page is hidden after it was left, and its requests are answered to nobody."""
    async with visiting(browser) as site:
        page = await site.open()
        await wait_for_queue(page, 0)
        assert await page.evaluate(LEFT) == []
        await site.wait_for_types("page", "custom")


DELAYS = "delays = []; const later = setTimeout; setTimeout = (run, ms) => { delays.push(ms); return later(run, ms); }"


async def test_requests_are_repeated_when_the_collector_says(browser: Browser) -> None:
    async with visiting(browser) as site:
        site.collector.sink.away = "Kafka does not answer"
        page = await site.context.new_page()
        await page.add_init_script(DELAYS)
        await site.open(page=page)
        await page.wait_for_function("delays.some((ms) => ms > 2000 && ms <= 3000)")  # Retry-After is 3 s
        await page.evaluate("touchline.track('More')")
        site.collector.sink.away = ""
        await site.wait_for_types("page", "custom")
        await wait_for_queue(page, 0)
        assert len(site.sent) == 2


async def test_what_is_refused_for_good_is_not_sent_again(browser: Browser) -> None:
    async with visiting(browser, key=KEY[:-1] + ("a" if KEY[-1] != "a" else "b")) as site:
        page = await site.open()
        await site.wait_for(lambda: statuses(site)["401"] == 1)
        await wait_for_queue(page, 0)


async def test_a_touch_that_the_contract_refuses_delays_no_other(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await page.evaluate("touchline.track('Large', {text: 'x'.repeat(40000)}); touchline.track('Small')")
        await site.wait_for_types("page", "custom")
        await wait_for_queue(page, 0)
        assert site.of("custom")[0]["name"] == "Small"


async def test_many_touches_are_sent_in_several_requests(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await page.evaluate("for (let n = 0; n < 100; n++) touchline.track('n' + n, {text: 'x'.repeat(2000)})")
        await site.wait_for(lambda: len(site.of("custom")) == 100)
        await wait_for_queue(page, 0)
        assert max(Counter(touch["event_id"] for touch in site.sent).values()) == 1


async def test_two_tabs_do_not_send_the_queue_twice(browser: Browser) -> None:
    async with visiting(browser) as site:
        first, second = await site.open("/first"), await site.open("/second")
        await wait_for_queue(first, 0)
        await site.context.set_offline(True)
        for page in (first, second):
            await page.evaluate("for (let n = 0; n < 20; n++) touchline.track('n' + n)")
        await wait_for_queue(first, 40)
        await site.context.set_offline(False)
        await wait_for_queue(second, 0)
        await site.wait_for(lambda: len(site.of("custom")) == 40)
        assert len({touch["anonymous_id"] for touch in site.touches}) == 1
        assert set(Counter(touch["event_id"] for touch in site.touches).values()) == {1}


async def test_a_page_that_is_left_while_a_request_is_in_flight(browser: Browser) -> None:
    async with visiting(browser) as site:
        site.collector.sink.gate = asyncio.Event()
        page = await site.open("/one")
        await site.collector.sink.asked.wait()
        await page.evaluate("touchline.track('Leaving')")
        await page.goto(f"{site.address}/two")
        site.collector.sink.gate.set()
        await site.wait_for_types("page", "custom", "page")
        await wait_for_queue(page, 0)
        assert [str(touch["url"]).removeprefix(site.address) for touch in site.of("page")] == ["/one", "/two"]


async def test_a_tab_that_is_closed_sends_what_it_has(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/one")
        await wait_for_queue(page, 0)
        await page.evaluate("touchline.track('Closing')")
        await page.close(run_before_unload=True)
        await site.wait_for_types("page", "custom")


@pytest.mark.parametrize(
    "fault", ["crypto.getRandomValues = null", "window.fetch = null", "JSON.stringify = null", "window.URL = null"]
)
async def test_a_browser_without_something_shows_no_error(browser: Browser, fault: str) -> None:
    async with visiting(browser) as site:
        page = await site.context.new_page()
        page.on("pageerror", lambda error: site.errors.append(str(error)))
        await page.add_init_script(fault)
        async with page.expect_response("**/t.js"):
            await page.goto(site.address)
        await page.click("#named")
        await page.click("#inside")
        await page.wait_for_url("**/second")
        await page.wait_for_load_state("load")
