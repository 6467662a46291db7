"""Service levels and first replies: the answers of the questions; dashboards see no names of agents."""

import csv

from dashboards.answers.call_service_levels import call_service_levels
from dashboards.answers.first_reply import first_replies
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from dashboards.answers.waiting import waiting_now
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.people import END_MS

SPAN = Span(END_MS - 90 * DAY_MS, END_MS, "Europe/Berlin")
RANGE = f"from_ms={SPAN.from_ms}&to_ms={SPAN.to_ms}&zone=Europe/Berlin"


def test_levels_are_those_of_the_range(api: RunningApi, lived: Client) -> None:
    expected = call_service_levels(lived, Scope(), SPAN)
    found = api.get(f"/v1/service?{RANGE}").json()
    assert expected.all.calls > 20
    assert found["all"]["calls"] == expected.all.calls
    assert [(day, hour) for day, hour, _ in found["by_hour"]] == [(day, hour) for day, hour, _ in expected.by_hour]
    assert [name for name, _ in found["by_agent"]] == [name for name, _ in expected.by_agent]


def test_csv_has_a_row_for_each_group(api: RunningApi, lived: Client) -> None:
    expected = call_service_levels(lived, Scope(), SPAN)
    rows = list(csv.DictReader(api.get(f"/v1/service.csv?{RANGE}").text.splitlines()))
    assert rows[0]["level.calls"] == str(expected.all.calls)
    hours = [row for row in rows if row["group"] == "hour"]
    assert sum(int(row["level.calls"]) for row in hours) == expected.all.calls


def test_first_replies_are_those_of_the_range(api: RunningApi, lived: Client) -> None:
    expected = first_replies(lived, Scope(), SPAN)
    found = api.get(f"/v1/service/first-replies?{RANGE}").json()
    assert (found["questions"], found["answered"]) == (expected.questions, expected.answered)


def test_who_waits_is_named_by_a_key(api: RunningApi, lived: Client) -> None:
    expected = waiting_now(lived, Scope(), at_ms=END_MS)
    assert len(expected.rows) == 2
    rows = api.get("/v1/service/waiting").json()["rows"]
    assert [row["waiting"]["profile"] for row in rows] == [one.profile for one in expected.rows]
    key = rows[0]["key"]
    assert api.get(f"/v1/customers/{key}").json()["profile"]["identifier"] == expected.rows[0].profile
    masked = api.get("/v1/service/waiting.csv", "dashboard").text
    assert key in masked
    assert expected.rows[0].profile not in masked
