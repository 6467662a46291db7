"""Layouts of rows: which columns the rows of a table had in each version, and how former rows are filled up.

Rows travel without column names: in blocks on `timeline`, and as the first columns of an `events` row in every touch on
`activity`. Their numbered layout says which columns they have: those whose `Column.since` is not above it. Columns are
only ever added, never removed, renamed, moved or given another type, so today's columns hold all former layouts.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from schemas.column import Column
from schemas.columns import TABLES
from schemas.row_format import encode_value, split_values


def newest_layout(columns: Sequence[Column]) -> int:
    """Return the layout of rows that have all of these columns."""
    return max(column.since for column in columns)


LAYOUTS: Final[Mapping[str, int]] = {table: newest_layout(columns) for table, columns in TABLES.items()}
EVENTS_LAYOUT: Final = LAYOUTS["events"]


def fill_rows(rows: bytes, columns: Sequence[Column], layout: int, count: int) -> bytes:
    """Return `count` joined rows of a former layout with all of `columns`: those they lack get their empty value.

    Raises `msgspec.DecodeError` if the bytes are not that many rows of that layout.
    """
    if layout < 1:
        raise msgspec.DecodeError(f"there is no layout {layout} of rows")
    missing = [encode_value(column.empty) if column.since > layout else None for column in columns]
    length = count * missing.count(None)
    if not 0 <= length <= len(rows):  # every value has a byte or more
        raise msgspec.DecodeError(f"{len(rows)} bytes are not {count} rows")
    values = iter(split_values(rows, length))
    return b"".join(next(values) if empty is None else empty for _ in range(count) for empty in missing)
