"""The page of the pipeline: the state that is read, the store's contents, and an audit on request."""

from dataclasses import replace

import pytest

from dashboards.answers.pipeline import PipelineState, WorkerState
from dashboards.answers.store_status import read_store_status
from dashboards.pages import format as write
from dashboards.pages.pipeline import headline
from sinks.clickhouse.client import Client
from tests.dashboards.api.example_services import STATE
from tests.dashboards.api.running import RunningApi
from tests.dashboards.pages.browsing import Site, needs_chromium

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


@needs_chromium
async def test_customers_are_audited_on_request(site: Site) -> None:
    async with site.visit("/pipeline") as visit:
        await visit.page.get_by_role("button", name="Check 100 customers").click()
        await visit.page.get_by_text("✓ Right.").wait_for()
        await visit.check_accessibility()
