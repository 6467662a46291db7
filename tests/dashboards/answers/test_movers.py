"""Who rose and who fell."""

from math import log2

import pytest

from dashboards.answers.movers import movers
from dashboards.answers.scope import Scope
from dashboards.answers.top import top
from schemas.columns import NO_RANK
from sinks.clickhouse.client import Client
from sinks.store.insert import COLUMNS
from tests.dashboards.answers.past_recount import recount
from tests.dashboards.answers.touch_rows import put_touches
from tests.dashboards.conftest import Place
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS
from tests.sinks.sample_blocks import make_row

MAIN = Scope()
HOUR_MS = 3_600_000
NOW_MS = END_MS + 12_345
SINCE_MS = NOW_MS - DAY_MS


def _rank(touches: tuple[tuple[int, float], ...], sign: int) -> float:
    weights = [sign * weight * 2 ** ((at_ms - NOW_MS) / HALF_LIFE_MS) for at_ms, weight in touches]
    total = sum(one for one in weights if one > 0)
    return log2(total) + NOW_MS / HALF_LIFE_MS if total else NO_RANK


def put(place: Place, name: str, offset: int, *touches: tuple[int, float]) -> None:
    """Store the touches of a profile and the row that the pipeline would write: time in ms and weight of each."""
    rank_pos, rank_neg = (_rank(touches, sign) for sign in (1, -1))
    row = make_row(
        "profiles", tenant="main", identifier=name, activity_offset=offset, last_seen=max(touches)[0],
        touches=len(touches), rank_pos=rank_pos, rank_neg=rank_neg, traits={"name": name[-1]},
    )  # fmt: skip
    place.writer.raw_insert("profiles", COLUMNS["profiles"], row, fmt="RowBinary")
    put_touches(place.writer, *((name, at_ms, weight) for at_ms, weight in touches))


def test_touches_raise_and_time_lowers_scores(place: Place) -> None:
    before_ms, after_ms = SINCE_MS - DAY_MS, NOW_MS - HOUR_MS
    put(place, "customer_id:quiet", 1, (before_ms, 100.0))
    put(place, "customer_id:busy", 2, (before_ms, 50.0), (after_ms, 80.0))
    put(place, "customer_id:new", 1, (after_ms, 10.0))
    put(place, "customer_id:lost", 2, (SINCE_MS - HOUR_MS, 80.0), (after_ms, -50.0))
    found = movers(place.reader, MAIN, since_ms=SINCE_MS, at_ms=NOW_MS, half_life_ms=HALF_LIFE_MS)
    assert found.since_ms == SINCE_MS
    assert [(one.profile, one.name, one.touches) for one in found.rose] == [
        ("customer_id:busy", "y", 2),
        ("customer_id:new", "w", 1),
    ]
    assert [one.profile for one in found.fell] == ["customer_id:lost", "customer_id:quiet"]
    quiet, busy = found.fell[1], found.rose[0]
    assert (quiet.before, quiet.now) == pytest.approx((100 * 0.5 ** (1 / 7), 100 * 0.5 ** (2 / 7)), rel=1e-9)
    assert quiet.change == quiet.now - quiet.before
    assert busy.before == pytest.approx(50 * 0.5 ** (1 / 7), rel=1e-9)


def test_movers_of_the_pipeline_agree_with_both_lists(lived: Client) -> None:
    found = movers(lived, MAIN, since_ms=END_MS - 20 * DAY_MS, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=500)
    now = {one.profile: one.score.net for one in top(lived, MAIN, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=500)}
    assert {one.profile for one in found.rose} <= now.keys()
    before = recount(lived, END_MS - 20 * DAY_MS)
    for one in (*found.rose, *found.fell):
        assert one.before == pytest.approx(before.get(one.profile, 0.0), rel=1e-9)
        assert one.now == pytest.approx(now.get(one.profile, one.now))
    changes = [one.change for one in found.rose]
    assert changes == sorted(changes, reverse=True)


def test_empty_store_has_no_movers(place: Place) -> None:
    found = movers(place.reader, MAIN, since_ms=SINCE_MS, at_ms=NOW_MS, half_life_ms=HALF_LIFE_MS)
    assert (found.rose, found.fell) == ((), ())
