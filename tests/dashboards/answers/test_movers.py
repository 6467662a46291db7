"""Who rose and who fell."""

from math import log2

import pytest

from dashboards.answers.movers import movers
from dashboards.answers.past_scores import HOUR_MS, past_scores
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from sinks.clickhouse.client import Client
from sinks.store.insert import COLUMNS
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS
from tests.sinks.sample_blocks import make_row

MAIN = Scope()
NOW_MS = END_MS // HOUR_MS * HOUR_MS
SINCE_MS = NOW_MS - DAY_MS


def put(place: Place, name: str, offset: int, at_ms: int, score: float, lost: float = 0.0) -> None:
    negative = at_ms / HALF_LIFE_MS + log2(lost) if lost else -1e300
    row = make_row(
        "profiles", tenant="main", identifier=name, activity_offset=offset, last_seen=at_ms, touches=offset,
        rank_pos=at_ms / HALF_LIFE_MS + log2(score), rank_neg=negative, traits={"name": name[-1]},
    )  # fmt: skip
    place.writer.raw_insert("profiles", COLUMNS["profiles"], row, fmt="MsgPack")


def test_touches_raise_and_time_lowers_scores(place: Place) -> None:
    put(place, "customer_id:quiet", 1, SINCE_MS - DAY_MS, 100.0)
    put(place, "customer_id:busy", 1, SINCE_MS - DAY_MS, 50.0)
    put(place, "customer_id:busy", 2, NOW_MS - HOUR_MS, 120.0)
    put(place, "customer_id:new", 1, NOW_MS - 2 * HOUR_MS, 10.0)
    put(place, "customer_id:lost", 1, SINCE_MS - HOUR_MS, 80.0)
    put(place, "customer_id:lost", 2, NOW_MS - HOUR_MS, 80.0, lost=50.0)
    found = movers(place.reader, MAIN, since_ms=SINCE_MS + 5, at_ms=NOW_MS, half_life_ms=HALF_LIFE_MS)
    assert found.since_ms == SINCE_MS
    assert [(one.profile, one.name, one.touches) for one in found.rose] == [
        ("customer_id:busy", "y", 2),
        ("customer_id:new", "w", 1),
    ]
    assert [one.profile for one in found.fell] == ["customer_id:lost", "customer_id:quiet"]
    quiet = found.fell[1]
    assert (quiet.before, quiet.now) == pytest.approx((100 * 0.5 ** (1 / 7), 100 * 0.5 ** (2 / 7)), rel=1e-9)
    assert quiet.change == quiet.now - quiet.before


def test_movers_of_the_pipeline_agree_with_both_lists(lived: Client) -> None:
    found = movers(lived, MAIN, since_ms=END_MS - 20 * DAY_MS, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=500)
    now = {one.profile: one.score.net for one in top(lived, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=500)}
    assert {one.profile for one in found.rose} <= now.keys()
    names = [one.profile for one in (*found.rose, *found.fell)]
    before = past_scores(lived, MAIN, names, at_ms=END_MS - 20 * DAY_MS, half_life_ms=HALF_LIFE_MS)
    for one in (*found.rose, *found.fell):
        assert one.before == before.get(one.profile, 0.0)
        assert one.now == pytest.approx(now.get(one.profile, one.now))
    changes = [one.change for one in found.rose]
    assert changes == sorted(changes, reverse=True)


def test_empty_store_has_no_movers(place: Place) -> None:
    found = movers(place.reader, MAIN, since_ms=SINCE_MS, at_ms=NOW_MS, half_life_ms=HALF_LIFE_MS)
    assert (found.rose, found.fell) == ((), ())
