"""Widths of columns, against the bytes that the engine itself writes for each type."""

import pytest

from deploy.engine.native.column_width import UnknownTypeError, read_varint, skipper
from tests.deploy.engine.engine_processes import Engine
from tests.deploy.engine.http.http_requests import ask

TYPES = [
    *("Int8", "UInt16", "Int32", "UInt64", "Int128", "UInt256", "Float32", "Float64", "Bool", "Date", "Date32"),
    *("DateTime", "DateTime('Europe/Berlin')", "DateTime64(3, 'UTC')", "UUID", "IPv4", "IPv6", "String"),
    *("FixedString(5)", "Decimal(9, 2)", "Decimal(18, 4)", "Decimal(38, 10)", "Decimal(76, 20)"),
    *("Enum8('a,(' = 1, 'it\\'s' = 2)", "Enum16('x' = 1000)", "Nullable(String)", "Nullable(UInt32)"),
    *("LowCardinality(String)", "LowCardinality(Nullable(String))"),
    *("Array(String)", "Array(Array(Nullable(Int16)))", "Array(LowCardinality(String))"),
    *("Map(String, String)", "Map(LowCardinality(String), Array(LowCardinality(Nullable(String))))"),
    *("Tuple(a String, `b (c` UInt8)", "Tuple(LowCardinality(String), Array(LowCardinality(String)), UInt8)"),
    *("Nested(a String, b LowCardinality(String))", "Point", "Ring", "Polygon", "MultiPolygon"),
]


@pytest.mark.parametrize("rows", [1, 700])
@pytest.mark.parametrize("text", TYPES)
def test_a_column_ends_where_the_body_ends(engine: Engine, text: str, rows: int) -> None:
    sql = f"SELECT * FROM generateRandom('`c` {quoted(text)}', 7, 300, 5) LIMIT {rows} FORMAT Native"
    assert measured(ask(engine, body=sql).data, rows)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT [] AS c, 1 AS d",
        "SELECT CAST([], 'Array(LowCardinality(String))') AS c",
        "SELECT tuple() AS c",
        "SELECT toBFloat16(1) AS c, toLowCardinality(1) AS d",
        "SELECT NULL AS c, toIntervalDay(1) AS d",
        "SELECT toLowCardinality(toString(number)) AS c FROM numbers(70000) LIMIT 70000",
        "SELECT CAST(1, 'SimpleAggregateFunction(sum, UInt64)') AS c",
        "SELECT repeat('x', 100000) AS c",
    ],
)
def test_corner_cases_end_where_the_body_ends(engine: Engine, sql: str) -> None:
    body = ask(
        engine, body=f"{sql} SETTINGS allow_suspicious_low_cardinality_types = 1, max_block_size = 100000 FORMAT Native"
    ).data
    assert measured(body, 70000 if "70000" in sql else 1)


@pytest.mark.parametrize("text", ["JSON", "Dynamic", "Variant(String, UInt8)", "AggregateFunction(sum, UInt8)"])
def test_a_type_of_variable_layout_is_named(text: str) -> None:
    with pytest.raises(UnknownTypeError) as caught:
        skipper(f"Array({text})")
    assert str(caught.value) == text


def quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def measured(body: bytes, expected_rows: int) -> bool:
    """Return whether the columns of one block end at the end of the body."""
    columns, at = read_varint(body, 0)
    rows, at = read_varint(body, at)
    assert rows == expected_rows
    for _ in range(columns):
        for _ in ("name", "type"):
            size, at = read_varint(body, at)
            text, at = body[at : at + size].decode(), at + size
        prefix, skip = skipper(text)
        at = skip(body, at + prefix, rows)
    return at == len(body)
