"""Consent, objections, and browsers that block cookies or storage."""

import pytest
from playwright.async_api import Browser, Page

from tests.sources.tracker.browsing import Visited, needs_chromium, visiting

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_chromium, pytest.mark.slow]

NO_COOKIES = "Object.defineProperty(document, 'cookie', {get: () => '', set: () => {}})"
COOKIES_THROW = (
    "Object.defineProperty(document, 'cookie', {get() { throw new Error('x'); }, set() { throw new Error('x'); }})"
)
NO_STORAGE = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('x', 'SecurityError'); }})"
FULL_STORAGE = "Storage.prototype.setItem = () => { throw new DOMException('x', 'QuotaExceededError'); }"


async def state_of(page: Page) -> list[str]:
    """Return the names of what the browser stores of the site."""
    cookies = [cookie["name"] for cookie in await page.context.cookies()]
    return sorted([*cookies, *await page.evaluate("Object.keys(localStorage).map((name) => name.split(':')[0])")])


async def fence(site: Visited, page: Page) -> None:
    """Wait until everything that the page sent before has arrived: a touch without the tracker is the last."""
    await page.evaluate(
        """([address, key]) => fetch(`${address}/v1/beacon?channel=visits&key=${key}`, {method: 'POST', body:
            JSON.stringify({type: 'custom', name: 'fence', event_id: 'fence', occurred_at: Date.now()})})""",
        [f"http://127.0.0.1:{site.collector.port}", site.key],
    )
    await site.wait_for(lambda: any(touch.get("name") == "fence" for touch in site.sent))


@pytest.mark.parametrize("signal", ["doNotTrack: {get: () => '1'}", "globalPrivacyControl: {get: () => true}"])
async def test_visitors_who_object_are_not_recorded(browser: Browser, signal: str) -> None:
    async with visiting(browser) as site:
        await site.context.add_init_script(f"Object.defineProperties(Navigator.prototype, {{{signal}}})")
        page = await site.open()
        await page.evaluate(
            "touchline.track('x'); touchline.identify('C1'); touchline.consent(true); touchline.optOut(false)"
        )
        await page.click("#inside")
        await page.wait_for_function("window.touchline && touchline.id() === null")
        await fence(site, page)
        assert [touch["name"] for touch in site.sent] == ["fence"]
        assert await state_of(page) == []


async def test_a_site_may_record_them(browser: Browser) -> None:
    async with visiting(browser, attributes='data-dnt="off"') as site:
        await site.context.add_init_script("Object.defineProperty(Navigator.prototype, 'doNotTrack', {get: () => '1'})")
        await site.open()
        await site.wait_for_types("page")


async def test_nothing_is_stored_or_sent_before_consent(browser: Browser) -> None:
    async with visiting(browser, attributes='data-consent="required"') as site:
        page = await site.open()
        await page.evaluate("touchline.track('Before')")
        await fence(site, page)
        assert [touch["name"] for touch in site.sent] == ["fence"]
        assert await state_of(page) == []
        await page.evaluate("touchline.consent(true)")
        await site.wait_for_types("custom", "page", "custom", "given")
        (given,) = site.of("given")
        assert given["purpose"] == "tracking"
        assert "touchline_id" in await state_of(page)
        ids = {touch.get("anonymous_id") for touch in site.touches if touch.get("name") != "fence"}
        assert len(ids) == 1
        await page.click("#inside")  # the decision holds for the next page
        await site.wait_for(lambda: len(site.of("page")) == 2)
        assert {touch["anonymous_id"] for touch in site.of("page")} == ids


async def test_a_consent_that_is_withdrawn(browser: Browser) -> None:
    async with visiting(browser, attributes='data-consent="required"') as site:
        page = await site.open()
        await page.evaluate("touchline.consent(true)")
        await site.wait_for_types("page", "given")
        await page.evaluate("touchline.consent(false); touchline.track('After')")
        await site.wait_for_types("page", "given", "withdrawn")
        assert site.of("withdrawn")[0]["anonymous_id"] == site.of("given")[0]["anonymous_id"]
        assert await state_of(page) == []
        await page.click("#inside")
        await page.wait_for_function("window.touchline && touchline.id() === null")
        await fence(site, page)
        await site.wait_for_types("page", "given", "withdrawn", "custom")


async def test_a_consent_to_something_else(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await page.evaluate("touchline.consent(true, 'marketing')")
        await site.wait_for_types("page", "given")
        assert site.of("given")[0]["purpose"] == "marketing"


async def test_opting_out_and_in(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await site.wait_for_types("page")
        await page.evaluate("touchline.optOut(); touchline.track('After')")
        assert await state_of(page) == ["touchline_off"]
        await page.click("#inside")
        await page.wait_for_function("window.touchline && touchline.id() === null")
        await fence(site, page)
        await site.wait_for_types("page", "custom")
        await page.evaluate("touchline.optOut(false)")
        await site.wait_for_types("page", "custom", "page")
        first, second = site.of("page")
        assert first["anonymous_id"] != second["anonymous_id"]


async def test_a_visitor_who_logs_out_is_another_one(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await page.evaluate("touchline.identify('C1', {plan: 'pro'})")
        await page.evaluate("touchline.reset(); touchline.track('After')")
        await site.wait_for_types("page", "identify", "custom")
        view, known, after = site.of("page")[0], site.of("identify")[0], site.of("custom")[0]
        assert (known["customer_id"], known["properties"]) == ("C1", {"traits": {"plan": "pro"}})
        assert view["anonymous_id"] == known["anonymous_id"] != after["anonymous_id"]
        assert "customer_id" not in after


@pytest.mark.parametrize("script", [NO_COOKIES, COOKIES_THROW, NO_STORAGE, FULL_STORAGE], ids=range(4))
async def test_one_visitor_where_cookies_or_storage_are_blocked(browser: Browser, script: str) -> None:
    async with visiting(browser) as site:
        await site.context.add_init_script(script)
        page = await site.open("/one")
        await site.wait_for_types("page")
        await page.evaluate("touchline.identify({email: 'ada@example.org'})")
        await page.click("#inside")
        await site.wait_for_types("page", "identify", "page")
        assert len({touch["anonymous_id"] for touch in site.touches}) == 1


async def test_one_visitor_of_a_page_where_both_are_blocked(browser: Browser) -> None:
    async with visiting(browser) as site:
        await site.context.add_init_script(f"{COOKIES_THROW}; {NO_STORAGE}")
        page = await site.open("/one")
        await page.evaluate("history.pushState({}, '', '/two')")
        await site.wait_for_types("page", "page")
        await page.evaluate("touchline.track('Leaving')")
        await page.goto("about:blank")
        await site.wait_for_types("page", "page", "custom")
        assert len({touch["anonymous_id"] for touch in site.touches}) == 1


async def test_visitors_without_a_cookie(browser: Browser) -> None:
    async with visiting(browser, attributes="data-cookieless") as site:
        page = await site.open("/one")
        await site.wait_for_types("page")
        await page.click("#inside")
        await site.wait_for_types("page", "page")
        await page.evaluate("touchline.identify({customer_id: 7})")
        await page.evaluate("touchline.track('Known')")
        await site.wait_for_types("page", "page", "identify", "custom")
        (visitor,) = {touch["anonymous_id"] for touch in site.of("page")}
        assert visitor.startswith("daily-")
        assert await state_of(page) == []
        for touch in (*site.of("identify"), *site.of("custom")):
            assert (touch["customer_id"], touch.get("anonymous_id")) == (7, None)
