"""Segments over the rows of the real pipeline, compared with the whole set of scores."""

from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE, value_at
from dashboards.answers.segments import WARM_SCORE, segments
from schemas.columns import NO_RANK
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from tests.dashboards.answers.past_recount import recount
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS

TENANT = {"tenant": "main"}
_NOW = """
SELECT identifier, net_key, toUnixTimestamp64Milli(first_seen), toUnixTimestamp64Milli(last_seen)
FROM profiles FINAL WHERE tenant = {tenant:String} AND parent = '' AND touches > 0
"""
BUSY_MS = END_MS - 42 * DAY_MS  # days 77 have the most touches


def score(key: float, at_ms: int) -> float:
    return 0.0 if key <= NO_RANK else value_at(key, at_ms, HALF_LIFE_MS)


def test_each_segment_has_the_customers_that_its_definition_says(lived: Client) -> None:
    rows = lived.query(_NOW, TENANT).result_rows
    for at_ms in (BUSY_MS, END_MS):
        found = segments(lived, Scope(), at_ms=at_ms, half_life_ms=HALF_LIFE_MS)
        scores = [score(key, at_ms) for _, key, _, _ in rows]
        assert found.customers == len(rows)
        assert found.hot.customers == sum(one >= HOT_SCORE for one in scores) > 0
        assert found.warm.customers == sum(WARM_SCORE <= one < HOT_SCORE for one in scores) > 0
        assert found.new.customers == sum(first_ms >= at_ms - 7 * DAY_MS for _, _, first_ms, _ in rows)
        assert found.cooling.customers == sum(
            score(key, at_ms) < HOT_SCORE <= score(key, last_ms) for _, key, _, last_ms in rows
        )


def test_who_became_hot_was_not_hot_the_day_before(lived: Client) -> None:
    for at_ms in range(END_MS - 10 * DAY_MS, END_MS, DAY_MS):
        found = segments(lived, Scope(), at_ms=at_ms, half_life_ms=HALF_LIFE_MS)
        before = recount(lived, found.since_ms)
        was_hot = {name for name, value in before.items() if value >= HOT_SCORE}
        now = {name: score(key, at_ms) for name, key, _, last_ms in lived.query(_NOW, TENANT).result_rows}
        is_hot = {name for name, value in now.items() if value >= HOT_SCORE}
        seen = {name for name, _, _, last_ms in lived.query(_NOW, TENANT).result_rows if last_ms >= found.since_ms}
        assert found.hot.came == len((is_hot & seen) - was_hot)
        assert {one.profile for one in found.newly_hot} <= is_hot - was_hot


def test_a_tenant_without_customers_has_empty_segments(lived: Client) -> None:
    found = segments(lived, Scope("empty"), at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
    assert (found.customers, found.hot.customers, found.hot.came, found.hot.left, found.newly_hot) == (0, 0, 0, 0, ())
