"""The row format: values encoded as ClickHouse reads them."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.row_format import (
    LONGEST_NAME,
    SHORT,
    array_header,
    encode_event_tail,
    encode_long,
    encode_row,
    encode_short,
    encode_source,
    numbers_of,
    split_values,
    text_of,
    texts_of,
)

numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=9)
values = scalars | st.lists(st.text(max_size=5)) | st.dictionaries(st.text(max_size=5), st.text(max_size=5))


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 65_535])
def test_a_row_is_its_values_one_after_another(length: int) -> None:
    assert encode_row(range(length)) == b"".join(msgspec.msgpack.encode(number) for number in range(length))


@given(st.lists(values, max_size=40))
@settings(deadline=None)
def test_any_row_is_its_values_one_after_another(row: list[Any]) -> None:
    assert encode_row(row) == b"".join(msgspec.msgpack.encode(value) for value in row)


@given(st.lists(st.text(max_size=5) | st.integers(0, 9), min_size=16, max_size=40))
def test_a_long_row_may_have_several_values_in_one_element(row: list[Any]) -> None:
    assert encode_long([msgspec.Raw(encode_row(row)), *row]) == encode_row([*row, *row])


@given(st.lists(values, max_size=SHORT))
def test_a_short_row_is_encoded_as_any_row(row: list[Any]) -> None:
    assert encode_short(row) == encode_row(row)


@pytest.mark.parametrize("length", [16, 17, 65_535])
def test_an_array_is_its_header_and_its_values(length: int) -> None:
    assert array_header(length) + encode_row(range(length)) == msgspec.msgpack.encode(list(range(length)))


@given(st.lists(values, max_size=40))
def test_joined_values_are_split_again(row: list[Any]) -> None:
    assert [bytes(value) for value in split_values(encode_row(row), len(row))] == list(map(msgspec.msgpack.encode, row))


@pytest.mark.parametrize("count", [1, 3])
def test_another_number_of_values_cannot_be_split(count: int) -> None:
    with pytest.raises(msgspec.DecodeError):
        split_values(encode_row([1, 2]), count)


@given(
    st.floats(allow_nan=False),
    st.booleans(),
    st.booleans(),
    st.integers(-32, 127),
    st.integers(0, 2**16 - 1),
    st.integers(0, 2**64 - 1),
)
def test_fixed_length_values_are_read_back(
    weight: float, late: bool, beyond: bool, change: int, part: int, offset: int
) -> None:
    tail = encode_event_tail(weight, late, beyond, change, part, offset)
    assert list(map(msgspec.msgpack.decode, split_values(tail, 6))) == [weight, late, beyond, change, part, offset]
    assert list(map(msgspec.msgpack.decode, split_values(encode_source(part, offset), 2))) == [part, offset]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é\x00", "é\x00"),
        ("", ""),
        ("1", "1"),
        (1, "1"),
        (1.5, "1.5"),
        (2**80, "1208925819614629174706176"),
        (True, "true"),
        (None, "null"),
        ({"a": [1, "é"]}, '{"a":[1,"é"]}'),
    ],
)
def test_text_is_unchanged_and_other_values_become_json(value: object, text: str) -> None:
    assert text_of(value) == text


def test_properties_are_texts_without_null() -> None:
    assert texts_of({"a": "x", "b": 1, "c": None, "d": [None]}) == {"a": "x", "b": "1", "d": "[null]"}


@pytest.mark.parametrize(
    ("properties", "numbers"),
    [
        ({}, {}),
        ({"seats": 3, "rate": 0.5, "debt": -2}, {"seats": 3.0, "rate": 0.5, "debt": -2.0}),
        ({"text": "3", "flag": True, "none": None, "list": [1], "": 0}, {"": 0.0}),
        ({"cart": {"total": 5, "code": "A", "sent": False, "more": {"a": 1}}}, {"cart.total": 5.0}),
        ({"cart.total": "five", "cart": {"total": 5}}, {}),
        ({"cart.total": 4, "cart": {"total": 5}}, {"cart.total": 4.0}),
        ({"huge": 10**400, "large": 10**300}, {"large": 1e300}),
        ({"x" * LONGEST_NAME: 1, "x" * (LONGEST_NAME + 1): 1}, {"x" * LONGEST_NAME: 1.0}),
    ],
)
def test_numbers_of_properties(properties: dict[str, object], numbers: dict[str, float]) -> None:
    found = numbers_of(properties)
    assert found == numbers
    assert all(type(value) is float for value in found.values())
