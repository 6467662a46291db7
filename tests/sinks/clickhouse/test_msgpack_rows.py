"""Rows end where an independent decoder finds their end."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.clickhouse.msgpack_rows import Row, skip_value, split_rows

_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text(max_size=300)
    | st.binary(max_size=300)
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=40), inner, max_size=20),
    max_leaves=60,
)
_encode = msgspec.msgpack.encode


@given(st.lists(_values, min_size=1, max_size=6))
def test_values_end_where_they_were_joined(values: list[object]) -> None:
    encoded = [_encode(value) for value in values]
    data, at = b"".join(encoded), 0
    for one in encoded:
        end = skip_value(data, at)
        assert data[at:end] == one
        at = end
    assert at == len(data)


@pytest.mark.parametrize("size", [31, 32, 255, 256, 65_535, 65_536])
def test_lengths_of_every_width_are_skipped(size: int) -> None:
    for value in ("x" * size, b"x" * size, list(range(size)), {str(n): n for n in range(size)}):
        assert skip_value(_encode(value) + b"\x00", 0) == len(_encode(value))


@pytest.mark.parametrize("size", [1, 2, 4, 8, 16, 17, 300, 70_000])
def test_extensions_are_skipped(size: int) -> None:
    value = _encode(msgspec.msgpack.Ext(5, b"x" * size))
    assert skip_value(value, 0) == len(value)


@given(st.lists(st.tuples(_values, st.integers(0, 65_535), st.integers(0, 2**63)), max_size=8))
def test_rows_are_split_with_their_coordinates(rows: list[tuple[object, int, int]]) -> None:
    encoded = [b"".join(_encode(value) for value in row) for row in rows]
    found = list(split_rows(b"".join(encoded), 3))
    assert found == [Row(data, row[1], row[2]) for data, row in zip(encoded, rows, strict=True)]


@given(_values.filter(lambda value: len(_encode(value)) > 1), st.data())
def test_an_incomplete_value_is_refused(value: object, data: st.DataObject) -> None:
    encoded = _encode(value)
    cut = data.draw(st.integers(0, len(encoded) - 1))
    with pytest.raises(ValueError, match="cut short"):
        skip_value(encoded[:cut], 0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xc1", "begins no value"),
        (_encode("a") + _encode(1) + _encode("x"), "no integer"),
        (_encode("a") + _encode(1), "cut short"),
    ],
)
def test_invalid_rows_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        list(split_rows(data, 3))


@given(st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_value_error(data: bytes) -> None:
    try:
        rows = list(split_rows(data, 4))
    except ValueError:
        return
    assert b"".join(row.data for row in rows) == data
