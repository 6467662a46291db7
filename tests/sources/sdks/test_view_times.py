"""The time of a page view is the sum of the intervals between its pings, up to a limit each."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sources.collected import Collected
from sources.sdks.outcome import Outcome, Skipped, SkipReason
from sources.sdks.view_times import LONGEST_INTERVAL_MS, ViewTimes


def event(kind: str, at_ms: int, page_id: str = "p", visitor: str = "v") -> Collected:
    touch = {"type": kind, "page_id": page_id, "occurred_at": at_ms, "anonymous_id": visitor}
    return Collected("visits", touch)


def engaged(outcome: Outcome) -> object:
    assert isinstance(outcome, Collected)
    return outcome.touch["engaged_ms"]


def test_a_page_with_a_pause() -> None:
    times = ViewTimes()
    assert times.complete(event("page", 0)) == event("page", 0)
    assert [engaged(times.complete(event("ping", at_ms))) for at_ms in (5_000, 15_000, 25_000, 600_000)] == [
        5_000,
        15_000,
        25_000,
        25_000 + LONGEST_INTERVAL_MS,
    ]


def test_pings_of_a_page_that_is_not_known_begin_with_the_first() -> None:
    times = ViewTimes()
    assert [engaged(times.complete(event("ping", at_ms))) for at_ms in (5_000, 15_000)] == [0, 10_000]


def test_page_views_are_told_apart() -> None:
    times = ViewTimes()
    for page_id, visitor, scope in [("p", "v", ""), ("q", "v", ""), ("p", "w", ""), ("p", "v", "shop")]:
        times.complete(event("page", 0, page_id, visitor), scope)
        assert engaged(times.complete(event("ping", 10_000, page_id, visitor), scope)) == 10_000
    assert len(times) == 4


def test_the_view_that_was_idle_longest_is_forgotten() -> None:
    times = ViewTimes(most=2)
    for page_id, at_ms in [("a", 0), ("b", 0), ("a", 10_000), ("c", 0)]:
        times.complete(event("ping", at_ms, page_id))
    assert engaged(times.complete(event("ping", 20_000, "a"))) == 20_000
    assert engaged(times.complete(event("ping", 10_000, "b"))) == 0


def test_other_outcomes_stay_as_they_are() -> None:
    times = ViewTimes()
    for outcome in (
        Skipped(SkipReason.PAGE_PING),
        Collected("orders", {"type": "paid", "page_id": "p", "occurred_at": 1}),
        Collected("visits", {"type": "page", "occurred_at": 1}),
        Collected("visits", {"type": "ping", "page_id": "p", "occurred_at": "soon"}),
        Collected("visits", {"type": "custom", "page_id": "p", "occurred_at": 1}),
    ):
        assert times.complete(outcome) == outcome
    assert len(times) == 0


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=8), st.data())
def test_repeated_pings_add_nothing(times_ms: list[int], data: st.DataObject) -> None:
    ordered = sorted(times_ms)
    sent = [at_ms for at_ms in ordered for _ in range(data.draw(st.integers(1, 3)))]
    times = ViewTimes()
    longest = [engaged(times.complete(event("ping", at_ms))) for at_ms in sent][-1]
    assert longest == sum(min(after - before, LONGEST_INTERVAL_MS) for before, after in pairwise(ordered))
