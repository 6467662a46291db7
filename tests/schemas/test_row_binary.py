"""Values are encoded as ClickHouse reads them."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.column import columns_of
from schemas.columns import QUARANTINE, TABLES
from schemas.row_binary import (
    encode_bytes,
    encode_event_tail,
    encode_int64s,
    encode_length,
    encode_map,
    encode_real,
    encode_source,
    encode_text,
    encode_text_map,
    encode_texts,
    encode_values,
    encoder_of,
    split_type,
)
from tests.schemas.column_types import read_value

TYPES = sorted({column.type for columns in (*TABLES.values(), QUARANTINE) for column in columns})


@pytest.mark.parametrize(
    ("length", "encoded"),
    [(0, "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (16_383, "ff7f"), (16_384, "808001")],
)
def test_a_length_has_seven_bits_a_byte(length: int, encoded: str) -> None:
    assert encode_length(length).hex() == encoded


@pytest.mark.parametrize(
    ("type_", "value", "encoded"),
    [
        ("String", "", "00"),
        ("String", "aé", "0361c3a9"),
        ("String", b"\xff", "01ff"),
        ("LowCardinality(String)", "a", "0161"),
        ("UInt8", 255, "ff"),
        ("UInt16", 258, "0201"),
        ("UInt32", 1, "01000000"),
        ("UInt64", 2**64 - 1, "ff" * 8),
        ("Int8", -1, "ff"),
        ("Int64", -2, "fe" + "ff" * 7),
        ("Float64", 1.0, "000000000000f03f"),
        ("Bool", True, "01"),
        ("Date", 20_000, "204e"),
        ("DateTime64(3, 'UTC')", 1_700_000_000_123, "7b68e5cf8b010000"),
        ("Decimal(18, 4)", 259_000, "b8f3030000000000"),
        ("Nullable(Float64)", None, "01"),
        ("Nullable(Decimal(18, 4))", 1, "00" + "01" + "00" * 7),
        ("Nullable(DateTime64(3, 'UTC'))", None, "01"),
        ("Array(String)", (), "00"),
        ("Array(String)", ["a", ""], "02016100"),
        ("Array(UInt32)", [1], "0101000000"),
        ("Map(String, String)", {}, "00"),
        ("Map(LowCardinality(String), UInt64)", {"a": 1}, "0101610100000000000000"),
    ],
)
def test_values_of_each_type(type_: str, value: object, encoded: str) -> None:
    assert encoder_of(type_)(value).hex() == encoded


@pytest.mark.parametrize("type_", TYPES)
def test_every_column_has_an_encoder(type_: str) -> None:
    for columns in (*TABLES.values(), QUARANTINE):
        for column in columns:
            if column.type == type_:
                found = read_value(BytesIO(encoder_of(type_)(column.empty)), type_)
                assert found == (list(column.empty) if isinstance(column.empty, tuple) else column.empty)


@pytest.mark.parametrize("type_", ["Float32", "Tuple(String, String)", "Enum8('a' = 1)"])
def test_another_type_has_none(type_: str) -> None:
    with pytest.raises(ValueError, match=r"add one to schemas\.row_binary"):
        encoder_of(type_)


def test_the_types_in_a_type() -> None:
    assert split_type("String") == ("String",)
    assert split_type("Array(LowCardinality(String))") == ("Array", "LowCardinality(String)")
    assert split_type("Map(String, Float64)") == ("Map", "String", "Float64")


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=200), st.none() | st.floats(), st.data())
def test_short_ways_give_the_bytes_of_the_general_one(
    text: str, texts: list[str], real: float | None, data: st.DataObject
) -> None:
    assert encode_text(text) == encode_bytes(text.encode()) == encoder_of("String")(text)
    assert encode_texts(texts) == encoder_of("Array(String)")(texts)
    assert encode_real(real) == encoder_of("Nullable(Float64)")(real)
    named = dict.fromkeys(texts, text)
    assert encode_text_map(named) == encoder_of("Map(String, String)")(named)
    numbers = data.draw(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=9))
    assert encode_int64s(numbers) == encoder_of("Array(Int64)")(numbers)
    counts = dict.fromkeys(texts, len(texts))
    general = encoder_of("Map(LowCardinality(String), UInt64)")(counts)
    assert encode_map(counts, encode_text, encoder_of("UInt64")) == general


def test_no_text_is_an_empty_one() -> None:
    assert encode_text(None) == encode_text("")


def test_the_last_columns() -> None:
    events, types = TABLES["events"], [column.type for column in TABLES["events"][-6:]]
    tail = BytesIO(encode_event_tail(-1.5, True, False, -1, 7, 2**40))
    assert [read_value(tail, type_) for type_ in types] == [-1.5, True, False, -1, 7, 2**40]
    assert encode_source(7, 2**40) == encode_values(events[-2:], (7, 2**40))


def test_a_row_needs_a_value_for_each_column() -> None:
    columns = columns_of(("a", "UInt8", 0), ("b", "String", ""))
    assert encode_values(columns, (1, "x")) == b"\x01\x01x"
    with pytest.raises(ValueError, match="shorter"):
        encode_values(columns, (1,))
