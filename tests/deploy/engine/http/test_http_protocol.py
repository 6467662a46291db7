"""Query and data of a request, and headers of the answer."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.deploy.engine.engine_processes import Engine
from tests.deploy.engine.http.http_requests import ask, client

__all__ = ["client"]  # fixtures


@pytest.mark.parametrize(
    ("parameters", "body", "expected"),
    [
        ({"query": "SELECT 1 AS a FORMAT JSONEachRow"}, "", '{"a":1}\n'),
        ({"query": "SELECT 1 AS a", "default_format": "CSV"}, "", "1\n"),
        ({"query": "SELECT {a:UInt8} + 1", "param_a": "3"}, "", "4\n"),
        ({"query": "SELECT 1 +"}, " 2", "3\n"),
        ({"max_threads": "1"}, "SELECT getSetting('max_threads')", "1\n"),
        ({"no_such_setting": "1", "session_id": "s"}, "SELECT 1", "1\n"),
        ({"database": "system"}, "SELECT currentDatabase()", "system\n"),
        ({}, "SELECT timezone(), 'ü', currentDatabase()", "UTC\tü\tshop\n"),
        ({}, "SELECT 'a;b' -- c\n;", "a;b\n"),
    ],
)
def test_a_query_is_in_the_parameter_or_the_body(
    engine: Engine, parameters: dict[str, str], body: str, expected: str
) -> None:
    answer = ask(engine, path="?" + urlencode(parameters), body=body.encode())
    assert (answer.data.decode(), answer.status) == (expected, 200)


def test_headers_describe_the_answer(engine: Engine) -> None:
    answer = ask(engine, path="?query_id=mine", body="SELECT 1", headers={"X-ClickHouse-Format": "JSON"})
    assert json.loads(answer.data)["data"] == [{"1": 1}]
    assert answer.headers["Content-Type"].startswith("application/json")
    found = {name: answer.headers[f"X-ClickHouse-{name}"] for name in ("Query-Id", "Format", "Timezone")}
    assert found == {"Query-Id": "mine", "Format": "JSON", "Timezone": "UTC"}


@pytest.mark.parametrize(
    ("parameters", "body"),
    [
        ("", "INSERT INTO forms VALUES (1, 'a'), (2, 'b')"),
        ("", "INSERT INTO forms (id, name) FORMAT JSONEachRow\n{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\"}"),
        ("", "INSERT INTO forms FORMAT CSV 1,a\n2,b\n"),
        ("?query=INSERT%20INTO%20forms%20FORMAT%20TSV", "1\ta\n2\tb\n"),
        ("?query=INSERT%20INTO%20forms%20FORMAT%20RowBinary", b"\x01\x01a\x02\x01b"),
        ("?query=INSERT%20INTO%20forms%20VALUES", "(1, 'a'), (2, 'b')"),
        ("?query=INSERT%20INTO%20forms", "VALUES (1, 'a'), (2, 'b')"),
        ("", "INSERT INTO forms SELECT number + 1, char(97 + number) FROM numbers(2)"),
        ("?query=INSERT%20INTO%20forms%20SELECT%20*%20FROM%20input('a%20Int8,b%20String')%20FORMAT%20CSV", "1,a\n2,b"),
        ("", "WITH 1 AS one INSERT INTO forms SELECT a, b FROM input('a Int8, b String') FORMAT CSV\n1,a\n2,b"),
        ("", "INSERT INTO forms (id, name) SELECT a, char(96 + a) FROM input('a UInt8') FORMAT RowBinary\n\x01\x02"),
    ],
)  # fmt: skip
def test_the_data_of_an_insert_may_be_in_the_parameter_or_the_body(
    engine: Engine, client: Any, parameters: str, body: str | bytes
) -> None:
    client.command("CREATE OR REPLACE TABLE forms (id UInt8, name String) ENGINE = MergeTree ORDER BY id")
    answer = ask(engine, path=parameters, body=body)
    assert (answer.data, answer.status) == (b"", 200)
    assert json.loads(answer.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert client.query("SELECT * FROM forms ORDER BY id").result_rows == [(1, "a"), (2, "b")]


def test_a_form_carries_the_query(engine: Engine) -> None:
    fields = {"query": "SELECT {x:String}", "param_x": "v"}
    assert ask(engine, fields=fields).data == b"v\n"
    curl = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask(engine, body=b"SELECT '%41+b'", headers=curl).data == b"%41+b\n"


def test_a_get_changes_nothing(engine: Engine) -> None:
    answer = ask(engine, "GET", "?query=CREATE%20DATABASE%20linked")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "164"
    assert ask(engine, "GET", "?query=EXISTS%20DATABASE%20linked").data == b"0\n"
