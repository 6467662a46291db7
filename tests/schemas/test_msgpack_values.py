"""Values in msgpack that are joined, and read again."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.msgpack_values import array_header, encode_long, encode_value, read_values

values = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=9) | st.lists(st.text())


def joined(row: list[Any]) -> bytes:
    return b"".join(map(encode_value, row))


@given(st.lists(values, min_size=16, max_size=40))
def test_an_element_may_hold_several_values(row: list[Any]) -> None:
    assert encode_long(row) == joined(row)
    assert encode_long([msgspec.Raw(joined(row)), *row]) == joined([*row, *row])


@pytest.mark.parametrize("length", [16, 17, 65_535])
def test_an_array_is_its_header_and_its_values(length: int) -> None:
    assert array_header(length) + encode_long(list(range(length))) == encode_value(list(range(length)))


@given(st.lists(values, max_size=40))
def test_joined_values_are_read_again(row: list[Any]) -> None:
    assert read_values(joined(row), len(row)) == row


@pytest.mark.parametrize(("data", "count"), [(b"\x01\x02", 1), (b"\x01\x02", 3), (b"\xc1", 1), (b"\xa1\xff", 1)])
def test_what_is_not_that_many_values_is_refused(data: bytes, count: int) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_values(data, count)
