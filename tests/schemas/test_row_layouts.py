"""Rows of former layouts get the columns they lack, and changed columns need a new layout."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import activity, row_layouts
from schemas.activity import decode_record, encode_record
from schemas.column import REAL, TEXT, Column
from schemas.columns import EVENT_HEAD, SOURCE, TABLES
from schemas.row_binary import encode_values
from schemas.row_layouts import BINARY_SINCE, EVENTS_LAYOUT, LAYOUTS, newest_layout, upgrade_rows
from schemas.touch import Touch
from schemas.value_layouts import NewerLayoutError
from tests.schemas.column_types import read_row
from tests.streams.touches import START_MS
from tests.streams.touches import touch as make_touch

# Of the columns of each layout ever written. An entry is never changed and never removed.
FINGERPRINTS = {
    ("events", 1): "0cd6dcc7cc90f7b5",
    ("profiles", 1): "7d57685dfcb9adb9",
    ("session_pieces", 1): "742500bd451731a5",
    ("identities", 1): "4b16d74fea512017",
    ("head of events", 1): "ad8729f8932a3332",
    ("events", 2): "d9575baac2350088",
    ("head of events", 2): "fc57e356dceda760",
    ("events", 3): "f34f681d3c9acbc6",
    ("head of events", 3): "f20ec8cb0acb91b6",
    ("events", 4): "319acd8a25ae661e",
    ("head of events", 4): "9ca8b7e61d17bc2e",
    ("events", 5): "11510692f9cf0c90",
    ("head of events", 5): "dfd57ea549803299",
    ("events", 6): "cdacd296d733eb4d",
    ("head of events", 6): "52f816d5aa4be787",
    ("events", 7): "d4e70197c8e9323d",
    ("head of events", 7): "77d7b362093e45b9",
    ("events", 8): "82ba05e2016ff020",
    ("head of events", 8): "d735654bc82fb72d",
    ("events", 9): "ab829b931e4137f4",
    ("head of events", 9): "6c7e1a8d2978ebbb",
    ("events", 10): "1ed67ed1017cd176",
    ("head of events", 10): "df6278a78625c772",
    ("events", 11): "63957aaf25105257",
    ("head of events", 11): "dd593388bbe492e1",
    ("events", 12): "b90eea0729622822",
    ("head of events", 12): "c40994e03a9da4b1",
    ("page_times", 1): "669538cf88f9b50e",
    ("events", 13): "5f43bcec6fc09569",  # from here on, rows are in RowBinary
    ("head of events", 13): "14c959fba0d4c430",
    ("profiles", 2): "19db7a93185f17a0",
    ("session_pieces", 2): "73cfa8e5290efece",
    ("identities", 2): "6e0f627a0b960681",
    ("page_times", 2): "feaa1a76d93b6ffe",
}
ALL = {**TABLES, "head of events": EVENT_HEAD}

LATER = (
    Column("tenant", TEXT, ""),
    Column("network", TEXT, "none", since=3),
    Column("ids", "Map(String, String)", {}),
    Column("wait_s", REAL, None, since=2),
    Column("touches", "UInt64", 0),
    Column("seen_by", "Array(String)", (), since=2),
    *SOURCE,
)


def fingerprint(table: str, layout: int) -> str:
    """Of names, types, empty values and order, and of the format where it is not msgpack."""
    columns = [column for column in ALL[table] if column.since <= layout]
    described = "\n".join(f"{one.name} {one.type} {one.empty!r} {one.since}" for one in columns)
    if layout >= BINARY_SINCE.get(table.removeprefix("head of "), 1):
        described += "\nRowBinary"
    return blake2b(described.encode(), digest_size=8).hexdigest()


NEWEST = {**LAYOUTS, "head of events": EVENTS_LAYOUT}


@pytest.mark.parametrize(("table", "layout"), [(table, one + 1) for table in ALL for one in range(NEWEST[table])])
def test_no_layout_changes(table: str, layout: int) -> None:
    found = fingerprint(table, layout)
    assert FINGERPRINTS.get((table, layout)) == found, (
        f"The columns of layout {layout} of {table} are not those that were written under that number, and rows in "
        f"flight would be misread. Columns are never removed, renamed, moved or given another type. A new column gets "
        f"`since={layout + 1}` in schemas/columns.py and a migration that adds it to the table and its twins; if "
        f"layout {layout} is new, add its fingerprint {found!r} here (docs/decisions/020-layout-versions.md)."
    )


def test_layouts_have_no_gaps() -> None:
    for table, columns in TABLES.items():
        steps = {column.since for column in columns} | {BINARY_SINCE.get(table, 1)}
        assert steps == set(range(1, LAYOUTS[table] + 1)), table
        assert all(column.since == 1 for column in SOURCE)


@pytest.mark.parametrize("binary_since", [1, 2, 3, 4])
@given(st.integers(1, 3), st.lists(st.lists(st.integers(0, 2**40), min_size=8, max_size=8), max_size=5), st.data())
def test_rows_of_every_layout_are_filled_up(
    binary_since: int, layout: int, numbers: list[list[int]], data: st.DataObject
) -> None:
    kinds: dict[str, st.SearchStrategy[Any]] = {
        TEXT: st.text(max_size=300),
        REAL: st.none() | st.floats(allow_nan=False),
        "Map(String, String)": st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=20),
        "Array(String)": st.lists(st.text(max_size=3), max_size=20),
        "UInt16": st.integers(0, 2**16 - 1),
    }
    written, joined = [], b""
    present = [column for column in LATER if column.since <= layout]
    for row_numbers in numbers:
        row = {
            column.name: data.draw(kinds[column.type]) if column.type in kinds else number
            for column, number in zip(LATER, row_numbers, strict=True)
            if column in present
        }
        joined += encode_values(present, row.values()) if layout >= binary_since else of_msgpack(row.values())
        written.append({column.name: row.get(column.name, column.empty) for column in LATER})
    with patch.dict(row_layouts.BINARY_SINCE, {"moods": binary_since}):  # type: ignore[arg-type]
        filled = upgrade_rows("moods", joined, LATER, layout, len(numbers))
        assert newest_layout("moods", LATER) == max(binary_since, 3)
    assert filled == b"".join(encode_values(LATER, row.values()) for row in written)


def of_msgpack(values: Iterable[object]) -> bytes:
    """A row of a layout that was in msgpack."""
    return b"".join(map(msgspec.msgpack.encode, values))


@pytest.mark.parametrize("rows", [b"", b"\x01" * 4, b"\x01" * 6, b"\xc1" * 5, b"\xa9cut", b"\xa0\xa0\x00\x01\x01"])
def test_bytes_that_are_not_rows_of_the_layout_are_refused(rows: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        upgrade_rows("events", rows, LATER, 1, 1)


@pytest.mark.parametrize(("layout", "count"), [(0, 0), (0, 2**40), (-1, 1), (1, -1), (1, 2**31), (1, 2**63)])
def test_impossible_layouts_and_counts_are_refused(layout: int, count: int) -> None:
    with pytest.raises(msgspec.DecodeError):
        upgrade_rows("events", b"", LATER, layout, count)


def test_a_touch_of_a_former_layout_gets_the_columns_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    former = make_touch(START_MS, head=encode_values(EVENT_HEAD, [column.empty for column in EVENT_HEAD]))
    wider = (*EVENT_HEAD[:5], Column("added", TEXT, "", since=EVENTS_LAYOUT + 1), *EVENT_HEAD[5:])
    record = encode_record(msgspec.structs.replace(former, layout=EVENTS_LAYOUT))
    monkeypatch.setattr(activity, "EVENT_HEAD", wider)
    monkeypatch.setattr(activity, "EVENTS_LAYOUT", EVENTS_LAYOUT + 1)
    touch = decode_record(record)
    assert isinstance(touch, Touch)
    assert touch.layout == EVENTS_LAYOUT + 1
    assert read_row(touch.head, wider) == read_row(former.head, EVENT_HEAD) | {"added": ""}


def test_a_touch_of_a_later_layout_waits() -> None:
    record = encode_record(make_touch(START_MS, layout=EVENTS_LAYOUT + 1))
    with pytest.raises(NewerLayoutError, match=f"has layout {EVENTS_LAYOUT + 1}, .* update this worker"):
        decode_record(record)
