"""Campaigns, funnel and retention: the answers of the questions, as JSON and as CSV."""

import csv

import pytest

from dashboards.answers.campaigns import campaign_scores, campaigns
from dashboards.answers.funnel import FunnelStep, funnel
from dashboards.answers.retention import retention
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span
from sinks.clickhouse.client import Client
from tests.dashboards.api.running import RunningApi
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS

MAIN = Scope()
SPAN = Span(END_MS - 60 * DAY_MS, END_MS)
RANGE = f"from_ms={SPAN.from_ms}&to_ms={SPAN.to_ms}"


def test_campaigns_are_those_of_the_range_for_every_role(api: RunningApi, lived: Client) -> None:
    expected = campaigns(lived, MAIN, SPAN)
    assert len(expected.campaigns) > 2
    found = api.get(f"/v1/campaigns?{RANGE}").json()
    assert [(one["source"], one["visits"], one["people"]) for one in found["campaigns"]] == [
        (one.source, one.visits, one.people) for one in expected.campaigns
    ]
    assert found["first_day"] == expected.first_day.isoformat()
    assert api.get(f"/v1/campaigns?{RANGE}", "dashboard").json() == found
    rows = list(csv.DictReader(api.get(f"/v1/campaigns.csv?{RANGE}").text.splitlines()))
    assert [row["source"] for row in rows] == [one.source for one in expected.campaigns]


@pytest.mark.parametrize("touch", ["first", "last"])
def test_scores_are_by_first_or_last_touch(api: RunningApi, lived: Client, touch: str) -> None:
    expected = campaign_scores(
        lived, MAIN, touch="first" if touch == "first" else "last", at_ms=END_MS, half_life_ms=HALF_LIFE_MS
    )
    found = api.get(f"/v1/campaigns/scores?touch={touch}").json()
    assert [(one["source"], one["profiles"]) for one in found] == [(one.source, one.profiles) for one in expected]


def test_funnel_counts_those_who_did_the_steps_in_order(api: RunningApi, lived: Client) -> None:
    expected = funnel(lived, MAIN, SPAN, [FunnelStep("visits", "page"), FunnelStep("emails")], window_ms=7 * DAY_MS)
    found = api.get(f"/v1/funnel?steps=visits:page,emails&window_days=7&{RANGE}").json()
    assert [one["people"] for one in found] == [one.people for one in expected]
    assert expected[0].people > expected[1].people > 0


def test_retention_has_a_cohort_for_each_week(api: RunningApi, lived: Client) -> None:
    expected = retention(lived, MAIN, at_ms=END_MS, weeks=5)
    found = api.get("/v1/retention?weeks=5").json()
    assert [(one["week"], one["people"]) for one in found] == [(str(one.week), list(one.people)) for one in expected]
    assert api.get("/v1/retention.csv?weeks=5").text.splitlines()[1].startswith(str(expected[0].week))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("steps=visits", "A funnel has 2 to 8 steps"),
        ("steps=visits,faxes", "There is no channel 'faxes'"),
        (f"steps=visits,calls&from_ms={END_MS}&to_ms=5", "The range ends before it begins"),
        ("steps=visits,calls&zone=Mars", "There is no time zone 'Mars'"),
        ("", "query.steps"),
    ],
)
def test_wrong_parameters_are_a_problem(api: RunningApi, query: str, words: str) -> None:
    found = api.get(f"/v1/funnel?{query}")
    assert found.status_code == 422
    assert words in found.json()["detail"]
