"""Packing records into a batch, and telling the requests."""

from collections import deque
from types import SimpleNamespace

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.record_batch import Entry, PendingCommit, memory_size, pack
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable


@given(sizes=st.lists(st.integers(0, 3000), min_size=1, max_size=40), limit=st.integers(500, 4000))
def test_batches_keep_the_order_and_no_record_is_left_out(sizes: list[int], limit: int) -> None:
    commit = SimpleNamespace()
    entries = [Entry(RawRecord("t", bytes(size), n), commit, n) for n, size in enumerate(sizes)]  # type: ignore[arg-type]
    waiting, packed = deque(entries), []
    while waiting:
        builder = BatchBuilder(limit, 0)
        batch = pack(builder, waiting, 0)
        assert batch
        assert builder.record_count() == len(batch)
        assert len(batch) == 1 or builder.size() <= limit
        assert builder.append(timestamp=0, key=None, value=b"late") is None
        packed += batch
    assert packed == entries


async def test_a_request_is_done_with_its_last_record() -> None:
    commit = PendingCommit(2)
    commit.acknowledge()
    assert not commit.done.done()
    commit.acknowledge()
    assert commit.done.result() is None


async def test_refused_records_are_named_once_all_others_are_durable() -> None:
    commit = PendingCommit(3)
    commit.refuse(2)
    commit.refuse(0)
    assert not commit.done.done()
    commit.acknowledge()
    with pytest.raises(RecordsTooLarge) as raised:
        commit.done.result()
    assert raised.value.positions == (0, 2)


async def test_a_failed_request_stays_failed() -> None:
    commit = PendingCommit(2)
    commit.fail(SinkUnavailable("away", 1))
    commit.fail(SinkUnavailable("again", 1))
    commit.acknowledge()
    commit.acknowledge()
    with pytest.raises(SinkUnavailable, match="away"):
        commit.done.result()


async def test_a_cancelled_request_is_left_alone() -> None:
    commit = PendingCommit(1)
    commit.done.cancel()
    commit.acknowledge()
    assert commit.done.cancelled()


def test_memory_counts_the_values_and_the_objects() -> None:
    assert memory_size([RawRecord("t", b"x" * 100, 0)] * 3) == 300 + 3 * 300
