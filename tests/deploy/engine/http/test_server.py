"""ClickHouse's HTTP interface as real clients use it, against a real engine process."""

import gzip
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import lz4.frame  # type: ignore[import-untyped]
import msgspec
import pytest
import urllib3
import zstandard
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.deploy.engine.running import Engine

HTTP = urllib3.PoolManager()
TYPES = """(id UInt64, at DateTime64(3, 'UTC'), day Date, words Array(String), flag Bool,
    label LowCardinality(Nullable(String)), weights Map(String, Float64),
    twice UInt64 MATERIALIZED id * 2, kind String DEFAULT concat('k', toString(id)))"""


def ask(engine: Engine, method: str = "POST", path: str = "", **options: Any) -> urllib3.BaseHTTPResponse:
    headers = {"X-ClickHouse-User": "writer", "X-ClickHouse-Key": "w:ö'".encode()} | options.pop("headers", {})
    return HTTP.request(method, engine.url + path, headers=headers, retries=False, **options)


def packed(rows: list[list[Any]]) -> bytes:
    return b"".join(msgspec.msgpack.encode(value) for row in rows for value in row)


@pytest.fixture(scope="module")
def client(engine: Engine) -> Any:
    return engine.client(tz_mode="aware")


@pytest.mark.parametrize("path", ["ping", "replicas_status", ""])
def test_it_says_that_it_lives(engine: Engine, path: str) -> None:
    assert ask(engine, "GET", path).data == b"Ok.\n"


def test_clickhouse_connect_writes_and_reads(client: Any) -> None:
    client.command(
        "CREATE TABLE moves (id UInt32, at DateTime64(3, 'UTC'), name String) ENGINE = MergeTree ORDER BY id"
    )
    at = datetime(2026, 3, 29, 1, 30, 0, 123000, tzinfo=UTC)
    assert client.insert("moves", [[1, at, "ä"], [2, at, "b"]], column_names=["id", "at", "name"]).written_rows == 2
    assert client.query("SELECT * FROM moves ORDER BY id").result_rows == [(1, at, "ä"), (2, at, "b")]
    assert client.command("SELECT count() FROM moves") == 2
    assert list(client.query("SELECT * FROM moves LIMIT 0").column_names) == ["id", "at", "name"]


@pytest.mark.parametrize("value", ["plain", "it's \\ {x} -- ;", "tab\there\nnewline", "“ü”", ""])
def test_parameters_reach_the_engine_as_they_are(client: Any, value: str) -> None:
    assert client.query("SELECT {x:String}", parameters={"x": value}).result_rows == [(value,)]


def test_parameters_of_other_types(client: Any) -> None:
    rows = client.query("SELECT {a:Array(String)}, {n:UInt64}", parameters={"a": ["x'", "y"], "n": 2**63}).result_rows
    assert rows == [(["x'", "y"], 2**63)]


@pytest.mark.parametrize("compression", [None, "zstd", "lz4", "gzip"])
def test_every_frame_of_a_body_is_stored(client: Any, compression: str | None) -> None:
    client.command(f"CREATE OR REPLACE TABLE frames {TYPES} ENGINE = MergeTree ORDER BY id")
    pack = {None: bytes, "zstd": zstandard.compress, "lz4": lz4.frame.compress, "gzip": gzip.compress}[compression]
    rows = [[i, 1_700_000_000_000 + i, 19_000, ["a", b"b"], None, {"k": 0.5}, True] for i in range(3000)]
    body = b"".join(pack(packed(rows[at : at + 1000])) for at in range(0, 3000, 1000))
    columns = ["id", "at", "day", "words", "label", "weights", "flag"]
    client.raw_insert("frames", columns, body, fmt="MsgPack", compression=compression)
    assert client.query("SELECT count(), sum(twice), max(kind), max(at) FROM frames").result_rows == [
        (3000, 2 * sum(range(3000)), "k999", datetime(2023, 11, 14, 22, 13, 22, 999000, tzinfo=UTC))
    ]


def test_a_block_cut_short_is_refused_whole(client: Any) -> None:
    client.command("CREATE OR REPLACE TABLE whole (a UInt8, b UInt8) ENGINE = MergeTree ORDER BY a")
    with pytest.raises(DatabaseError, match="Not enough values") as raised:
        client.raw_insert("whole", ["a", "b"], packed([[1, 2], [3]]), fmt="MsgPack")
    assert raised.value.code == 117
    assert client.command("SELECT count() FROM whole") == 0


@pytest.mark.parametrize("encoding", ["zstd", "lz4", "gzip", "br"])
def test_a_body_that_is_not_what_it_says_is_refused(engine: Engine, encoding: str) -> None:
    body = {"zstd": zstandard.compress(b"SELECT 1")[:-2], "lz4": b"SELECT 1", "gzip": gzip.compress(b"SELECT 1")[:-9]}
    answer = ask(engine, body=body.get(encoding, b"SELECT 1"), headers={"Content-Encoding": encoding})
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (400, "117")
    assert b"Content-Encoding" in answer.data


