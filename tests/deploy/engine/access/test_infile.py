"""An INSERT has the same result when the engine reads its body from a file."""

from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3

from deploy.engine.access.infile import insert_from_file
from deploy.engine.access.tokenizer import read_insert
from tests.deploy.engine.engine_processes import Engine

TYPES = """(id UInt64, settings UInt8 DEFAULT 7, at DateTime64(3, 'UTC') DEFAULT '2026-01-01 00:00:00.000',
    label LowCardinality(Nullable(String)), weights Map(String, Float64), twice UInt64 MATERIALIZED id * 2)
    ENGINE = MergeTree ORDER BY id"""
SOURCE = b"FROM INFILE '/f' COMPRESSION 'none'"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (b"INSERT INTO t FORMAT TSV\n1", b"INSERT INTO t %s FORMAT `TSV`"),
        (b"insert into t (a, b) format TSV", b"insert into t (a, b) %s FORMAT `TSV`"),
        (b"INSERT INTO t SETTINGS a = 1, b = 2 FORMAT TSV", b"INSERT INTO t %s SETTINGS a = 1, b = 2 FORMAT `TSV`"),
        (b"INSERT INTO t (a) SETTINGS a = 1 VALUES (1)", b"INSERT INTO t (a) %s SETTINGS a = 1 FORMAT `Values`"),
        (b"INSERT INTO settings (settings) VALUES (1)", b"INSERT INTO settings (settings) %s FORMAT `Values`"),
        (b"INSERT INTO d.settings SETTINGS a=1 VALUES (1)", b"INSERT INTO d.settings %s SETTINGS a=1 FORMAT `Values`"),
        (b"INSERT INTO t -- c\nVALUES (1)", b"INSERT INTO t -- c %s FORMAT `Values`"),
        (
            b"INSERT INTO t (a) SELECT a + 1 FROM input('a UInt8') FORMAT TSV",
            b"INSERT INTO t (a) SELECT a + 1 FROM file('/f', 'TSV', 'a UInt8')",
        ),
    ],
)
def test_the_file_has_its_place_in_the_statement(sql: bytes, expected: bytes) -> None:
    insert = read_insert(sql)
    assert insert is not None
    written = insert_from_file(insert, insert.format or "Values", "/f")
    assert written.split() == (expected % SOURCE if b"%" in expected else expected).split()


def test_a_format_that_a_client_names_is_only_a_name() -> None:
    insert = read_insert(b"INSERT INTO t")
    assert insert is not None
    assert insert_from_file(insert, "TSV`; DROP TABLE t", "/f").endswith(b"FORMAT `TSV\\`; DROP TABLE t`")


@pytest.mark.parametrize(
    ("statement", "body", "parameters"),
    [
        ("INSERT INTO typed (id) VALUES", b"(3 - 2), (toUInt8('2'))", {}),
        ("INSERT INTO shop.typed (id) FORMAT TSV", b"1\n2\n", {"database": "system"}),
        ("INSERT INTO typed (id) SETTINGS input_format_allow_errors_num = 1 FORMAT TSV", b"1\nx\n2\n", {}),
        ("INSERT INTO typed (* EXCEPT(settings, at, label, weights)) FORMAT CSV", b"1\n2\n", {}),
        ("INSERT INTO {table:Identifier} (id) FORMAT TSV", b"1\n2\n", {"param_table": "typed"}),
        ("INSERT INTO TABLE typed /* FORMAT CSV */ (id) -- FORMAT CSV\nFORMAT TSV", b"1\n2\n", {}),
        ("INSERT INTO typed FORMAT JSONEachRow", b'{"id": 1}\n{"id": 2, "weights": {}}\n', {}),
        ("INSERT INTO typed FORMAT CSVWithNames", b"settings,id\n,1\n7,2\n", {}),
        ("INSERT INTO typed (id) FORMAT RowBinary", b"\x01" + bytes(7) + b"\x02" + bytes(7), {}),
        ("INSERT INTO typed (id, label) FORMAT MsgPack", b"\x01\xc0\x02\xc0", {}),
        ("INSERT INTO typed (id) SELECT n + 1 FROM input('n UInt8') FORMAT TSV", b"0\n1\n", {}),
    ],
)
def test_missing_columns_have_their_defaults(
    engine: Engine, statement: str, body: bytes, parameters: dict[str, str]
) -> None:
    client: Any = engine.client()
    client.command(f"CREATE OR REPLACE TABLE typed {TYPES}")
    url = f"{engine.url}?{urlencode({'query': statement, **parameters})}"
    headers = {"X-ClickHouse-User": "writer", "X-ClickHouse-Key": "w:ö'".encode()}
    answer = urllib3.request("POST", url, body=body, headers=headers)
    assert (answer.data, answer.status) == (b"", 200)
    sql = "SELECT id, settings, toString(at), label, weights, twice FROM typed ORDER BY id"
    assert client.query(sql).result_rows == [(id_, 7, "2026-01-01 00:00:00.000", None, {}, 2 * id_) for id_ in (1, 2)]


@pytest.mark.parametrize("form", ["Native", "RowBinaryWithNamesAndTypes", "Parquet", "Arrow", "ArrowStream", "Avro"])
def test_formats_may_have_their_own_types(engine: Engine, form: str) -> None:
    client: Any = engine.client()
    client.command(f"CREATE OR REPLACE TABLE typed {TYPES}")
    body = client.raw_query("SELECT toUInt64(number) AS id, toUInt8(3) AS settings FROM numbers(3)", fmt=form)
    client.command(f"INSERT INTO typed (id, settings) FORMAT {form}", data=body)
    assert client.query("SELECT id, settings, twice FROM typed ORDER BY id").result_rows == [
        (number, 3, 2 * number) for number in range(3)
    ]
