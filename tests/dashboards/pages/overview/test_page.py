"""The overview over the rows of the real pipeline."""

import html
import re

from playwright.async_api import expect

from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from dashboards.api.security.tokens import ApiToken
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi, TokenList
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.pages.browsing import Site, needs_chromium
from tests.dashboards.people import END_MS


def test_the_hot_list_has_the_ten_with_the_highest_scores(api: RunningApi, lived: Client) -> None:
    text = api.get("/").text
    places = [
        text.index(f'data-row="{api.services.profile_keys.key_of("main", row.profile)}"')
        for row in top(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=10)
    ]
    assert places == sorted(places)


def test_a_dashboard_sees_no_identifier(api: RunningApi) -> None:
    assert "Customer c1</" in api.get("/", "admin").text
    assert "Customer c1</" not in api.get("/", "dashboard").text


def test_the_chart_is_there_as_csv(api: RunningApi) -> None:
    text = api.get("/?range=7d&tz=Europe/Berlin").text
    found = re.search(r'href="(/v1/activity.csv[^"]*)"', text)
    assert found
    rows = api.get(html.unescape(found[1])).text.splitlines()
    assert rows[0] == "start_ms,channel,touches,bots"
    assert len(rows) > 100
    assert 'href="/v1/segments.csv"' in text
    assert 'href="/v1/segments.csv"' not in api.get("/", "support").text


@needs_chromium
async def test_a_key_hides_the_week_before(site: Site) -> None:
    async with site.visit("/?range=7d") as visit:
        legend = visit.page.locator("#rate [data-legend]")
        await expect(legend).to_contain_text("the week before")
        await visit.page.keyboard.press("x")
        await visit.page.wait_for_url("**/?range=7d&compare=none")
        await expect(legend).not_to_contain_text("the week before")
        await visit.page.get_by_role("link", name="Show the week before").click()
        await expect(legend).to_contain_text("the week before")


@needs_chromium
async def test_before_the_first_touch_it_says_how_to_send_one(site: Site) -> None:
    tokens = site.api.services.tokens
    assert isinstance(tokens, TokenList)
    tokens.tokens["token-empty"] = ApiToken("id-empty", "empty", "analyst", "empty", 0)
    async with site.visit("/", "analyst", token="id-empty", tenant="empty") as visit:
        await visit.page.get_by_role("heading", name="No touches yet. Send one:").wait_for()
        assert "curl http://127.0.0.1:8080" in await visit.page.locator("pre").inner_text()
        await visit.check_accessibility()
