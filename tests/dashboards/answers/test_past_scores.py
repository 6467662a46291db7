"""Past scores against the history itself."""

import pytest

from dashboards.answers.past_scores import HOUR_MS, PastRanked, full_hour, past_scores, past_top
from dashboards.answers.scope import Scope
from dashboards.answers.score import score_of
from sinks.clickhouse.client import Client
from tests.dashboards.answers.test_top import store
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS, START_MS

MAIN = Scope()
THEN_MS = START_MS + 60 * DAY_MS + 1_234_567


def then(client: Client, limit: int = 50, at_ms: int = THEN_MS) -> list[PastRanked]:
    return past_top(client, MAIN, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=limit)


def test_list_equals_sorting_the_history(lived: Client) -> None:
    rows = lived.query(
        """
        SELECT identifier, argMax((rank_pos, rank_neg, parent), (hour, activity_offset)) FROM score_history
        WHERE tenant = 'main' AND hour < toDateTime({before:Int64}, 'UTC') GROUP BY identifier
        """,
        parameters={"before": full_hour(THEN_MS) // 1000},
    ).result_rows
    scores = {
        name: score_of(pos, neg, full_hour(THEN_MS), HALF_LIFE_MS).net
        for name, (pos, neg, parent) in rows
        if not parent
    }
    best = sorted((name for name in scores if scores[name] > 0), key=lambda name: (-scores[name], name))
    assert len(best) > 20
    for limit in (3, 500):
        found = then(lived, limit)
        assert [one.profile for one in found] == best[:limit]
        assert [one.place for one in found] == list(range(1, len(found) + 1))
        assert [one.score.net for one in found] == pytest.approx([scores[name] for name in best[:limit]], rel=1e-9)
    some = past_scores(lived, MAIN, [*best[:3], "customer_id:nobody"], at_ms=THEN_MS, half_life_ms=HALF_LIFE_MS)
    assert some == pytest.approx({name: scores[name] for name in best[:3]}, rel=1e-9)


def test_nothing_is_known_of_a_time_before_all_touches(lived: Client) -> None:
    assert then(lived, at_ms=START_MS - DAY_MS) == []
    assert past_scores(lived, MAIN, [], at_ms=END_MS, half_life_ms=HALF_LIFE_MS) == {}


def test_equal_scores_are_listed_by_identifier(place: Place) -> None:
    many = sorted(f"customer_id:{number}" for number in range(60))
    store(place, *((name, 1, 2930.0, "") for name in many))
    assert [one.profile for one in then(place.reader, 5, 10 * HOUR_MS)] == many[:5]
