"""Packing records into a batch, and telling the requests."""

import itertools
from collections import deque
from collections.abc import Iterable
from types import SimpleNamespace

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.record_batch import PendingCommit, Run, halve, memory_size, pack
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable


def runs_of(sizes: list[list[int]]) -> list[Run]:
    """Return a run for each list; the records are numbered by `received_at_ms`."""
    numbers, commit = itertools.count(), SimpleNamespace()
    return [
        Run([RawRecord("t", bytes(size), next(numbers)) for size in some], range(len(some)), commit)  # type: ignore[arg-type]
        for some in sizes
    ]


def numbered(runs: Iterable[Run]) -> list[tuple[int, int]]:
    """Return number and position of each record."""
    return [(record.received_at_ms, n) for run in runs for record, n in zip(run.records, run.positions, strict=True)]


SIZES = st.lists(st.lists(st.integers(0, 3000), min_size=1, max_size=9), min_size=1, max_size=9)


@given(SIZES, st.integers(500, 4000))
def test_batches_keep_the_order_and_no_record_is_left_out(sizes: list[list[int]], limit: int) -> None:
    runs = runs_of(sizes)
    waiting, packed = deque(runs), []
    while waiting:
        builder = BatchBuilder(limit, 0)
        batch = pack(builder, waiting, 0)
        count = sum(len(run.records) for run in batch)
        assert count > 0
        assert builder.record_count() == count
        assert count == 1 or builder.size() <= limit
        assert builder.append(timestamp=0, key=None, value=b"late") is None
        packed += batch
    assert numbered(packed) == numbered(runs)


async def test_key_and_headers_of_a_record_are_sent() -> None:
    records = [RawRecord("t", b"a", 5), RawRecord("q", b"b", 5, b"key", (("reason", b"why"),)), RawRecord("t", b"c", 5)]
    builder = BatchBuilder(10_000, 0)
    pack(builder, deque([Run(records, range(3), PendingCommit(3))]), 0)
    batch = MemoryRecords(bytes(builder._build())).next_batch()
    assert [(one.key, one.value, one.headers) for one in batch] == [
        (None, b"a", [("received_at", b"5")]),
        (b"key", b"b", [("reason", b"why")]),
        (None, b"c", [("received_at", b"5")]),
    ]


@given(SIZES)
def test_halves_are_all_records_in_order_down_to_single_ones(sizes: list[list[int]]) -> None:
    runs = runs_of(sizes)
    halves = halve(runs)
    assert numbered([*halves[0], *halves[1]]) == numbered(runs)
    counts = [len(numbered(half)) for half in halves]
    assert abs(counts[0] - counts[1]) <= 1
    assert all(run.records for half in halves for run in half)


async def test_a_request_is_done_with_its_last_record() -> None:
    commit = PendingCommit(2)
    commit.acknowledge(1)
    assert not commit.done.done()
    commit.acknowledge(1)
    assert commit.done.result() is None


async def test_refused_records_are_named_once_all_others_are_durable() -> None:
    commit = PendingCommit(3)
    commit.refuse(2)
    commit.refuse(0)
    assert not commit.done.done()
    commit.acknowledge(1)
    with pytest.raises(RecordsTooLarge) as raised:
        commit.done.result()
    assert raised.value.positions == (0, 2)


async def test_a_failed_request_stays_failed() -> None:
    commit = PendingCommit(2)
    commit.fail(SinkUnavailable("away", 1))
    commit.fail(SinkUnavailable("again", 1))
    commit.acknowledge(1)
    commit.acknowledge(1)
    with pytest.raises(SinkUnavailable, match="away"):
        commit.done.result()


async def test_a_cancelled_request_is_left_alone() -> None:
    commit = PendingCommit(1)
    commit.done.cancel()
    commit.acknowledge(1)
    assert commit.done.cancelled()


def test_memory_counts_the_values_and_the_objects() -> None:
    assert memory_size([RawRecord("t", b"x" * 100, 0)] * 3) == 300 + 3 * 300
