"""The page of the pipeline: the state that is read, the store's contents, and an audit on request."""

import re
from dataclasses import replace

import pytest
from playwright.async_api import expect

from dashboards.answers.pipeline import PipelineState, WorkerState
from dashboards.answers.store_status import read_store_status
from dashboards.pages import format as write
from dashboards.pages.pipeline import headline
from sinks.clickhouse.client import Client
from tests.dashboards.api.example_services import STATE
from tests.dashboards.api.running import RunningApi
from tests.dashboards.pages.browsing import MOVES, Site, needs_chromium
from tests.dashboards.pages.shop import Shop

FLOWS = replace(STATE, worker=WorkerState(0, 0, 0, False, 0.1, 0.4, 300.0), trouble=())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "start it with TOUCHLINE_KAFKA"),
        (STATE, "ClickHouse takes no rows: touches wait in Kafka"),
        (replace(FLOWS, trouble=("a",)), "One thing needs attention"),
        (replace(FLOWS, trouble=("a", "b")), "2 things need attention"),
        (replace(FLOWS, worker=WorkerState(0, 0, 0, False, 5.0, 60.0, 300.0)), "takes more than 60 s"),
        (FLOWS, "It flows: all stages are read"),
    ],
)
def test_the_headline_says_the_worst(state: PipelineState | None, words: str) -> None:
    assert words in " ".join(headline(state))


def test_figures_are_those_of_the_state_and_of_the_store(api: RunningApi, lived: Client) -> None:
    text = api.get("/pipeline").text
    store = read_store_status(lived)
    assert "<span data-value>43</span>" in text
    assert "No worker reads timeline: start one." in text
    assert f"<dd>{write.whole(store.touches)}</dd>" in text
    assert f"<dd>{write.whole(store.profiles)}</dd>" in text
    assert "5.0\u00a0GB free of 100\u00a0GB" in text


@pytest.mark.parametrize(("wrong", "words"), [(0, "✓ Right."), (3, "✗ 3 differences.")])
def test_the_last_audit_is_shown(shop: Shop, shop_site: Site, wrong: int, words: str) -> None:
    at_s = shop.now_ms() / 1000
    shop.writer.command(
        "INSERT INTO audits (finished_at, tenant, profiles, touches, differences) "
        f"VALUES ({at_s:.3f}, 'main', 24, 90, {wrong})"
    )
    while words not in (text := shop_site.api.get("/pipeline").text):
        pass
    assert "compared all 24 customers with 90 touches" in text


@needs_chromium
async def test_how_long_a_touch_takes_to_the_pages_is_shown(shop: Shop, shop_site: Site) -> None:
    shop.send("calls", "answered", 3, direction="inbound", duration_s=9)
    await shop.deliver()
    async with shop_site.visit("/pipeline", expected=(MOVES,)) as visit:
        figure = visit.page.locator(".kpi", has_text="Kafka to pages")
        await expect(figure).to_have_text(re.compile(r"[0-9.]+ s.*half; 99 % within [0-9.]+ s"))


@needs_chromium
async def test_customers_are_audited_on_request(site: Site) -> None:
    async with site.visit("/pipeline") as visit:
        await visit.page.get_by_role("button", name="Check 100 customers").click()
        await visit.page.get_by_text("✓ Right.").wait_for()
        await visit.check_accessibility()
