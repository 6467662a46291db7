"""Batches of timeline records: which of their blocks are new, sorted by table. Pure.

The blocks of one table and one activity partition cover growing offsets. `Passed` holds, per "table/activity
partition", the highest offset covered so far. A block at or below it is a replay and is dropped, one above it is kept
as it is, and one that overlaps it is decoded and filtered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
import zstandard

from schemas.blocks import BlockHeader, compress_rows, decode_block, decompress_rows
from schemas.columns import TABLES
from schemas.row_layouts import LAYOUTS, upgrade_rows
from schemas.row_reader import RowReader
from schemas.value_layouts import NewerLayoutError, check_layout

Passed = Mapping[str, int]


class UnknownTableError(NewerLayoutError):
    """A block of a table that this version does not know: its rows must wait, not be dropped."""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """The rows of one timeline record: a zstd frame of joined rows in the newest layout of their table."""

    timeline_offset: int
    header: BlockHeader
    frame: bytes


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A timeline record that is no block, with the reason."""

    timeline_offset: int
    value: bytes
    why: str


@dataclass(slots=True)
class StoreBatch:
    """The blocks of timeline records `first` to `last` (both included) of a partition, by table.

    `before` and `after` are what had been passed before these records, and is after them.
    """

    partition: int
    first: int
    last: int
    before: dict[str, int]
    after: dict[str, int]
    blocks: dict[str, list[TableBlock]] = field(default_factory=dict)
    headers: list[BlockHeader] = field(default_factory=list)  # of the blocks that are stored
    unreadable: list[UnreadableRecord] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)  # by table: blocks that are replays, in whole or in part


def read_batch(partition: int, records: Iterable[tuple[int, bytes]], passed: Passed) -> StoreBatch:
    """Return the batch of consecutive timeline records (offset, value), given what has been passed.

    The same input gives the same batch. Raises NewerLayoutError.
    """
    batch = StoreBatch(partition, first=-1, last=-1, before=dict(passed), after=dict(passed))
    for offset, value in records:
        batch.first = offset if batch.first < 0 else batch.first
        batch.last = offset
        try:
            header, frame = decode_block(value)
            _add_block(batch, offset, header, frame)
        except (msgspec.DecodeError, zstandard.ZstdError, ValueError) as error:
            batch.unreadable.append(UnreadableRecord(offset, value, f"{type(error).__name__}: {error}"))
    return batch


def _add_block(batch: StoreBatch, offset: int, header: BlockHeader, frame: bytes) -> None:
    _check_known(f"{batch.partition}/{offset}", header)
    key = f"{header.table}/{header.partition}"
    passed = batch.after.get(key, -1)
    if header.last <= passed:
        batch.dropped[header.table] = batch.dropped.get(header.table, 0) + 1
        return
    if header.layout != LAYOUTS[header.table]:
        header, frame = _to_newest_layout(header, frame)
    if header.first <= passed:
        header, frame = _drop_passed(header, frame, passed)
        batch.dropped[header.table] = batch.dropped.get(header.table, 0) + 1
    if header.rows:
        batch.blocks.setdefault(header.table, []).append(TableBlock(offset, header, frame))
        batch.headers.append(header)
    batch.after[key] = header.last


def _check_known(place: str, header: BlockHeader) -> None:
    """Raise NewerLayoutError for rows of a later version: of an unknown table, or with unknown columns."""
    if header.table not in TABLES:
        raise UnknownTableError(
            f"Timeline record {place} has rows for table '{header.table}', which this version of Touchline does not "
            "know: update this worker to the version of the workers that wrote it"
        )
    check_layout(f"The block of '{header.table}' in timeline record {place}", header.layout, LAYOUTS[header.table])


def _to_newest_layout(header: BlockHeader, frame: bytes) -> tuple[BlockHeader, bytes]:
    """Convert a block to the newest layout of its table."""
    table = header.table
    rows = upgrade_rows(table, decompress_rows(frame), TABLES[table], header.layout, header.rows)
    return msgspec.structs.replace(header, layout=LAYOUTS[table]), compress_rows([rows])


def _drop_passed(header: BlockHeader, frame: bytes, passed: int) -> tuple[BlockHeader, bytes]:
    rows = RowReader(TABLES[header.table]).rows(decompress_rows(frame))
    kept = [row.data for row in rows if row["activity_offset"] > passed]
    return msgspec.structs.replace(header, first=passed + 1, rows=len(kept)), compress_rows(kept)
