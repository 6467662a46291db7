"""No reader takes the threads, the memory or the time of another, or of what writes."""

import json
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import lz4.frame  # type: ignore[import-untyped]
import pytest
import urllib3
import zstandard

from sinks.clickhouse.client import Address, StoreUnavailable, connect
from tests.deploy.engine.running import Engine, Start

HTTP = urllib3.PoolManager()
ENDLESS = "SELECT sleepEachRow(1) FROM numbers(1000000)"
PASSWORDS = {"reader": b"r", "other": b"o", "writer": "w:ö'".encode()}


def ask(engine: Engine, sql: str | bytes, user: str = "reader", **parameters: str) -> urllib3.BaseHTTPResponse:
    headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": PASSWORDS[user]}
    return HTTP.request(
        "POST", f"{engine.url}?{urlencode(parameters)}", body=sql, headers=headers, retries=False, timeout=60
    )


def send(engine: Engine, sql: str) -> socket.socket:
    """Send a request and do not wait for its answer."""
    connection = socket.create_connection(("127.0.0.1", engine.ready.port))
    head = "POST /?max_block_size=1 HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: reader\r\nX-ClickHouse-Key: r\r\n"
    connection.sendall(f"{head}Content-Length: {len(sql)}\r\n\r\n{sql}".encode())
    return connection


def running(engine: Engine) -> int:
    counted = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleepEachRow%'"
    return int(ask(engine, counted, "writer").data)


def wait(condition: Callable[[], bool], limit_s: float = 60) -> None:
    until_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < until_s
        time.sleep(0.05)


