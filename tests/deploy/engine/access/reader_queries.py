"""Queries of a read-only user."""

from urllib.parse import urlencode

import urllib3

from tests.deploy.engine.engine_processes import Engine

HTTP = urllib3.PoolManager()
SECRET = "for-its-owner-alone"


def ask(engine: Engine, sql: str, **parameters: str) -> urllib3.BaseHTTPResponse:
    """Send a query as the read-only user."""
    headers = {"X-ClickHouse-User": "reader", "X-ClickHouse-Key": "r"}
    return HTTP.request(
        "POST", f"{engine.url}?{urlencode(parameters)}", body=sql.encode(), headers=headers, retries=False
    )
