"""Past scores against a count of the touches one by one."""

import pytest

from dashboards.answers.identities import owners_of
from dashboards.answers.past_scores import PastRanked, past_scores, past_top
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from sinks.clickhouse.client import Client
from tests.dashboards.answers.past_recount import recount
from tests.dashboards.answers.touch_rows import put_touches
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS, START_MS

MAIN = Scope()
THEN_MS = START_MS + 60 * DAY_MS + 1_234_567


def then(client: Client, limit: int = 50, at_ms: int = THEN_MS) -> list[PastRanked]:
    return past_top(client, MAIN, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=limit)


@pytest.mark.parametrize("at_ms", [THEN_MS, START_MS + 40 * DAY_MS + 1, END_MS])
def test_list_equals_sorting_all_profiles(lived: Client, at_ms: int) -> None:
    scores = recount(lived, at_ms)
    best = sorted((name for name in scores if scores[name] > 0), key=lambda name: -scores[name])
    assert len(best) > 20
    for limit in (3, 500):
        found = then(lived, limit, at_ms)
        assert [one.place for one in found] == list(range(1, len(found) + 1))
        assert [one.score.net for one in found] == pytest.approx([scores[name] for name in best[:limit]], rel=1e-9)
        assert [scores[one.profile] for one in found] == pytest.approx([one.score.net for one in found], rel=1e-9)


def test_scores_of_some_profiles(lived: Client) -> None:
    scores = recount(lived, THEN_MS)
    some = [*sorted(scores)[:40], "customer_id:nobody"]
    owners = owners_of(lived, MAIN, some)
    found = past_scores(lived, MAIN, owners, at_ms=THEN_MS, half_life_ms=HALF_LIFE_MS)
    for name in some:
        assert found.get(name, 0.0) == pytest.approx(scores.get(name, 0.0), rel=1e-9, abs=1e-9)


def test_the_past_until_now_is_now(lived: Client) -> None:
    at_ms = START_MS + 500 * DAY_MS  # later than every touch
    now = top(lived, MAIN, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, limit=500)
    found = then(lived, 500, at_ms)
    assert [one.profile for one in found] == [one.profile for one in now]
    assert [one.score.net for one in found] == pytest.approx([one.score.net for one in now], rel=1e-9)


def test_nothing_is_known_of_a_time_before_all_touches(lived: Client) -> None:
    assert then(lived, at_ms=START_MS - DAY_MS) == []
    assert past_scores(lived, MAIN, {}, at_ms=END_MS, half_life_ms=HALF_LIFE_MS) == {}


def test_equal_scores_are_listed_by_identifier(place: Place) -> None:
    many = sorted(f"customer_id:{number}" for number in range(60))
    put_touches(place.writer, *((name, START_MS, 10.0) for name in many))
    assert [one.profile for one in then(place.reader, 60, START_MS + DAY_MS)] == many
