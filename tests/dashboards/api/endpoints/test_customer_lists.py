"""Lists of customers: pages, past hours, movers, and what each role may see of them."""

import csv

from dashboards.answers.past_scores import past_top
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS


def test_pages_of_the_list(api: RunningApi, lived: Client) -> None:
    whole = top(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=500)
    found, cursor = [], ""
    for _ in range(40):
        page = api.get(f"/v1/customers?limit=9&cursor={cursor}").json()
        found += page["rows"]
        if not (cursor := page["next"]):
            break
    assert [one["customer"]["profile"] for one in found] == [one.profile for one in whole]
    assert [one["customer"]["place"] for one in found] == [one.place for one in whole]
    assert all(api.services.profile_keys.profile_of("main", one["key"]) for one in found[:3])
    assert any(one["change"] < 0 for one in found)


def test_wrong_cursors_are_a_problem(api: RunningApi) -> None:
    for cursor in ("1", "nan~0~1", "e~1~1", "1~2"):
        found = api.get(f"/v1/customers?cursor={cursor}")
        assert (found.status_code, found.json()["type"]) == (422, "query-api#invalid-request"), cursor


def test_list_of_a_channel_has_no_change(api: RunningApi) -> None:
    rows = api.get("/v1/customers?channel=calls&limit=3").json()["rows"]
    assert len(rows) == 3
    assert {one["change"] for one in rows} == {None}


def test_list_of_a_past_hour(api: RunningApi, lived: Client) -> None:
    at_ms = END_MS - 30 * DAY_MS
    expected = past_top(lived, Scope(), at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=5)
    found = api.get(f"/v1/top/past?at_ms={at_ms}&limit=5").json()
    assert [one["customer"]["profile"] for one in found] == [one.profile for one in expected]


def test_movers_as_json_and_csv(api: RunningApi) -> None:
    found = api.get(f"/v1/movers?hours={24 * 20}&limit=5").json()
    rows = list(csv.DictReader(api.get(f"/v1/movers.csv?hours={24 * 20}&limit=5").text.splitlines()))
    assert len(found["rose"]) == 5
    listed = [one["customer"]["profile"] for one in (*found["rose"], *found["fell"])]
    assert [one["customer.profile"] for one in rows] == listed


def test_roles(api: RunningApi) -> None:
    clear = [one["customer"]["profile"] for one in api.get("/v1/customers?limit=500").json()["rows"]]
    for path in (
        "/v1/customers?limit=500",
        "/v1/customers.csv?limit=500",
        f"/v1/top/past?at_ms={END_MS}",
        f"/v1/top/past.csv?at_ms={END_MS}",
        "/v1/movers",
        "/v1/movers.csv",
    ):
        shown = api.get(path, "dashboard")
        assert shown.status_code == 200, path
        assert not [one for one in clear if one in shown.text], path
        assert api.get(path, "support").status_code == 403, path
        assert api.get(path, None).status_code == 401, path