@pytest.fixture(scope="module")
def limited(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine with low limits: 3 s and 8 MB."""
    path = tmp_path_factory.mktemp("limited")
    engine = start(path, "--reader-limit-s", "3", "--reader-result-mb", "8", "--max-memory-mb", "2000")
    ask(engine, "CREATE DATABASE shop", "writer", database="system")
    return engine


def test_a_query_ends_when_its_client_has_gone(engine: Engine) -> None:
    connections = [send(engine, ENDLESS) for _ in range(16)]
    wait(lambda: running(engine) == 8)
    for connection in connections:
        connection.close()
    wait(lambda: running(engine) == 0)
    assert ask(engine, "SELECT 1").data == b"1\n"


def test_slow_queries_of_a_reader_delay_no_other_user_and_answer_busy(engine: Engine) -> None:
    connections = [send(engine, ENDLESS) for _ in range(16)]
    wait(lambda: running(engine) == 8)
    assert ask(engine, "SELECT 1", "other").data == b"1\n"
    busy = ask(engine, "SELECT 1")
    assert (busy.status, busy.headers["X-ClickHouse-Exception-Code"]) == (503, "202")
    assert int(busy.headers["Retry-After"]) > 0
    assert b"threads of user reader are taken: try again in" in busy.data
    with pytest.raises(StoreUnavailable, match=r"is busy: .* try again in 5 s") as raised:
        connect(Address("127.0.0.1", engine.ready.port, "shop", "reader", "r"), "read")
    assert (raised.value.code, raised.value.passes) == (202, True)
    client = connect(Address("127.0.0.1", engine.ready.port, "shop", "other", "o"), "read")
    assert client.query("SELECT 1").result_rows == [(1,)]
    client.close()
    assert running(engine) == 8
    for connection in connections:
        connection.close()
    wait(lambda: running(engine) == 0)


@pytest.mark.parametrize(
    "sql",
    [
        ENDLESS,
        "SELECT sleepEachRow(3) FROM numbers(100) SETTINGS max_block_size = 1",
        "SELECT uniqExact(number % 1000) FROM numbers(1000000000000)",
        "SELECT count() FROM numbers(10000000) AS a, numbers(10000000) AS b WHERE a.number * b.number = 7",
        "SELECT (SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1)",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count() FROM t",
    ],
)
@pytest.mark.parametrize("asked", [{}, {"max_execution_time": "0"}, {"max_execution_time": "1000"}])
def test_a_query_of_a_reader_ends_at_its_limit(limited: Engine, sql: str, asked: dict[str, str]) -> None:
    answer = ask(limited, sql.partition(" SETTINGS")[0], max_block_size="1", max_threads="1", **asked)
    assert answer.headers["X-ClickHouse-Exception-Code"] in ("159", "306", "394")
    wait(lambda: int(ask(limited, "SELECT count() FROM system.processes", "writer").data) == 1)


@pytest.mark.parametrize(("asked", "held"), [("", 3), ("0", 3), ("2", 2), ("1000", 3), ("nan", 3), ("-1", 3), ("x", 3)])
def test_a_reader_may_ask_for_less_time_and_not_for_more(limited: Engine, asked: str, held: int) -> None:
    parameters = {"max_execution_time": asked} if asked else {}
    answer = ask(limited, "SELECT getSetting('max_execution_time')", **parameters)
    assert float(answer.data) == held


def test_a_reader_may_use_a_quarter_of_the_memory(limited: Engine) -> None:
    held = ask(limited, "SELECT getSetting('max_memory_usage')", max_memory_usage="0").data
    assert int(held) == (2000 << 20) // 4
    answer = ask(limited, "SELECT length(groupArray(number)) FROM numbers(200000000)")
    assert answer.headers["X-ClickHouse-Exception-Code"] == "241"


@pytest.mark.parametrize("form", ["TSV", "CSV", "JSONEachRow", "Native", "RowBinary"])
def test_a_large_result_is_refused(limited: Engine, form: str) -> None:
    for sql in (f"SELECT repeat('x', 1000) FROM numbers(20000) FORMAT {form}", "SELECT number FROM numbers(3000000)"):
        answer = ask(limited, sql)
        assert answer.headers["X-ClickHouse-Exception-Code"] == "396", sql
    assert ask(limited, "SELECT count() FROM numbers(3000000)").data == b"3000000\n"


def test_a_result_of_several_pieces_is_whole(limited: Engine) -> None:
    answer = ask(limited, "SELECT number FROM numbers(300000) FORMAT JSONEachRow", max_block_size="1000")
    assert [int(json.loads(line)["number"]) for line in answer.data.splitlines()] == list(range(300000))


def test_totals_are_in_the_result(limited: Engine) -> None:
    sql = "SELECT number, count() FROM numbers(2) GROUP BY number WITH TOTALS ORDER BY number"
    assert ask(limited, sql).data == b"0\t1\n1\t1\n\n0\t2\n"


@pytest.mark.parametrize("form", ["JSON", "CSVWithNames", "Parquet"])
def test_a_result_in_a_format_of_one_piece_is_whole(limited: Engine, form: str) -> None:
    answer = ask(limited, f"SELECT number FROM numbers(2000) FORMAT {form}", max_block_size="1000")
    assert answer.status == 200
    if form == "JSON":
        assert json.loads(answer.data)["rows"] == 2000


PACK: dict[str, Callable[[bytes], Any]] = {
    "": bytes, "gzip": lambda data: zlib.compress(data, wbits=31), "deflate": zlib.compress,
    "zstd": zstandard.compress, "lz4": lz4.frame.compress,
}  # fmt: skip


@pytest.mark.parametrize("encoding", sorted(PACK))
def test_a_statement_that_unpacks_to_too_much_is_refused(engine: Engine, encoding: str) -> None:
    body = PACK[encoding](b"SELECT 1 --" + b" " * (20 << 20))
    headers = {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "r", "Content-Encoding": encoding or "identity"}
    answer = urllib3.request("POST", engine.url, body=body, headers=headers, retries=False)
    assert (answer.status, answer.headers["X-ClickHouse-Exception-Code"]) == (413, "307")
    assert b"longer than 4 MB, unpacked: send less at once" in answer.data


def test_a_statement_of_a_megabyte_is_read(engine: Engine) -> None:
    numbers = "5," + ",".join(str(10_000_000 + number) for number in range(40_000))
    answer = ask(engine, f"SELECT 5 IN ({numbers})", max_query_size=str(4 << 20))
    assert answer.data == b"1\n"


def test_running_queries_end_when_the_engine_stops(start: Start, tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = start(tmp_path_factory.mktemp("stopped"))
    ask(engine, "CREATE DATABASE shop", "writer", database="system")
    send(engine, ENDLESS)
    wait(lambda: running(engine) == 1)
    assert engine.stop() == 0
