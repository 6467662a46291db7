"""Rules and scores as changed: the answers of the questions, and changes that are refused."""

import csv
from collections.abc import Iterator

import pytest

from dashboards.answers.rule_changes import RuleChange, apply_changes
from dashboards.answers.scope import Scope
from dashboards.answers.what_if import rule_effects, what_if
from dashboards.api.reader.async_clickhouse import Server
from sinks.clickhouse.client import Client
from tests.dashboards.api.example_services import KNOWN
from tests.dashboards.api.running import RunningApi, make_services, serving
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

CHANGED = apply_changes(KNOWN, [RuleChange("form", 900.5), RuleChange("page", 2, 1)])


@pytest.fixture(scope="module")
def ruled(server: Server) -> Iterator[RunningApi]:
    with serving(lambda: make_services(server, lambda: END_MS, HALF_LIFE_MS, rules=KNOWN.rules)) as running:
        yield running


def test_rules_have_the_sums_of_their_touches(ruled: RunningApi, lived: Client) -> None:
    found = ruled.get("/v1/rules").json()
    assert found["half_life_ms"] == HALF_LIFE_MS
    assert [one["name"] for one in found["rules"] if one["in_use"]] == [rule.name for rule in KNOWN.rules]
    expected = {(one.channel, one.name): one for one in rule_effects(lived, Scope(), (), at_ms=END_MS)}
    assert {(one["channel"], one["name"]): one["total"] for one in found["rules"] if one["touches"]} == {
        key: one.points for key, one in expected.items()
    }


def test_comparison_is_that_of_the_question(ruled: RunningApi, lived: Client) -> None:
    found = ruled.get("/v1/rules/what-if?changes=form:900.5,page:2:1&half_life_days=14").json()
    expected = what_if(lived, Scope(), KNOWN, CHANGED, at_ms=END_MS, half_life_ms=2 * HALF_LIFE_MS)
    assert found["new_half_life_ms"] == 2 * HALF_LIFE_MS
    assert (found["scores"]["hot"], found["scores"]["new_hot"]) == (expected.hot, expected.new_hot)
    assert [one["profile"] for one in found["scores"]["entering"]] == [one.profile for one in expected.entering]
    assert expected.enter > 3
    changed = {
        one["name"] for one in found["rules"] if (one["points"], one["cap"]) != (one["new_points"], one["new_cap"])
    }
    assert changed == {"form", "page"}


def test_csv_has_a_row_for_each_rule(ruled: RunningApi) -> None:
    rows = list(csv.DictReader(ruled.get("/v1/rules/what-if.csv?changes=form:1").text.splitlines()))
    assert [row["new_points"] for row in rows if row["name"] == "form"] == ["1.0"]


def test_a_dashboard_sees_who_becomes_hot_masked(ruled: RunningApi) -> None:
    path = "/v1/rules/what-if?changes=form:900"
    names = {one["profile"] for one in ruled.get(path).json()["scores"]["entering"]}
    found = ruled.get(path, "dashboard")
    assert len(found.json()["scores"]["entering"]) == len(names) > 3
    assert not [name for name in names if name.partition(":")[2] in found.text]
    assert {"form", "page"} <= {one["name"] for one in found.json()["rules"]}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("changes=form", "query.changes"),
        ("changes=none:3", "There is no rule none. /v1/rules lists all rules."),
        ("changes=form:3:1001", "The cap of form is 1001: at most 1000 is possible."),
        ("half_life_days=0", "query.half_life_days"),
    ],
)
def test_wrong_changes_are_a_problem(ruled: RunningApi, query: str, words: str) -> None:
    found = ruled.get(f"/v1/rules/what-if?{query}")
    assert found.status_code == 422
    assert words in found.json()["detail"]


def test_support_compares_no_scores(ruled: RunningApi) -> None:
    assert ruled.get("/v1/rules", "support").status_code == 200
    assert ruled.get("/v1/rules/what-if", "support").status_code == 403
