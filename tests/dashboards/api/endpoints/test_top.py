"""The hot list as an endpoint: the answer of `dashboards.answers.top`, masked for dashboards, and as CSV."""

import csv

from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS


def test_the_answer_is_that_of_the_question(api: RunningApi, lived: Client) -> None:
    expected = top(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=5, channel="visits")
    found = api.get("/v1/top?limit=5&channel=visits")
    assert found.status_code == 200
    assert [one["profile"] for one in found.json()] == [one.profile for one in expected]
    assert [one["score"]["net"] for one in found.json()] == [one.score.net for one in expected]


def test_csv_has_the_same_rows(api: RunningApi) -> None:
    rows = list(csv.DictReader(api.get("/v1/top.csv?limit=5").text.splitlines()))
    assert [one["profile"] for one in rows] == [one["profile"] for one in api.get("/v1/top?limit=5").json()]
    assert float(rows[0]["score.net"]) > float(rows[4]["score.net"])


def test_a_dashboard_sees_no_identifier(api: RunningApi) -> None:
    clear = {one["profile"] for one in api.get("/v1/top?limit=500").json()}
    for path in ("/v1/top?limit=500", "/v1/top.csv?limit=500"):
        text = api.get(path, "dashboard").text
        assert "···" in text
        assert not [one for one in clear if one.partition(":")[2] in text]


def test_wrong_parameters_are_a_problem(api: RunningApi) -> None:
    found = api.get("/v1/top?limit=0&channel=fax")
    assert found.status_code == 422
    assert found.headers["content-type"] == "application/problem+json"
    assert {one["where"] for one in found.json()["errors"]} == {"query.limit", "query.channel"}


def test_support_may_not_list_customers(api: RunningApi) -> None:
    found = api.get("/v1/top", "support")
    assert found.status_code == 403
    assert found.json()["type"] == "query-api#forbidden"
