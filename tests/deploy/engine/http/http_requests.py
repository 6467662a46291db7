"""Requests to an engine over HTTP."""

from typing import Any

import msgspec
import pytest
import urllib3

from tests.deploy.engine.engine_processes import Engine

HTTP = urllib3.PoolManager()


def ask(engine: Engine, method: str = "POST", path: str = "", **options: Any) -> urllib3.BaseHTTPResponse:
    headers = {"X-ClickHouse-User": "writer", "X-ClickHouse-Key": "w:ö'".encode()} | options.pop("headers", {})
    return HTTP.request(method, engine.url + path, headers=headers, retries=False, **options)


def packed(rows: list[list[Any]]) -> bytes:
    return b"".join(msgspec.msgpack.encode(value) for row in rows for value in row)


@pytest.fixture(scope="module")
def client(engine: Engine) -> Any:
    return engine.client(tz_mode="aware")
