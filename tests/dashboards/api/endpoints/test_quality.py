"""Data quality: the answer of the question, and refused records as CSV."""

import csv

from dashboards.answers.data_quality import data_quality
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.people import END_MS

SPAN = Span(END_MS - 200 * DAY_MS, END_MS + 200 * DAY_MS)
RANGE = f"from_ms={SPAN.from_ms}&to_ms={SPAN.to_ms}"


def test_quality_is_that_of_the_range(api: RunningApi, lived: Client) -> None:
    expected = data_quality(lived, Scope(), SPAN)
    found = api.get(f"/v1/quality?{RANGE}").json()
    assert min(expected.all.touches, expected.all.late, expected.all.bots, len(expected.rejected)) > 0
    assert (found["all"]["touches"], found["all"]["late"]) == (expected.all.touches, expected.all.late)
    assert found["flags"] == [list(one) for one in expected.flags]
    rows = list(csv.DictReader(api.get(f"/v1/quality.csv?{RANGE}").text.splitlines()))
    assert [(row["day"], row["reason"]) for row in rows] == [(str(one.day), one.reason) for one in expected.rejected]


def test_a_dashboard_sees_reasons_and_no_details(api: RunningApi) -> None:
    clear, masked = (api.get(f"/v1/quality?{RANGE}", role).json() for role in ("analyst", "dashboard"))
    assert [one["reason"] for one in masked["rejected"]] == [one["reason"] for one in clear["rejected"]]
    assert {one["detail"] for one in masked["rejected"]} <= {"", "···"}
    assert api.get("/v1/quality", "support").status_code == 403
