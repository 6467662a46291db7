"""An engine that limits its readers, and slow queries."""

import socket
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import urllib3

from tests.deploy.engine.engine_processes import Engine, Start

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
