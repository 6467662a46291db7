"""The hot list, compared with the answers on each of its customers."""

import pytest

from dashboards.answers.hot_list import hot_list
from dashboards.answers.profile import profile
from dashboards.answers.scope import Scope
from dashboards.answers.timeline import timeline
from dashboards.answers.top import top
from dashboards.wording import word
from sinks.clickhouse.client import Client
from tests.dashboards.answers.past_recount import recount
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS
from tests.dashboards.people import END_MS

SCOPE = Scope()


def test_each_row_has_the_scores_and_the_last_touch_of_its_customer(lived: Client) -> None:
    rows = hot_list(lived, SCOPE, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=10)
    ranked = top(lived, SCOPE, at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=10)
    assert [(row.place, row.profile, row.score) for row in rows] == [
        (one.place, one.profile, one.score.net) for one in ranked
    ]
    for row in rows:
        found = profile(lived, SCOPE, row.profile, at_ms=END_MS, half_life_ms=HALF_LIFE_MS)
        assert found is not None
        by_channel = {name: one.net for name, one in found.score_by.items() if one.net > 0}
        assert dict(row.parts) == pytest.approx(by_channel)
        entries = timeline(lived, SCOPE, row.profile, limit=200)
        newest = next(one for one in entries if not one.bot and not one.beyond_window)
        assert row.last is not None
        assert row.last.occurred_ms == newest.occurred_ms
        titles = {
            word(one.channel, one.type, one.about).title for one in entries if one.occurred_ms == newest.occurred_ms
        }
        assert row.last.title in titles


def test_the_change_is_that_of_a_day(lived: Client) -> None:
    for at_ms in (END_MS - 10 * DAY_MS, END_MS, END_MS + 5 * DAY_MS):
        before = recount(lived, at_ms - DAY_MS)
        for row in hot_list(lived, SCOPE, at_ms=at_ms, half_life_ms=HALF_LIFE_MS):
            assert row.score - row.day_change == pytest.approx(before.get(row.profile, 0.0), rel=1e-9, abs=1e-9)


def test_an_empty_tenant_has_an_empty_list(lived: Client) -> None:
    assert hot_list(lived, Scope("empty"), at_ms=END_MS, half_life_ms=HALF_LIFE_MS) == []
