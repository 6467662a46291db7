"""Touches over time, by kind and by source: the answers of the questions, as JSON and as CSV."""

import csv
from dataclasses import asdict

import pytest

from dashboards.answers.activity import activity
from dashboards.answers.channel_mix import channel_mix
from dashboards.answers.scope import Scope
from dashboards.answers.sources import sources
from dashboards.answers.time_steps import Span, Step
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS
from tests.dashboards.people import END_MS

MAIN = Scope()
SPAN = Span(END_MS - 60 * DAY_MS, END_MS, "Europe/Berlin")
RANGE = f"from_ms={SPAN.from_ms}&to_ms={SPAN.to_ms}&zone=Europe/Berlin"


def rows_of(api: RunningApi, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(api.get(path).text.splitlines()))


@pytest.mark.parametrize("step", [Step.HOUR, Step.DAY])
def test_activity_has_the_steps_of_the_zone(api: RunningApi, lived: Client, step: Step) -> None:
    expected = activity(lived, MAIN, SPAN, step)
    assert len(expected.channels) > 2
    found = api.get(f"/v1/activity?step={step}&{RANGE}").json()
    assert (found["step"], found["zone"], found["starts_ms"]) == (step, "Europe/Berlin", list(expected.starts_ms))
    assert {one["channel"]: (*one["touches"],) for one in found["channels"]} == {
        one.channel: one.touches for one in expected.channels
    }
    assert api.get(f"/v1/activity?step={step}&{RANGE}", "dashboard").json() == found


def test_csv_of_activity_has_a_row_for_each_step_and_channel(api: RunningApi, lived: Client) -> None:
    expected = activity(lived, MAIN, SPAN, Step.DAY)
    rows = rows_of(api, f"/v1/activity.csv?{RANGE}")
    assert [(row["channel"], int(row["start_ms"]), int(row["touches"]), int(row["bots"])) for row in rows] == [
        (one.channel, *values)
        for one in expected.channels
        for values in zip(expected.starts_ms, one.touches, one.bots, strict=True)
    ]
    header = api.get("/v1/activity.csv?from_ms=0&to_ms=1&zone=America/New_York").text
    assert header.split() == ["start_ms,channel,touches,bots"]


def test_kinds_are_those_of_the_range(api: RunningApi, lived: Client) -> None:
    expected = [asdict(one) for one in channel_mix(lived, MAIN, SPAN)]
    assert len(expected) > 5
    assert api.get(f"/v1/channel-mix?{RANGE}").json() == expected
    assert api.get(f"/v1/channel-mix?{RANGE}", "dashboard").json() == expected
    assert [row["type"] for row in rows_of(api, f"/v1/channel-mix.csv?{RANGE}")] == [one["type"] for one in expected]


def test_sources_are_those_of_the_range(api: RunningApi, lived: Client) -> None:
    expected = sources(lived, MAIN, SPAN, limit=3)
    assert expected.sources
    found = api.get(f"/v1/sources?limit=3&{RANGE}").json()
    assert found == {**asdict(expected), "sources": [asdict(one) for one in expected.sources]}
    assert api.get(f"/v1/sources?limit=3&{RANGE}", "dashboard").json() == found
    rows = rows_of(api, f"/v1/sources.csv?limit=3&{RANGE}")
    assert [row["source"] for row in rows] == [one.source for one in expected.sources]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("activity?step=minute", "The range has more than 2,000 steps of a minute"),
        ("activity?step=week", "query.step"),
        (f"channel-mix?from_ms={END_MS}&to_ms=5", "The range ends before it begins"),
        ("sources?limit=0", "query.limit"),
    ],
)
def test_wrong_parameters_are_a_problem(api: RunningApi, path: str, words: str) -> None:
    found = api.get(f"/v1/{path}")
    assert found.status_code == 422
    assert words in found.json()["detail"]
