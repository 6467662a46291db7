"""Rows of a batch cut into blocks, the records of the topic `timeline` (schemas.blocks)."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from schemas.blocks import BlockHeader, encode_block
from schemas.row_layouts import LAYOUTS
from streams.engage.rows import OffsetRow

BLOCK_BYTES: Final = 4 * 1024 * 1024  # rows before compression: half the size limit of a record on `timeline`


class BatchSpan(NamedTuple):
    """The activity offsets that a batch covers, `first` and `last` included."""

    partition: int
    first: int
    last: int
    oldest_ms: int  # arrival of the oldest touch


def cut_blocks(table: str, offset_rows: list[OffsetRow], span: BatchSpan) -> Iterator[bytes]:
    """Yield the rows of one table as a block, or as several of increasing offsets if they are too large together.

    Rows of one offset are in one block. The blocks cover the whole span, each from the end of the one before.
    """
    all_rows = [row for _, row in offset_rows]
    if all_rows and sum(map(len, all_rows)) <= BLOCK_BYTES:
        yield _encode(table, span, span.first, span.last, all_rows)
        return
    first, size = span.first, 0
    rows: list[bytes] = []
    end = span.first
    for offset, group in groupby(offset_rows, itemgetter(0)):
        more = [row for _, row in group]
        added = sum(map(len, more))
        if rows and size + added > BLOCK_BYTES:
            yield _encode(table, span, first, end, rows)
            first, size, rows = end + 1, 0, []
        rows += more
        size += added
        end = offset
    if rows:
        yield _encode(table, span, first, span.last, rows)


def _encode(table: str, span: BatchSpan, first: int, last: int, rows: list[bytes]) -> bytes:
    header = BlockHeader(table, span.partition, first, last, len(rows), span.oldest_ms, LAYOUTS[table])
    return encode_block(header, rows)
