"""Rows of a batch are cut into blocks that cover its offsets without gaps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.blocks import decode_block, decompress_rows
from schemas.row_layouts import LAYOUTS
from streams.engage import timeline_blocks
from streams.engage.rows import OffsetRow
from streams.engage.timeline_blocks import BatchSpan, cut_blocks


@given(
    st.dictionaries(st.integers(10, 60), st.lists(st.integers(1, 120), min_size=1, max_size=3), min_size=1),
    st.integers(0, 10),
    st.integers(0, 10),
)
def test_blocks_cover_the_whole_span_within_the_size_limit(
    sizes: dict[int, list[int]], before: int, after: int
) -> None:
    offset_rows: list[OffsetRow] = [(at, bytes([at]) * size) for at in sorted(sizes) for size in sizes[at]]
    span = BatchSpan(3, offset_rows[0][0] - before, offset_rows[-1][0] + after, 77)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline_blocks, "BLOCK_BYTES", 150)
        blocks = [decode_block(block) for block in cut_blocks("events", offset_rows, span)]
    headers = [header for header, _ in blocks]
    assert b"".join(decompress_rows(frame) for _, frame in blocks) == b"".join(row for _, row in offset_rows)
    assert (headers[0].first, headers[-1].last) == (span.first, span.last)
    assert all(one.last + 1 == two.first for one, two in pairwise(headers))
    assert {header.layout for header in headers} == {LAYOUTS["events"]}
    for header, frame in blocks:
        inside = [(at, row) for at, row in offset_rows if header.first <= at <= header.last]
        assert decompress_rows(frame) == b"".join(row for _, row in inside)
        assert (header.rows, header.partition, header.received_at_ms) == (len(inside), 3, 77)
        assert len(decompress_rows(frame)) <= 150 or len({at for at, _ in inside}) == 1


def test_no_rows_give_no_block() -> None:
    assert list(cut_blocks("events", [], BatchSpan(0, 1, 2, 3))) == []
