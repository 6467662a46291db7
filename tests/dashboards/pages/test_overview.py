"""The overview over the rows of the real pipeline."""

from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS


def test_the_hot_list_has_the_ten_with_the_highest_scores(api: RunningApi, lived: Client) -> None:
    text = api.get("/").text
    places = [
        text.index(f'data-row="{row.profile}"')
        for row in top(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=10)
    ]
    assert places == sorted(places)


def test_a_dashboard_sees_no_identifier(api: RunningApi) -> None:
    assert "customer_id:c1<" in api.get("/", "admin").text
    assert "customer_id:c1<" not in api.get("/", "dashboard").text
