"""The connection: markers, the end of cancelled statements, outages, and servers that take no settings."""

import asyncio
import re
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from dashboards.api.reader.bounds import READONLY, Bounds
from dashboards.api.reader.connection import Connection

BOUNDS = Bounds(10)


class Recorded:
    """An AsyncClient that answers by a list of errors and results, in turn; then it waits for ever."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, bool]] = []
        self.called = asyncio.Event()

    async def query(self, query: str, parameters: Any = None, *, settings: Any = None) -> Any:
        self.calls.append((query, settings is not None))
        self.called.set()
        if not self.answers:
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        """Nothing is open."""


def connection_to(client: Recorded, killed: list[str]) -> Connection:
    async def connect() -> Recorded:
        return client

    async def kill(marker: str) -> None:
        killed.append(marker)

    return Connection(connect, kill, lambda: 5_000)


async def test_a_cancelled_statement_is_killed_by_its_marker() -> None:
    client, killed = Recorded(), list[str]()
    connection = connection_to(client, killed)
    task = asyncio.create_task(connection.query("SELECT 1", None, BOUNDS))
    await client.called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await connection.close()
    found = re.fullmatch(r"/\* (tl-[0-9a-f]{32}) \*/ SELECT 1", client.calls[0][0])
    assert found
    assert killed == [found[1]]
    assert connection.killed == 1


async def test_a_server_that_takes_no_settings_gets_none() -> None:
    client = Recorded(DatabaseError("no", code=READONLY), "rows", "more")
    connection = connection_to(client, [])
    assert await connection.query("SELECT 1", None, BOUNDS) == "rows"
    assert await connection.query("SELECT 1", None, BOUNDS) == "more"
    assert [with_settings for _, with_settings in client.calls] == [True, False, False]


async def test_since_when_clickhouse_is_away() -> None:
    client = Recorded(OperationalError("refused"), DatabaseError("slow", code=159), OSError("reset"), "rows")
    connection = connection_to(client, [])
    noted = []
    for error in (OperationalError, DatabaseError, OSError):
        with pytest.raises(error):
            await connection.query("SELECT 1", None, BOUNDS)
        noted.append(connection.away_since_ms)
    await connection.query("SELECT 1", None, BOUNDS)
    assert [*noted, connection.away_since_ms] == [5_000, None, 5_000, None]
