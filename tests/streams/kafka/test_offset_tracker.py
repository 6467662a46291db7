"""Unfinished batches and committable offsets."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.kafka.offset_tracker import OffsetTracker

TP = ("t", 0)
OTHER = ("t", 1)


@pytest.mark.parametrize(
    ("finished", "committable"),
    [([], None), ([20], None), ([10], 11), ([10, 30], 11), ([30, 20, 10], 31), ([10, 20, 30], 31), ([10, 99], 11)],
)
def test_commits_up_to_the_first_unfinished(finished: list[int], committable: int | None) -> None:
    tracker = OffsetTracker(max_batches=8, max_bytes=1000)
    for offset in (10, 20, 30):
        tracker.deliver(TP, offset, 1)
    for offset in finished:
        tracker.finish(TP, offset)
    assert tracker.committable(TP) == committable


@pytest.mark.parametrize(
    ("finished", "committable"), [([], 5), ([10], 11), ([20], 5), ([10, 20], 25)], ids=["none", "first", "last", "all"]
)
def test_a_gap_after_the_last_batch_is_committed_with_it(finished: list[int], committable: int) -> None:
    tracker = OffsetTracker(max_batches=8, max_bytes=1000)
    tracker.skip_to(TP, 5)
    tracker.deliver(TP, 10, 1)
    tracker.deliver(TP, 20, 1)
    tracker.skip_to(TP, 25)
    for offset in finished:
        tracker.finish(TP, offset)
    assert tracker.committable(TP) == committable


def test_room_is_per_partition_and_overall() -> None:
    tracker = OffsetTracker(max_batches=2, max_bytes=100)
    tracker.deliver(TP, 1, 10)
    tracker.deliver(TP, 2, 10)
    assert not tracker.has_room(TP)
    assert tracker.has_room(OTHER)
    assert tracker.busy() == {TP}
    tracker.deliver(OTHER, 1, 80)
    assert not tracker.has_room(OTHER)
    assert tracker.is_full
    tracker.finish(TP, 1)
    assert not tracker.is_full
    assert tracker.has_room(TP)
    assert tracker.has_room(OTHER)


def test_batches_from_before_a_reset_change_nothing() -> None:
    tracker = OffsetTracker(max_batches=2, max_bytes=100)
    tracker.deliver(TP, 1, 60)
    tracker.deliver(OTHER, 5, 30)
    tracker.finish(OTHER, 5)
    tracker.reset()
    assert (tracker.size_bytes, tracker.partitions()) == (0, [])
    tracker.deliver(TP, 7, 10)
    tracker.finish(TP, 1)
    assert (tracker.committable(TP), tracker.size_bytes) == (None, 10)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_any_order_reaches_the_end_and_never_passes_an_unfinished_batch(
    steps: list[int], chance: random.Random
) -> None:
    offsets = [sum(steps[: i + 1]) for i in range(len(steps))]
    tracker = OffsetTracker(max_batches=100, max_bytes=10_000)
    for offset in offsets:
        tracker.deliver(TP, offset, 3)
    left = list(offsets)
    for offset in chance.sample(offsets, len(offsets)):
        tracker.finish(TP, offset)
        left.remove(offset)
        before = [one for one in offsets if not left or one < left[0]]
        assert tracker.committable(TP) == (before[-1] + 1 if before else None)
    assert tracker.size_bytes == 0
