"""Queries to ClickHouse's engine within the test process: one connection for all tests of the process."""

from functools import cache
from typing import Any

from chdb.state.sqlitelike import Connection


@cache
def _connection() -> Any:
    """Start the engine, in memory. It takes a moment, and ends with the process."""
    return Connection(":memory:")


def query(sql: str, form: str) -> str:
    """Return the answer to a query in a format of ClickHouse, such as `JSONCompactEachRow`."""
    return str(_connection().query(sql, form))
