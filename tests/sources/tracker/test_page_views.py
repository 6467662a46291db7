"""What a page view is: in single-page applications, on return from the browser's cache, and after prerendering."""

import pytest
from playwright.async_api import Browser

from tests.sources.tracker.browsing import Visited, needs_chromium, visiting

pytestmark = [pytest.mark.asyncio(loop_scope="module"), needs_chromium, pytest.mark.slow]


def paths(site: Visited) -> list[str]:
    """Return the addresses of the page views, without the site's."""
    return [str(touch["url"]).removeprefix(site.address) for touch in site.of("page")]


async def test_a_single_page_application(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/app")
        await site.wait_for(lambda: paths(site) == ["/app"])
        await page.evaluate("history.pushState({}, '', '/app/cart'); document.title = 'Cart'")
        await site.wait_for(lambda: paths(site) == ["/app", "/app/cart"])
        await page.evaluate("history.replaceState({}, '', '/app/cart?step=2')")
        await site.wait_for(lambda: len(paths(site)) == 3)
        await page.evaluate("history.replaceState({scroll: 1}, '', '/app/cart?step=2')")  # state only
        await page.evaluate("location.hash = 'terms'")
        await page.evaluate("history.go(-2)")
        await site.wait_for(lambda: len(paths(site)) == 4)
        assert paths(site) == ["/app", "/app/cart", "/app/cart?step=2", "/app"]
        cart = site.of("page")[1]
        assert (cart["title"], cart["referrer"]) == ("Cart", f"{site.address}/app")
        assert len({touch["anonymous_id"] for touch in site.touches}) == 1
        assert len({touch["page_id"] for touch in site.touches}) == 4


async def test_routes_behind_a_hash_are_pages_if_the_site_says_so(browser: Browser) -> None:
    async with visiting(browser, attributes="data-hash") as site:
        page = await site.open("/#/home")
        await page.evaluate("location.hash = '#/cart'")
        await site.wait_for(lambda: paths(site) == ["/#/home", "/#/cart"])


async def test_a_page_that_is_returned_to_is_viewed_again(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open("/one")
        await site.wait_for(lambda: paths(site) == ["/one"])
        await page.evaluate("mark = 'kept'")
        await page.goto(f"{site.address}/two")
        await site.wait_for(lambda: paths(site) == ["/one", "/two"])
        await page.evaluate("history.back()")
        await site.wait_for(lambda: len(paths(site)) == 3)
        assert paths(site) == ["/one", "/two", "/one"]
        # Chromium decides whether it keeps a page; only one that it kept gets `pageshow` without being loaded.
        if not await page.evaluate("typeof mark !== 'undefined'"):
            await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
            await site.wait_for(lambda: len(paths(site)) == 4)
        assert len({touch["page_id"] for touch in site.of("page")}) == len(paths(site))


async def test_a_prerendered_page_is_viewed_once_it_is_opened(browser: Browser) -> None:
    async with visiting(browser) as site:
        await site.context.add_init_script("Object.defineProperty(document, 'prerendering', {value: true})")
        page = await site.context.new_page()
        async with page.expect_response("**/t.js"):
            await page.goto(f"{site.address}/soon")
        await page.wait_for_load_state("load")
        assert not await page.evaluate("'touchline' in window")
        assert site.sent == []
        await page.evaluate("document.dispatchEvent(new Event('prerenderingchange'))")
        await site.wait_for_types("page")


async def test_calls_before_the_script_has_loaded(browser: Browser) -> None:
    early = """<script>(window.touchline = window.touchline || []).push(["track", "Early", {"n": 1}])</script>"""
    async with visiting(browser, head=early) as site:
        page = await site.open()
        await page.evaluate("touchline.push(['track', 'Late']); touchline.track('Later')")
        await site.wait_for_types("page", "custom", "custom", "custom")
        assert [touch["name"] for touch in site.of("custom")] == ["Early", "Late", "Later"]
        assert site.of("custom")[0]["properties"] == {"n": 1}


async def test_a_script_that_is_loaded_twice_counts_once(browser: Browser) -> None:
    async with visiting(browser) as site:
        page = await site.open()
        await page.evaluate(
            """() => new Promise((done) => {
                const again = document.createElement('script');
                const first = document.querySelector('script[src]');
                again.src = first.src + '?again'; again.dataset.key = first.dataset.key; again.onload = done;
                document.head.append(again);
            })"""
        )
        await page.evaluate("touchline.track('End')")
        await site.wait_for_types("page", "custom")


async def test_options_in_the_address_of_the_script(browser: Browser) -> None:
    """A tag manager inserts the script and removes its attributes."""
    async with visiting(browser) as site:
        page = await site.context.new_page()
        await page.goto(f"{site.address}/bare")
        script = f"http://127.0.0.1:{site.collector.port}/t.js?key={site.key}"
        await page.evaluate(
            "(src) => document.head.append(Object.assign(document.createElement('script'), {src}))", script
        )
        await site.wait_for_types("page")


async def test_a_strict_content_security_policy(browser: Browser) -> None:
    async with visiting(browser) as site:
        collector = f"http://127.0.0.1:{site.collector.port}"
        policy = (
            f"default-src 'none'; script-src {collector}; connect-src {collector}; require-trusted-types-for 'script'"
        )
        site.head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        page = await site.context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
        await page.goto(site.address)
        await site.wait_for_types("page")
        assert refused == []
