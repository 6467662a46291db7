"""The list of customers, who moved, and search, as each role sees them."""

import pytest

from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from dashboards.pages import format as write
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.pages.browsing import PHONE, Site, needs_chromium
from tests.dashboards.people import END_MS


def test_rows_are_those_of_the_ranking(api: RunningApi, lived: Client) -> None:
    text = api.get("/customers").text
    for row in top(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=3):
        key = api.services.profile_keys.key_of("main", row.profile)
        assert f'href="/customers/{key}"' in text
        assert f"<b>{write.points(row.score.net)}</b>" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?channel=calls", "by the score of calls"),
        ("?channel=orders", "No customer has a score by orders."),
        ("?sort=rose", "Rose in 24 h"),
        ("?sort=rose", "Compared are the 150 customers with the highest scores"),
        ("?sort=fell", "Fell in 24 h"),
        ("?cursor=wrong", "The cursor is not one of an earlier answer."),
        ("?cursor=1.0~0~51", "The list ends here."),
        ("?sort=nothing", "Highest score"),
    ],
)
def test_states_of_the_list(api: RunningApi, query: str, words: str) -> None:
    assert words in api.get(f"/customers{query}").text


def test_support_sees_no_list_and_a_dashboard_no_identifier(api: RunningApi) -> None:
    assert "Your role does not see lists." in api.get("/customers", "support").text
    for query in ("", "?sort=rose", "?sort=fell"):
        text = api.get(f"/customers{query}", "dashboard").text
        assert "···" in text
        assert "Person" not in text


def test_search_leads_to_the_customer_or_to_similar_ones(api: RunningApi) -> None:
    found = api.post("/customers/search", data={"identifier": "p1@example.org"})
    assert found.status_code == 303
    assert api.get(found.headers["location"]).status_code == 200
    unknown = api.post("/customers/search", data={"identifier": "pp1@example.org<script>"})
    assert unknown.status_code == 404
    assert "email:p1@example.org" in unknown.text
    assert "pp1@example.org&lt;script&gt;" in unknown.text
    nothing = api.post("/customers/search", data={"identifier": "zzzzzzzzzzzz"})
    assert "Nothing known is spelled alike." in nothing.text
    assert api.post("/customers/search", data={}).headers["location"] == "/customers"


@needs_chromium
@pytest.mark.parametrize(("size", "dark"), [((1280, 900), False), (PHONE, True)])
async def test_list_in_a_browser(site: Site, size: tuple[int, int], dark: bool) -> None:
    async with site.visit("/customers", size=size, dark=dark) as visit:
        await visit.check_accessibility()
        await visit.page.keyboard.press("j")
        await visit.page.keyboard.press("j")
        await visit.page.keyboard.press("Enter")
        await visit.page.wait_for_url("**/customers/*")
        await visit.page.get_by_role("heading", name="Timeline").wait_for()
