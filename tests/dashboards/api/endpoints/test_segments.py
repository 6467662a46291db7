"""Segments as an endpoint: the answer of the question, masked for dashboards, and as CSV."""

import csv
from dataclasses import asdict

from dashboards.answers.scope import Scope
from dashboards.answers.segments import segments
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS


def test_the_answer_is_that_of_the_question(api: RunningApi, lived: Client) -> None:
    expected = segments(lived, Scope(), at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert expected.hot.customers > 0
    found = api.get("/v1/segments").json()
    assert found == {**asdict(expected), "newly_hot": [asdict(one) for one in expected.newly_hot]}


def test_csv_has_a_row_for_each_segment(api: RunningApi) -> None:
    found = api.get("/v1/segments").json()
    rows = list(csv.DictReader(api.get("/v1/segments.csv").text.splitlines()))
    assert [row["name"] for row in rows] == ["hot", "warm", "new", "cooling"]
    assert [int(row["customers"]) for row in rows] == [found[row["name"]]["customers"] for row in rows]
    assert (rows[1]["came"], rows[1]["left"]) == ("", "")


def test_a_dashboard_sees_the_same_counts(api: RunningApi) -> None:
    clear, masked = api.get("/v1/segments").json(), api.get("/v1/segments", "dashboard").json()
    assert [masked[name] for name in ("hot", "warm", "new", "cooling")] == [
        clear[name] for name in ("hot", "warm", "new", "cooling")
    ]
    assert all("···" in one["profile"] for one in masked["newly_hot"])
