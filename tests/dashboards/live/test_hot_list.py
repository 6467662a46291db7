"""The hot list kept by changes."""

from dataclasses import replace

import pytest

from dashboards.live.hot_list import KEPT, OVERTAKEN_MS, HotList, ProfileChange, net_rank
from schemas.columns import NO_RANK

NOW_MS = 1_800_000_000_000
ONE = ProfileChange("main", "p", "", 10.0, 1, 0, NOW_MS, "news", "DE", "desktop", "Ada")


def ranked(profile: str, rank: float) -> ProfileChange:
    return replace(ONE, profile=profile, rank=rank)


def full() -> HotList:
    """A list of `KEPT` profiles of the ranks 1000, 999, .."""
    hot = HotList()
    hot.read([ranked(f"p{place}", 1000.0 - place) for place in range(KEPT)], NOW_MS)
    return hot


def names(hot: HotList, shown: int = 3) -> list[str]:
    return [one.profile for one in hot.best(shown)]


def test_changes_move_profiles() -> None:
    hot = full()
    assert hot.change(ranked("p2", 2000.0), NOW_MS)
    assert hot.change(ranked("new", 999.5), NOW_MS)
    assert names(hot) == ["p2", "p0", "new"]
    assert not hot.change(ranked("cold", 1.0), NOW_MS)
    assert hot.change(ranked("p0", NO_RANK), NOW_MS)
    assert hot.change(replace(ranked("new", 999.5), parent="p2"), NOW_MS)
    assert names(hot) == ["p2", "p1", "p3"]


def test_a_list_that_has_lost_too_many_is_short() -> None:
    hot = full()
    for place in range(KEPT - 2):
        assert not hot.is_short(2)
        hot.change(ranked(f"p{place}", 1.0), NOW_MS)
    assert hot.is_short(3)
    assert not HotList().is_short(3)  # there are not more


def test_what_was_changed_lately_holds_when_the_list_is_read() -> None:
    hot = full()
    hot.change(ranked("p1", 5000.0), NOW_MS)
    hot.change(ranked("p0", 1.0), NOW_MS)
    stored = [ranked("p0", 3000.0), ranked("p1", 2000.0), ranked("p2", 1500.0)]
    hot.read(stored, NOW_MS)
    assert names(hot) == ["p1", "p2"]
    hot.read(stored, NOW_MS + OVERTAKEN_MS + 1)
    assert names(hot) == ["p0", "p1", "p2"]


def test_hot_profiles_are_counted_as_far_as_they_are_known() -> None:
    hot = HotList()
    assert hot.count_above(1.0) is None
    hot.read([ranked("a", 5.0), ranked("b", 3.0)], NOW_MS)
    assert [hot.count_above(rank) for rank in (1.0, 3.0, 4.0, 6.0)] == [2, 2, 1, 0]
    assert full().count_above(1000.0 - KEPT) is None
    assert full().count_above(1001.0 - KEPT) == KEPT


def test_more_than_can_be_kept_raise_the_floor() -> None:
    hot = HotList()
    for place in range(KEPT + 1):
        hot.change(ranked(f"p{place}", float(place)), NOW_MS)
    hot.read([], NOW_MS)
    assert len(hot.best(2 * KEPT)) == KEPT
    assert not hot.change(ranked("p0", -1.0), NOW_MS) or names(hot, KEPT)[-1] != "p0"


@pytest.mark.parametrize(
    ("pos", "neg", "rank"),
    [(10.0, NO_RANK, 10.0), (NO_RANK, NO_RANK, NO_RANK), (NO_RANK, 3.0, NO_RANK), (3.0, 3.0, NO_RANK), (4.0, 3.0, 3.0)],
)
def test_rank_of_a_difference(pos: float, neg: float, rank: float) -> None:
    assert net_rank(pos, neg) == rank
