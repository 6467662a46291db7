"""Layouts of rows: their format and columns in each version, and how former rows become rows of today.

Rows travel without column names: in blocks on `timeline`, and as the first columns of an `events` row in every touch on
`activity`. Their numbered layout says which columns they have: those whose `Column.since` is not above it. Columns are
only ever added, never removed, renamed, moved or given another type, so today's columns hold all former layouts. Rows
of the first layouts were in msgpack, all later ones are in RowBinary (docs/decisions/035).
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from schemas.column import Column
from schemas.columns import TABLES
from schemas.msgpack_values import read_values
from schemas.row_binary import encoder_of
from schemas.row_reader import RowReader

# The first layout in RowBinary of the tables that had rows in msgpack before.
BINARY_SINCE: Final[Mapping[str, int]] = {
    "events": 13,
    "profiles": 2,
    "session_pieces": 2,
    "identities": 2,
    "page_times": 2,
}


def newest_layout(table: str, columns: Sequence[Column]) -> int:
    """Return the layout of rows that have all of these columns of a table."""
    return max(BINARY_SINCE.get(table, 1), *(column.since for column in columns))


LAYOUTS: Final[Mapping[str, int]] = {table: newest_layout(table, columns) for table, columns in TABLES.items()}
EVENTS_LAYOUT: Final = LAYOUTS["events"]


def upgrade_rows(table: str, rows: bytes, columns: Sequence[Column], layout: int, count: int) -> bytes:
    """Return `count` joined rows of a former layout in the newest: columns that they lack have their empty value.

    `columns` are all columns of the rows, those of `table` or its first ones. Raises `msgspec.DecodeError` if the bytes
    are not that many rows of that layout.
    """
    if layout < 1:
        raise msgspec.DecodeError(f"there is no layout {layout} of rows")
    present = [column for column in columns if column.since <= layout]
    if not 0 <= count * len(present) <= len(rows):  # every value has a byte or more
        raise msgspec.DecodeError(f"{len(rows)} bytes are not {count} rows")
    former = _rows_of_msgpack if layout < BINARY_SINCE.get(table, 1) else _rows_of_binary
    fill = [None if column.since <= layout else encoder_of(column.type)(column.empty) for column in columns]
    return b"".join(_filled(row, fill) for row in former(rows, present, count))


def _rows_of_msgpack(rows: bytes, columns: Sequence[Column], count: int) -> Iterator[list[bytes]]:
    encoders = [encoder_of(column.type) for column in columns]
    values, width = read_values(rows, count * len(columns)), len(columns)
    for start in range(0, len(values), width):
        row = values[start : start + width]
        try:
            yield [encode(value) for encode, value in zip(encoders, row, strict=True)]
        except (AttributeError, TypeError, ValueError, struct.error) as error:
            raise msgspec.DecodeError(f"a value is not of its column's type: {error}") from error


def _rows_of_binary(rows: bytes, columns: Sequence[Column], count: int) -> Iterator[list[bytes]]:
    found = list(RowReader(columns).rows(rows))
    if len(found) != count:
        raise msgspec.DecodeError(f"the bytes are {len(found)} rows, not {count}")
    return (row.encoded_values() for row in found)


def _filled(row: list[bytes], fill: Sequence[bytes | None]) -> bytes:
    """Return a row with the missing values; None stands for one that the row has."""
    values = iter(row)
    return b"".join([next(values) if empty is None else empty for empty in fill])
