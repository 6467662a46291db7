"""Rows are separated, and their values read by column."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.column import columns_of
from schemas.columns import SOURCE
from schemas.row_binary import encode_values
from schemas.row_reader import RowReader

COLUMNS = (
    *columns_of(("name", "String", ""), ("label", "LowCardinality(String)", ""), ("wait_s", "Nullable(Float64)", None)),
    *columns_of(("ids", "Map(String, String)", {}), ("flags", "Array(String)", ())),
    *SOURCE,
)
READER = RowReader(COLUMNS)
rows = st.tuples(
    st.text(max_size=300),
    st.text(max_size=5),
    st.none() | st.floats(allow_nan=False),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
    st.lists(st.text(max_size=5)),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**64 - 1),
)


@given(st.lists(rows, max_size=6))
def test_joined_rows_are_separated(written: list[tuple[Any, ...]]) -> None:
    encoded = [encode_values(COLUMNS, row) for row in written]
    found = list(READER.rows(b"".join(encoded)))
    assert [row.data for row in found] == encoded
    assert [tuple(row[column.name] for column in COLUMNS) for row in found] == written
    for row in found:
        assert b"".join(row.encoded_values()) == row.data
        assert row.encoded("activity_partition") + row.encoded("activity_offset") == row.data[-10:]


@given(rows, st.data())
def test_an_incomplete_row_is_refused(row: tuple[Any, ...], data: st.DataObject) -> None:
    encoded = encode_values(COLUMNS, row)
    cut = data.draw(st.integers(1, len(encoded) - 1))
    with pytest.raises(msgspec.DecodeError, match="cut short"):
        list(READER.rows(encoded + encoded[:cut]))


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_an_error(data: bytes) -> None:
    try:
        found = list(READER.rows(data))
    except msgspec.DecodeError:
        return
    assert b"".join(row.data for row in found) == data


def test_one_row() -> None:
    encoded = encode_values(COLUMNS, ("a", "b", None, {}, (), 1, 2))
    assert READER.row(encoded)["activity_offset"] == 2
    with pytest.raises(msgspec.DecodeError, match="a row ends at byte"):
        READER.row(encoded + encoded)


def test_a_column_is_replaced() -> None:
    row = READER.row(encode_values(COLUMNS, ("a", "b", None, {}, (), 1, 2)))
    assert READER.row(row.replace(label=b"\x02xy"))["label"] == "xy"
    assert len(row.replace(name=b"", label=b"")) == len(row.data) - 4


def test_a_text_that_is_not_utf8_is_shown_as_far_as_it_is() -> None:
    assert RowReader(COLUMNS[:1]).row(b"\x02a\xff")["name"] == "a\ufffd"
