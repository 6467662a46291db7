"""Concurrent requests: settings stay apart, slow queries block no other request, all inserts are stored."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.deploy.engine.engine_processes import Engine
from tests.deploy.engine.http.http_requests import ask, client, packed

__all__ = ["client"]  # fixtures


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
        ("SELECT throwIf(1, unhex('ff'))", 395, 500),  # the error quotes a byte that is no UTF-8
        ("SELECT toUInt8('\\xff')", 6, 400),
    ],
)
def test_an_error_has_its_code(engine: Engine, sql: str | bytes, code: int, status: int) -> None:
    answer = ask(engine, body=sql)
    assert (answer.headers["X-ClickHouse-Exception-Code"], answer.status) == (str(code), status)
    assert answer.data.decode().startswith(f"Code: {code}. DB::Exception: ")


def test_settings_of_a_request_do_not_reach_another(engine: Engine) -> None:
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


def test_concurrent_inserts_are_all_stored(engine: Engine, client: Any) -> None:
    client.command("CREATE OR REPLACE TABLE busy (n UInt64) ENGINE = MergeTree ORDER BY n")

    def write(which: int) -> int:
        rows = packed([[which * 1000 + row] for row in range(1000)])
        return ask(engine, path="?query=INSERT%20INTO%20busy%20FORMAT%20MsgPack", body=rows).status

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(write, range(24))) == [200] * 24
    assert client.query("SELECT count(), uniqExact(n) FROM busy").result_rows == [(24_000, 24_000)]
