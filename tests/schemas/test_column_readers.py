"""Values are found and read again, and nothing is read beyond incomplete data."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.column_readers import decoder_of, read_length, skip_of, skip_text
from schemas.row_binary import encode_length, encoder_of

INTEGERS = {"UInt8": 8, "UInt16": 16, "UInt32": 32, "UInt64": 64, "Date": 16}
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "String": st.text(max_size=200),
    "Float64": st.floats(allow_nan=False),
    "Bool": st.booleans(),
    "Int8": st.integers(-128, 127),
    "Int64": st.integers(-(2**63), 2**63 - 1),
    "Decimal(18, 4)": st.integers(-(10**18), 10**18),
    "DateTime64(3, 'UTC')": st.integers(0, 2**42),
    "Nullable(Float64)": st.none() | st.floats(allow_nan=False),
    "LowCardinality(String)": st.text(max_size=9),
    "Array(LowCardinality(String))": st.lists(st.text(max_size=5), max_size=150),
    "Map(LowCardinality(String), Float64)": st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False)),
    **{type_: st.integers(0, 2**bits - 1) for type_, bits in INTEGERS.items()},
}
A_VALUE = st.sampled_from(sorted(KINDS)).flatmap(lambda type_: st.tuples(st.just(type_), KINDS[type_]))


@given(A_VALUE, st.binary(max_size=3))
def test_values_are_found_and_read(typed: tuple[str, Any], before: bytes) -> None:
    type_, value = typed
    encoded = encoder_of(type_)(value)
    data, at = before + encoded + b"\x80", len(before)
    assert skip_of(type_)(data, at) == at + len(encoded)
    assert decoder_of(type_)(data, at) == (value, at + len(encoded))


@pytest.mark.parametrize("length", [0, 127, 128, 2**35 - 1])
def test_lengths(length: int) -> None:
    data = encode_length(length)
    assert read_length(b"\x80" + data, 1) == (length, 1 + len(data))
    assert skip_text(data, 0) == len(data) + length


@pytest.mark.parametrize("data", [b"\x80" * 9, b"\xff" * 5 + b"\x00"])
def test_endless_lengths_are_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError, match="begins no length"):
        read_length(data, 0)


@pytest.mark.parametrize("type_", ["Array(Int64)", "Map(String, String)"])
def test_more_entries_than_bytes_are_refused(type_: str) -> None:
    with pytest.raises(msgspec.DecodeError, match="do not hold"):
        skip_of(type_)(encode_length(2**30), 0)
