"""The pages of the demo site in Chromium: a person's clicks are recorded, and the command shows the own id."""

import pytest
from playwright.async_api import Browser, expect

from sources.collector.config import CollectorConfig
from sources.tracker.demo_site import PAGES, demo_file, demo_page
from tests.sources.collector.running import KEY, running_collector, wait_until
from tests.sources.tracker.browsing import PATIENCE_S, needs_chromium, new_context


def test_links_lead_to_pages_that_exist() -> None:
    for page in PAGES.values():
        for link in page.content.split('"/demo/')[1:]:
            name = link.partition('"')[0]
            assert name in PAGES or demo_file(name), name


def test_a_key_cannot_break_out_of_its_attribute() -> None:
    assert b'data-key="&quot;&gt;"' in (demo_page("", '">') or b"")


@needs_chromium
@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_a_person_who_clicks_there(browser: Browser) -> None:
    async with running_collector(CollectorConfig(demo_key=KEY)) as collector:
        context = await new_context(browser)
        page = await context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if "Security Policy" in message.text else None)
        await page.goto(f"http://127.0.0.1:{collector.port}/demo")
        await expect(page.locator("#timeline")).not_to_contain_text("…", timeout=PATIENCE_S * 1000)
        shown = await page.text_content("#timeline")
        await page.click("text=Play the video")
        await page.click("text=Contact")
        await page.fill("[type=email]", "ada@example.org")
        await page.get_by_label("Message").fill("a secret")
        await page.click("text=Send")
        await page.wait_for_url("**/demo/thanks*")

        def kinds() -> set[str]:
            return {touch["type"] for touch in collector.sink.touches}

        await wait_until(lambda: {"page", "click", "form"} <= kinds(), PATIENCE_S)
        (visitor,) = {touch["anonymous_id"] for touch in collector.sink.touches}
        assert shown == f"touchline timeline anonymous_id:{visitor}"
        # A page that is left sends what it has by a beacon, and the next page sends it again: the event id is the same.
        (form,) = {touch["event_id"]: touch for touch in collector.sink.touches if touch["type"] == "form"}.values()
        assert (form["name"], form["email"]) == ("Contact", "ada@example.org")
        assert "secret" not in str(collector.sink.touches)
        assert refused == []
        await context.close()
