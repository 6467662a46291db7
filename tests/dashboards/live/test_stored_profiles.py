"""The hot list of the store in the form of changes."""

import pytest

from dashboards.answers.run_query import Client
from dashboards.answers.scope import Scope
from dashboards.answers.score import value_at
from dashboards.answers.top import top
from dashboards.live.stored_profiles import stored_profiles
from tests.dashboards.journey import HALF_LIFE_MS
from tests.dashboards.people import END_MS


def test_ranks_give_the_scores_of_the_list(lived: Client) -> None:
    found = stored_profiles(lived, "main", 10, END_MS, HALF_LIFE_MS)
    best = top(lived, Scope("main"), at_ms=END_MS, half_life_ms=HALF_LIFE_MS, limit=10)
    assert [one.profile for one in found] == [one.profile for one in best]
    assert [value_at(one.rank, END_MS, HALF_LIFE_MS) for one in found] == pytest.approx([one.score.net for one in best])
    assert {one.parent for one in found} == {""}
    assert {one.tenant for one in stored_profiles(lived, "other", 10, END_MS, HALF_LIFE_MS)} == {"other"}
