"""Records are cut into batches by size."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.records import RECORD_OVERHEAD_BYTES, Record, cut_batches


@dataclass
class Sample:
    """A record with the fields that are read."""

    offset: int
    value: bytes | None
    key: bytes | None = None
    timestamp: int = 0
    headers: Sequence[tuple[str, bytes]] = ()


@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [([], []), ([1], [1]), ([100, 100, 100], [2, 1]), ([5000], [1]), ([1, 5000, 1], [1, 1, 1]), ([0] * 4, [4])],
)
def test_cuts_by_size(sizes: list[int], lengths: list[int]) -> None:
    records: list[Record] = [Sample(offset, b"x" * size) for offset, size in enumerate(sizes)]
    assert [len(batch) for batch in cut_batches("t", 1, records, 4 * RECORD_OVERHEAD_BYTES)] == lengths


@given(st.lists(st.integers(0, 400)), st.integers(1, 2000))
def test_nothing_is_lost_or_moved(sizes: list[int], max_bytes: int) -> None:
    records: list[Record] = [Sample(3 * offset, b"x" * size) for offset, size in enumerate(sizes)]
    batches = list(cut_batches("t", 1, records, max_bytes))
    assert [record for batch in batches for record in batch.records] == records
    for batch in batches:
        assert batch.size_bytes <= max_bytes or len(batch) == 1
        assert (batch.first_offset, batch.last_offset) == (batch.records[0].offset, batch.records[-1].offset)
