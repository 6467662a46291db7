"""Bins of the last 15 minutes."""

from dashboards.live.bins import KEPT_S, Bins

NOW_MS = 1_800_000_003_000
START_S = 1_800_000_000


def test_touches_count_in_the_bin_of_their_time() -> None:
    bins = Bins()
    bins.add(NOW_MS, "visits", 2)
    bins.add(NOW_MS + 1_999, "visits", 1)
    bins.add(NOW_MS + 2_000, "calls", 1)
    assert bins.all(NOW_MS) == [(START_S, {"visits": 3}), (START_S + 5, {"calls": 1})]


def test_changed_bins_are_given_once_and_whole() -> None:
    bins = Bins()
    bins.add(NOW_MS, "visits", 2)
    assert bins.take_changed(NOW_MS) == [(START_S, {"visits": 2})]
    assert bins.take_changed(NOW_MS) == []
    bins.add(NOW_MS, "calls", 1)
    assert bins.take_changed(NOW_MS) == [(START_S, {"visits": 2, "calls": 1})]


def test_old_bins_are_forgotten() -> None:
    bins = Bins()
    bins.add(NOW_MS, "visits", 2)
    later_ms = NOW_MS + KEPT_S * 1000
    bins.add(later_ms, "visits", 1)
    assert bins.take_changed(later_ms) == bins.all(later_ms) == [(later_ms // 5000 * 5, {"visits": 1})]
