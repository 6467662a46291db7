"""Curves of the pipeline's profiles, and of rows whose scores are known."""

from itertools import pairwise

import pytest

from dashboards.answers.identities import identifiers_of
from dashboards.answers.profile import profile
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE
from dashboards.answers.score_curve import ScoreCurve, score_curve
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from tests.dashboards.answers.past_recount import recount
from tests.dashboards.answers.touch_rows import put_touches
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS, START_MS

MAIN = Scope()
BUSY = "customer_id:c1"
HOUR_MS = 3_600_000
NOW_MS = END_MS // HOUR_MS * HOUR_MS


def curve(client: Client, name: str, since_ms: int, at_ms: int = NOW_MS) -> ScoreCurve:
    until_ms = at_ms + 30 * DAY_MS
    names = identifiers_of(client, MAIN, name)
    return score_curve(
        client, MAIN, names, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, since_ms=since_ms, until_ms=until_ms
    )


def test_curve_ends_with_the_score_of_the_profile(lived: Client) -> None:
    late_ms = START_MS + 500 * DAY_MS
    found, stored = (
        curve(lived, BUSY, late_ms - 60 * DAY_MS, late_ms),
        profile(lived, MAIN, BUSY, at_ms=late_ms, half_life_ms=HALF_LIFE_MS),
    )
    assert stored is not None
    assert found.score == pytest.approx(stored.score.net, rel=1e-9)
    assert found.past[-1] == pytest.approx((late_ms, found.score), rel=1e-9)
    assert found.future[0] == (late_ms, found.score)
    assert found.future[-1][1] == pytest.approx(found.score * 0.5 ** (30 / 7), rel=1e-9)


def test_times_of_a_curve_are_in_order(lived: Client) -> None:
    found = curve(lived, BUSY, START_MS)
    times = [at_ms for at_ms, _ in (*found.past, *found.future)]
    assert times == sorted(times)
    assert max(score for _, score in found.past) > 10


def test_curve_is_the_score_at_each_time(lived: Client) -> None:
    found = curve(lived, BUSY, NOW_MS - 10 * DAY_MS)
    assert not found.thinned
    assert len(found.past) > 40
    for at_ms, score in found.past[::7]:
        exact = {recount(lived, at_ms - 1)[BUSY], recount(lived, at_ms)[BUSY]}  # before and after a step
        assert any(score == pytest.approx(one, rel=1e-6) for one in exact)


def test_curve_of_many_steps_is_thinned(place: Place) -> None:
    put_touches(place.writer, *(("customer_id:busy", NOW_MS - number * HOUR_MS, 1.0) for number in range(900)))
    found = curve(place.reader, "customer_id:busy", NOW_MS - 30 * DAY_MS)
    assert found.thinned
    assert 200 < len(found.past) + len(found.future) <= 400
    decayed = sum(0.5 ** (number * HOUR_MS / HALF_LIFE_MS) for number in range(900))
    assert found.score == pytest.approx(decayed, rel=1e-9)


def test_hot_times(place: Place) -> None:
    start_ms, name = NOW_MS - 10 * DAY_MS, "customer_id:hot"
    day = 0.5 ** (1 / 7)  # what is left after a day
    scores = (90.0, 150.0, 300.0)
    weights = [after - before * day for before, after in pairwise((0.0, *scores))]
    put_touches(place.writer, *((name, start_ms + number * DAY_MS, one) for number, one in enumerate(weights)))
    found = curve(place.reader, name, start_ms - DAY_MS)
    assert found.hot_since_ms == start_ms + DAY_MS
    assert found.hot_until_ms is not None
    cold = curve(place.reader, name, start_ms, found.hot_until_ms + 1_000)
    assert cold.score == pytest.approx(HOT_SCORE, rel=1e-5)
    assert (cold.hot_since_ms, cold.hot_until_ms) == (None, None)
    drawn = [score for at_ms, score in found.past if at_ms == start_ms + DAY_MS]
    assert drawn == pytest.approx([90 * 0.5 ** (1 / 7), 150], rel=1e-9)
    assert found.past[0] == (start_ms - DAY_MS, 0.0)
    assert not found.thinned


def test_unknown_profile_has_a_flat_curve(place: Place) -> None:
    found = curve(place.reader, "customer_id:nobody", NOW_MS - DAY_MS)
    assert {score for _, score in (*found.past, *found.future)} == {0.0}
    assert (found.score, found.hot_since_ms) == (0.0, None)