@pytest.mark.parametrize("encoding", ["zstd", "lz4", "gzip", "identity", "br"])
def test_an_answer_is_compressed_when_asked(engine: Engine, encoding: str) -> None:
    unpack = {"zstd": zstandard.decompress, "lz4": lz4.frame.decompress, "gzip": gzip.decompress}
    answer = ask(
        engine, path="?enable_http_compression=1", body="SELECT number FROM numbers(3)", decode_content=False,
        headers={"Accept-Encoding": encoding},
    )  # fmt: skip
    assert answer.headers.get("Content-Encoding", "") == (encoding if encoding in unpack else "")
    assert unpack.get(encoding, bytes)(answer.data) == b"0\n1\n2\n"


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


def test_headers_tell_about_the_answer(engine: Engine) -> None:
    answer = ask(engine, path="?query_id=mine", body="SELECT 1", headers={"X-ClickHouse-Format": "JSON"})
    assert json.loads(answer.data)["data"] == [{"1": 1}]
    assert answer.headers["Content-Type"].startswith("application/json")
    told = {name: answer.headers[f"X-ClickHouse-{name}"] for name in ("Query-Id", "Format", "Timezone")}
    assert told == {"Query-Id": "mine", "Format": "JSON", "Timezone": "UTC"}


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
def test_an_insert_takes_its_data_wherever_it_is(
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


@pytest.mark.parametrize(
    ("sql", "code", "status"),
    [
        ("SELEC 1", 62, 400),
        ("SELECT * FROM nowhere", 60, 404),
        ("SELECT 1; SELECT 2", 62, 400),
        ("SELECT 1 FORMAT NoSuch", 73, 400),
        ("SELECT 1 FORMAT DataFrame", 73, 400),
        ("SELECT 1 FORMAT ArrowTable", 73, 400),
        ("SELECT throwIf(1)", 395, 500),
        ("INSERT INTO nowhere FORMAT CSV\n1", 60, 404),
        (b"SELECT '\xff'", 62, 400),
    ],
)
def test_an_error_has_its_code(engine: Engine, sql: str | bytes, code: int, status: int) -> None:
    answer = ask(engine, body=sql)
    assert (answer.headers["X-ClickHouse-Exception-Code"], answer.status) == (str(code), status)
    assert answer.data.decode().startswith(f"Code: {code}. DB::Exception: ")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-ClickHouse-User": "writer", "X-ClickHouse-Key": "no"}, 403),
        ({"X-ClickHouse-User": "nobody", "X-ClickHouse-Key": ""}, 403),
        (urllib3.make_headers(basic_auth="reader:wrong"), 403),
        ({"Authorization": "Basic ?"}, 403),
    ],
)
def test_a_stranger_is_refused(engine: Engine, headers: dict[str, str], status: int) -> None:
    answer = HTTP.request("POST", engine.url, body="SELECT 1", headers=headers, retries=False)
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (status, "516")


def test_a_user_may_be_named_in_each_way(engine: Engine) -> None:
    for path, headers in (
        ("?user=reader&password=r", {}),
        ("", urllib3.make_headers(basic_auth="reader:r")),
        ("", {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "r"}),
    ):
        answer = HTTP.request("POST", engine.url + path, body="SELECT 1", headers=headers, retries=False)
        assert answer.data == b"1\n"


def test_a_get_changes_nothing(engine: Engine) -> None:
    answer = ask(engine, "GET", "?query=CREATE%20DATABASE%20linked")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "164"
    assert ask(engine, "GET", "?query=EXISTS%20DATABASE%20linked").data == b"0\n"


def test_what_one_request_sets_reaches_no_other(engine: Engine) -> None:
    assert ask(engine, path="?readonly=1", body="SELECT getSetting('readonly')").data == b"1\n"
    assert ask(engine, body="SELECT getSetting('readonly'), getSetting('async_insert')").data == b"0\tfalse\n"


def test_slow_queries_block_neither_queries_nor_pings(engine: Engine) -> None:
    unbounded = "SETTINGS function_sleep_max_microseconds_per_block = 0"
    slow = f"SELECT count() FROM numbers(40) WHERE sleepEachRow(0.1) = 0 {unbounded}"
    done = threading.Event()

    def sleep() -> bytes:
        answer = ask(engine, body=slow).data
        done.set()
        return answer

    with ThreadPoolExecutor(3) as threads:
        sleeping = [threads.submit(sleep) for _ in range(3)]
        asleep = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT count() FROM numbers(40)%'"
        while ask(engine, body=asleep).data != b"3\n":
            assert not done.is_set()
        assert ask(engine, "GET", "ping").data == b"Ok.\n"
        assert ask(engine, body="SELECT 1").data == b"1\n"
        assert not done.is_set()
        assert [answer.result() for answer in sleeping] == [b"40\n"] * 3


def test_many_write_at_once(engine: Engine, client: Any) -> None:
    client.command("CREATE OR REPLACE TABLE busy (n UInt64) ENGINE = MergeTree ORDER BY n")

    def write(which: int) -> int:
        rows = packed([[which * 1000 + row] for row in range(1000)])
        return ask(engine, path="?query=INSERT%20INTO%20busy%20FORMAT%20MsgPack", body=rows).status

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write, range(24))) == [200] * 24
    assert client.query("SELECT count(), uniqExact(n) FROM busy").result_rows == [(24_000, 24_000)]
