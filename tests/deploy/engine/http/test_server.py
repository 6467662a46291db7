"""ClickHouse's HTTP interface as real clients use it, against a real engine process."""

import gzip
from datetime import UTC, datetime
from typing import Any

import lz4.frame  # type: ignore[import-untyped]
import pytest
import urllib3
import zstandard
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.deploy.engine.engine_processes import Engine
from tests.deploy.engine.http.http_requests import HTTP, ask, client, packed

__all__ = ["client"]  # fixtures


TYPES = """(id UInt64, at DateTime64(3, 'UTC'), day Date, words Array(String), flag Bool,
    label LowCardinality(Nullable(String)), weights Map(String, Float64),
    twice UInt64 MATERIALIZED id * 2, kind String DEFAULT concat('k', toString(id)))"""


@pytest.mark.parametrize("path", ["ping", "replicas_status", ""])
def test_ping_is_answered(engine: Engine, path: str) -> None:
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
def test_a_body_of_another_encoding_is_refused(engine: Engine, encoding: str) -> None:
    body = {"zstd": zstandard.compress(b"SELECT 1")[:-2], "lz4": b"SELECT 1", "gzip": gzip.compress(b"SELECT 1")[:-9]}
    answer = ask(engine, body=body.get(encoding, b"SELECT 1"), headers={"Content-Encoding": encoding})
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (400, "117")
    assert b"Content-Encoding" in answer.data


@pytest.mark.parametrize("encoding", ["zstd", "lz4", "gzip", "identity", "br"])
def test_an_answer_is_compressed_on_request(engine: Engine, encoding: str) -> None:
    unpack = {"zstd": zstandard.decompress, "lz4": lz4.frame.decompress, "gzip": gzip.decompress}
    answer = ask(
        engine, path="?enable_http_compression=1", body="SELECT number FROM numbers(3)", decode_content=False,
        headers={"Accept-Encoding": encoding},
    )  # fmt: skip
    assert answer.headers.get("Content-Encoding", "") == (encoding if encoding in unpack else "")
    assert unpack.get(encoding, bytes)(answer.data) == b"0\n1\n2\n"


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
def test_an_unknown_user_is_refused(engine: Engine, headers: dict[str, str], status: int) -> None:
    answer = HTTP.request("POST", engine.url, body="SELECT 1", headers=headers, retries=False)
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (status, "516")


def test_a_user_may_be_given_in_each_way(engine: Engine) -> None:
    for path, headers in (
        ("?user=reader&password=r", {}),
        ("", urllib3.make_headers(basic_auth="reader:r")),
        ("", {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "r"}),
    ):
        answer = HTTP.request("POST", engine.url + path, body="SELECT 1", headers=headers, retries=False)
        assert answer.data == b"1\n"
