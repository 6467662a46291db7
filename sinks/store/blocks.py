"""Which blocks of a batch are new, and what of them one insert per table is made of. Pure.

Of one table, the blocks of one activity partition answer for growing offsets. `Passed` holds, per "table/activity
partition", the highest offset answered for. A block at or below it is a replay and dropped, one above it is passed on
as it is, one across it is decoded and filtered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
import zstandard

from schemas.blocks import BlockHeader, compress_rows, decode_block, decompress_rows
from schemas.columns import TABLES
from schemas.row_layouts import LAYOUTS, fill_rows
from schemas.value_layouts import NewerLayout, check_layout
from sinks.clickhouse.msgpack_rows import split_rows

Passed = Mapping[str, int]


class UnknownTable(NewerLayout):
    """A block for a table that this version does not know: its rows must wait, not be thrown away."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one timeline record brings to its table: a zstd frame of joined rows in the newest layout."""

    timeline_offset: int
    header: BlockHeader
    frame: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A timeline record that is no block."""

    timeline_offset: int
    value: bytes
    why: str


@dataclass(slots=True)
class Block:
    """Timeline records `first` to `last` of a partition, sorted by table."""

    partition: int
    first: int
    last: int
    before: dict[str, int]
    after: dict[str, int]
    parts: dict[str, list[Part]] = field(default_factory=dict)
    headers: list[BlockHeader] = field(default_factory=list)  # of what is stored
    unreadable: list[Unreadable] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)  # by table: blocks and parts of blocks that were replays


def join_records(partition: int, records: Iterable[tuple[int, bytes]], passed: Passed) -> Block:
    """The block that consecutive timeline records make, given what has been passed. The same input gives the same
    block.

    Raises NewerLayout.
    """
    block = Block(partition, first=-1, last=-1, before=dict(passed), after=dict(passed))
    for offset, value in records:
        block.first = offset if block.first < 0 else block.first
        block.last = offset
        try:
            header, frame = decode_block(value)
            _take(block, offset, header, frame)
        except (msgspec.DecodeError, zstandard.ZstdError, ValueError) as error:
            block.unreadable.append(Unreadable(offset, value, f"{type(error).__name__}: {error}"))
    return block


def _take(block: Block, offset: int, header: BlockHeader, frame: bytes) -> None:
    _check_known(f"{block.partition}/{offset}", header)
    key = f"{header.table}/{header.partition}"
    passed = block.after.get(key, -1)
    if header.last <= passed:
        block.dropped[header.table] = block.dropped.get(header.table, 0) + 1
        return
    if header.layout != LAYOUTS[header.table]:
        header, frame = _fill(header, frame)
    if header.first <= passed:
        header, frame = _newer(header, frame, passed)
        block.dropped[header.table] = block.dropped.get(header.table, 0) + 1
    if header.rows:
        block.parts.setdefault(header.table, []).append(Part(offset, header, frame))
        block.headers.append(header)
    block.after[key] = header.last


def _check_known(place: str, header: BlockHeader) -> None:
    """Raise NewerLayout on rows of a later version: of a table, or with columns, that this one does not know."""
    if header.table not in TABLES:
        raise UnknownTable(
            f"Timeline record {place} brings rows for table '{header.table}', which this version of Touchline does not "
            "know: update this worker to the version of those that wrote it"
        )
    check_layout(f"The block of '{header.table}' in timeline record {place}", header.layout, LAYOUTS[header.table])


def _fill(header: BlockHeader, frame: bytes) -> tuple[BlockHeader, bytes]:
    """Return the block in the newest layout of its table."""
    rows = fill_rows(decompress_rows(frame), TABLES[header.table], header.layout, header.rows)
    return msgspec.structs.replace(header, layout=LAYOUTS[header.table]), compress_rows([rows])


def _newer(header: BlockHeader, frame: bytes, passed: int) -> tuple[BlockHeader, bytes]:
    rows = split_rows(decompress_rows(frame), len(TABLES[header.table]))
    kept = [row.data for row in rows if row.activity_offset > passed]
    return msgspec.structs.replace(header, first=passed + 1, rows=len(kept)), compress_rows(kept)
