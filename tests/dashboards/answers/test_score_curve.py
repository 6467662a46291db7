"""Curves of the pipeline's profiles, and of rows whose scores are known."""

from math import log2

import pytest

from dashboards.answers.profile import profile
from dashboards.answers.scope import Scope
from dashboards.answers.score import HOT_SCORE
from dashboards.answers.score_curve import ScoreCurve, score_curve
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from sinks.store.insert import COLUMNS
from tests.dashboards.conftest import Place
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS, START_MS
from tests.sinks.sample_blocks import make_row

MAIN = Scope()
BUSY = "customer_id:c1"
HOUR_MS = 3_600_000
NOW_MS = END_MS // HOUR_MS * HOUR_MS


def curve(client: Client, name: str, since_ms: int, at_ms: int = NOW_MS) -> ScoreCurve:
    until_ms = at_ms + 30 * DAY_MS
    return score_curve(client, MAIN, name, at_ms=at_ms, half_life_ms=HALF_LIFE_MS, since_ms=since_ms, until_ms=until_ms)


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


def test_curve_of_many_steps_is_thinned(place: Place) -> None:
    rows = [
        make_row(
            "profiles", tenant="main", identifier="customer_id:busy", last_seen=NOW_MS - number * HOUR_MS,
            rank_pos=NOW_MS / HALF_LIFE_MS + log2(1_000 - number), rank_neg=-1e300, activity_offset=1_000 - number,
        )
        for number in range(900)
    ]  # fmt: skip
    place.writer.raw_insert("profiles", COLUMNS["profiles"], b"".join(rows), fmt="MsgPack")
    found = curve(place.reader, "customer_id:busy", NOW_MS - 30 * DAY_MS)
    assert found.thinned
    assert 200 < len(found.past) + len(found.future) <= 400
    assert found.score == pytest.approx(1_000, rel=1e-9)


def test_hot_times(place: Place) -> None:
    start_ms, name = NOW_MS - 10 * DAY_MS, "customer_id:hot"
    scores = ((start_ms, 90.0), (start_ms + DAY_MS, 150.0), (start_ms + 2 * DAY_MS, 300.0))
    for offset, (t_ms, score) in enumerate(scores):
        rank = t_ms / HALF_LIFE_MS + log2(score)
        row = make_row(
            "profiles",
            tenant="main",
            identifier=name,
            last_seen=t_ms,
            rank_pos=rank,
            rank_neg=-1e300,
            activity_offset=offset,
        )
        place.writer.raw_insert("profiles", COLUMNS["profiles"], row, fmt="MsgPack")
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
