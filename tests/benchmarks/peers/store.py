"""The peers' table in the ClickHouse-compatible engine, filled with large blocks of finished rows."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import clickhouse_connect

from tests.benchmarks.peers.row import COLUMNS

TABLE: Final = "touches"
CUSTOMERS: Final = "customers"
"""A view of every peer: customer, touches, score."""


class Store:
    """An empty table of the peer at `http://user:password@host:port/database`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        database = parts.path.strip("/")
        if parts.scheme not in ("http", "https") or not parts.hostname or not database:
            raise SystemExit(f"--clickhouse must be http://user:password@host:port/database, not {parts.netloc!r}.")
        self._client: Any = clickhouse_connect.get_client(
            host=parts.hostname,
            port=parts.port or 8123,
            username=unquote(parts.username or "default"),
            password=unquote(parts.password or ""),
            secure=parts.scheme == "https",
            autogenerate_session_id=False,
            settings={"wait_end_of_query": 1},
        )
        self._client.command(f"CREATE DATABASE IF NOT EXISTS `{database}`")
        self._table = f"`{database}`.{TABLE}"
        self._client.command(f"DROP TABLE IF EXISTS {self._table}")
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        self._client.command(
            f"CREATE TABLE {self._table} ({columns}) ENGINE = MergeTree "
            "PARTITION BY toYYYYMM(occurred_at) ORDER BY (tenant, customer, occurred_at)"
        )
        self._client.command(
            f"CREATE OR REPLACE VIEW `{database}`.{CUSTOMERS} AS "
            f"SELECT customer, max(touches) AS touches, argMax(score, {TABLE}.touches) AS score "
            f"FROM {self._table} WHERE customer != '' GROUP BY customer"
        )

    def insert(self, rows: Sequence[bytes]) -> None:
        """Insert rows and return when they are stored. Raises the driver's errors."""
        if rows:
            self._client.raw_insert(self._table, tuple(COLUMNS), insert_block=b"".join(rows), fmt="MsgPack")

    def count(self) -> int:
        """Return the number of rows."""
        return int(self._client.query(f"SELECT count() FROM {self._table}").result_rows[0][0])

    def wrong_customers(self) -> int:
        """Return the number of customers whose counts differ from their rows, by lost or duplicated state. Rows without
        a customer have no count."""
        wrong = (
            f"SELECT count() FROM (SELECT customer, count() AS n, max(touches) AS last, uniqExact(touches) AS numbers "
            f"FROM {self._table} WHERE customer != '' GROUP BY customer HAVING n != last OR n != numbers)"
        )
        return int(self._client.query(wrong).result_rows[0][0])

    def close(self) -> None:
        """Close the connection."""
        self._client.close()
