"""Pages that move: a touch appears without reloading, and what happens when a part of it all is away."""

import re

from playwright.async_api import Page, expect

from tests.dashboards.pages.browsing import MOVES, PATIENCE_MS, PHONE, Site, needs_chromium
from tests.dashboards.pages.shop import HOSTILE, Shop

pytestmark = needs_chromium
TABS = 8  # more than the six connections that a browser has for a host
expect.set_options(timeout=PATIENCE_MS)


async def is_live(page: Page) -> None:
    await expect(page.locator("body")).to_have_attribute("data-live", "on")


async def test_a_touch_appears_without_reloading_and_without_moving_the_page(shop: Shop, shop_site: Site) -> None:
    async with shop_site.visit("/") as visit:
        await is_live(visit.page)
        await visit.page.evaluate("window.__same = true")
        shop.send("calls", "answered", 7, direction="inbound", duration_s=372, agent="Ines")
        await shop.deliver()
        feed = visit.page.locator("[data-feed] li").first
        await expect(feed).to_contain_text("call of 6:12")
        await expect(visit.page.locator("[data-figure=active] [data-value]")).not_to_have_text("–")
        assert await visit.page.evaluate("window.__same")
        await visit.page.keyboard.press("p")
        shop.send("calls", "missed", 8, direction="inbound")
        await shop.deliver()
        await expect(visit.page.get_by_role("button", name="Go on")).to_be_visible()
        await expect(feed).to_contain_text("call of 6:12")
        await visit.page.keyboard.press("p")
        await expect(feed).not_to_contain_text("call of 6:12")


async def test_hostile_names_and_titles_are_only_text(shop: Shop, shop_site: Site) -> None:
    for role in ("admin", "dashboard"):
        async with shop_site.visit("/", role, expected=(MOVES,), size=PHONE, dark=True) as visit:
            await is_live(visit.page)
            await visit.check_accessibility()
            assert await visit.page.title() == "Overview · Touchline"
            shown = await visit.page.locator("#hot").inner_text()
            assert any(name in shown for name in HOSTILE) is (role == "admin")
            assert ("p···@shop.example" in shown) is (role == "dashboard")
            assert bool(re.search(r"p\d+@shop", await visit.page.content())) is (role == "admin")


async def test_many_tabs_share_one_connection_and_the_next_takes_over(shop: Shop, shop_site: Site) -> None:
    context = await shop_site.context()
    try:
        tabs = [await shop_site.open(context, "/") for _ in range(TABS)]
        for tab in tabs:
            await is_live(tab.page)
            await expect(tab.page.locator("[data-feed] li[data-touch]").first).to_be_visible()
        assert len(shop.hub.viewers) == 1
        await tabs[0].page.close()
        await is_live(tabs[1].page)
        shop.send("calls", "answered", 9, direction="inbound", duration_s=9, agent="every tab")
        await shop.deliver()
        for tab in tabs[1:]:
            await expect(tab.page.locator("[data-feed] li").first).to_contain_text("every tab")
        assert len(shop.hub.viewers) == 1
        await tabs[1].check()
    finally:
        await context.close()


async def test_a_page_says_that_kafka_is_away_and_answers(shop: Shop, shop_site: Site) -> None:
    def turn(is_there: bool) -> None:
        shop_site.api.loop.call_soon_threadsafe(setattr, shop.hub.pipeline, "kafka", is_there)

    async with shop_site.visit("/", expected=(MOVES,)) as visit:
        await is_live(visit.page)
        turn(False)
        try:
            badge = visit.page.locator("[data-live-text]")
            await expect(badge).to_have_text("Kafka is away")
            await visit.check_accessibility()
            await visit.goto("/customers")
            await expect(badge).to_have_text("Kafka is away")
            await expect(visit.page.locator("#list [data-row]").first).to_be_visible()
        finally:
            turn(True)
        await is_live(visit.page)
        await visit.goto("/")
        shop.send("calls", "answered", 12, direction="inbound", duration_s=9, agent="again")
        await shop.deliver()
        await expect(visit.page.locator("[data-feed] li").first).to_contain_text("again")


async def test_a_hidden_tab_leaves_and_catches_up_when_it_is_seen(shop: Shop, shop_site: Site) -> None:
    context = await shop_site.context()
    try:
        page = await context.new_page()
        await page.clock.install()
        await page.goto(shop_site.api.url)
        await is_live(page)
        hide = (
            "Object.defineProperty(document, 'hidden', {configurable: true, value: %s}); "
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        await page.evaluate(hide % "true")
        await page.clock.fast_forward(3_600_000)
        while shop.hub.viewers:
            await page.clock.fast_forward(1_000)
        shop.send("calls", "missed", 10, direction="inbound")
        await shop.deliver()
        async with page.expect_response(lambda answer: answer.url == shop_site.api.url + "/"):
            await page.evaluate(hide % "false")
        await is_live(page)
        await expect(page.locator("[data-feed] li").first).to_contain_text("missed call")
    finally:
        await context.close()


async def test_a_clock_that_is_hours_off_changes_no_age(shop: Shop, shop_site: Site) -> None:
    context = await shop_site.context()
    try:
        page = await context.new_page()
        await page.clock.install(time=0)
        await page.goto(shop_site.api.url)
        await is_live(page)
        shop.send("calls", "answered", 11, direction="inbound", duration_s=9, agent="clock")
        await shop.deliver()
        first = page.locator("[data-feed] li").first
        await expect(first).to_contain_text("clock")
        assert re.search(r"now|\d+\u00a0s ago", await first.locator("time").inner_text())
    finally:
        await context.close()


async def test_figures_stay_while_clickhouse_is_away(shop: Shop, shop_site: Site) -> None:
    loop = shop_site.api.loop
    async with shop_site.visit("/", expected=(MOVES,)) as visit:
        await is_live(visit.page)
        score = await visit.page.locator("#hot [data-score]").first.inner_text()
        loop.call_soon_threadsafe(shop.gate.turn, False)
        try:
            banner = visit.page.locator("[data-banner]")
            while not await banner.is_visible():
                await visit.page.reload()
            await expect(banner).to_contain_text("ClickHouse does not answer: figures are from")
            await expect(visit.page.locator("#hot [data-score]").first).to_be_visible()
            assert score
            await is_live(visit.page)
        finally:
            loop.call_soon_threadsafe(shop.gate.turn, True)
        while await banner.is_visible():
            await visit.page.reload()


async def test_ranges_change_the_address_without_leaving_the_page(shop: Shop, shop_site: Site) -> None:
    async with shop_site.visit("/", expected=(MOVES,)) as visit:
        await visit.page.evaluate("window.__same = true")
        await visit.page.keyboard.press("d")
        await visit.page.wait_for_url("**/?range=24h")
        await expect(visit.page.locator("#rate h2")).to_have_text("Touches per hour")
        await visit.page.get_by_role("button", name="As table").click()
        await expect(visit.page.locator("#rate .as-table th").first).to_have_text("Time")
        await visit.page.get_by_role("button", name="As chart").click()
        chart = visit.page.locator("#rate [data-chart]")
        await chart.focus()
        await visit.page.keyboard.press("End")
        await expect(visit.page.locator("[data-polite]")).to_contain_text("visits", ignore_case=True)
        assert await visit.page.evaluate("window.__same")
