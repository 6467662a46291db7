"""The books of what is out with the stages."""

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
    books = OffsetTracker(max_batches=8, max_bytes=1000)
    for offset in (10, 20, 30):
        books.deliver(TP, offset, 1)
    for offset in finished:
        books.finish(TP, offset)
    assert books.committable(TP) == committable


@pytest.mark.parametrize(
    ("finished", "committable"), [([], 5), ([10], 11), ([20], 5), ([10, 20], 25)], ids=["none", "first", "last", "all"]
)
def test_a_hole_after_the_last_batch_is_committed_with_it(finished: list[int], committable: int) -> None:
    books = OffsetTracker(max_batches=8, max_bytes=1000)
    books.skip_to(TP, 5)
    books.deliver(TP, 10, 1)
    books.deliver(TP, 20, 1)
    books.skip_to(TP, 25)
    for offset in finished:
        books.finish(TP, offset)
    assert books.committable(TP) == committable


def test_room_is_per_partition_and_overall() -> None:
    books = OffsetTracker(max_batches=2, max_bytes=100)
    books.deliver(TP, 1, 10)
    books.deliver(TP, 2, 10)
    assert not books.has_room(TP)
    assert books.has_room(OTHER)
    books.deliver(OTHER, 1, 80)
    assert not books.has_room(OTHER)
    books.finish(TP, 1)
    assert books.has_room(TP)
    assert books.has_room(OTHER)


def test_forgotten_batches_change_nothing() -> None:
    books = OffsetTracker(max_batches=2, max_bytes=100)
    books.deliver(TP, 1, 60)
    books.deliver(OTHER, 5, 30)
    books.finish(OTHER, 5)
    books.reset()
    assert (books.size_bytes, books.partitions()) == (0, [])
    books.deliver(TP, 7, 10)
    books.finish(TP, 1)
    assert (books.committable(TP), books.size_bytes) == (None, 10)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_any_order_ends_at_the_end_and_never_passes_a_hole(steps: list[int], chance: random.Random) -> None:
    offsets = [sum(steps[: i + 1]) for i in range(len(steps))]
    books = OffsetTracker(max_batches=100, max_bytes=10_000)
    for offset in offsets:
        books.deliver(TP, offset, 3)
    left = list(offsets)
    for offset in chance.sample(offsets, len(offsets)):
        books.finish(TP, offset)
        left.remove(offset)
        before = [one for one in offsets if not left or one < left[0]]
        assert books.committable(TP) == (before[-1] + 1 if before else None)
    assert books.size_bytes == 0
