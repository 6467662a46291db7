"""Replays in a batch are dropped, and new rows kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.blocks import BlockHeader, decompress_rows, encode_block
from schemas.columns import TABLES
from schemas.row_reader import RowReader
from sinks.store.blocks import StoreBatch, UnknownTableError, read_batch
from tests.sinks.sample_blocks import event_block, make_block


def _offsets(batch: StoreBatch, table: str = "events") -> list[int]:
    rows = b"".join(decompress_rows(block.frame) for block in batch.blocks.get(table, []))
    return [row["activity_offset"] for row in RowReader(TABLES[table]).rows(rows)]


@pytest.mark.parametrize(
    ("passed", "covered", "kept", "dropped"),
    [
        ({}, range(5), [0, 1, 2, 3, 4], 0),
        ({"events/1": 4}, range(5, 8), [5, 6, 7], 0),
        ({"events/1": 4}, range(5), [], 1),
        ({"events/1": 9}, range(5), [], 1),
        ({"events/1": 2}, range(5), [3, 4], 1),
        ({"events/2": 9, "profiles/1": 9}, range(5), [0, 1, 2, 3, 4], 0),
    ],
)
def test_replays_are_dropped_and_overlapping_blocks_are_cut(
    passed: dict[str, int], covered: range, kept: list[int], dropped: int
) -> None:
    batch = read_batch(0, [(70, event_block("t", 1, covered))], passed)
    assert _offsets(batch) == kept
    assert batch.dropped.get("events", 0) == dropped
    assert batch.after["events/1"] == max(covered[-1], passed.get("events/1", -1))
    assert (batch.first, batch.last, batch.before) == (70, 70, passed)


def test_a_new_block_keeps_its_bytes() -> None:
    value = event_block("t", 1, range(5))
    block = read_batch(0, [(3, value)], {}).blocks["events"][0]
    assert value.endswith(block.frame)


def test_a_block_covers_offsets_without_rows() -> None:
    batch = read_batch(0, [(1, make_block("events", 1, 0, 9, [])), (2, event_block("t", 1, range(8, 12)))], {})
    assert _offsets(batch) == [10, 11]


def test_a_record_that_is_no_block_is_unreadable() -> None:
    damaged = encode_block(BlockHeader("events", 1, 3, 9, 1, 0), [b"x"])[:-4]  # overlaps, so it has to be decoded
    records = [(5, b""), (6, b"\x00\x03abc"), (7, event_block("t", 1, range(5))), (8, damaged)]
    batch = read_batch(0, records, {})
    assert [it.timeline_offset for it in batch.unreadable] == [5, 6, 8]
    assert _offsets(batch) == list(range(5))
    assert batch.after == {"events/1": 4}


def test_a_block_of_an_unknown_table_raises() -> None:
    with pytest.raises(UnknownTableError, match="update this worker"):
        read_batch(2, [(5, encode_block(BlockHeader("moods", 1, 0, 0, 1, 0), [b"x"]))], {})


@given(st.data())
def test_replays_in_any_split_add_no_rows(data: st.DataObject) -> None:
    """Growing blocks with replays in other cuts have each offset once and in order, also in two batches."""
    records, end = [], 0
    for index in range(data.draw(st.integers(1, 8))):
        first = data.draw(st.integers(0, end))
        last = data.draw(st.integers(first, end + 4))
        end = max(end, last + 1)
        records.append((index, event_block("t", 1, range(first, last + 1))))
    whole = read_batch(0, records, {})
    assert _offsets(whole) == list(range(end))
    cut = data.draw(st.integers(0, len(records)))
    head = read_batch(0, records[:cut], {})
    tail = read_batch(0, records[cut:], head.after)
    assert _offsets(head) + _offsets(tail) == list(range(end))
    assert tail.after == whole.after
