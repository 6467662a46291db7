"""The connection to ClickHouse: one asynchronous client, statements with bounds and a marker, and their end.

A statement begins with a comment that holds a unique marker. When it is cancelled, the query is killed by that marker,
because closing a connection does not end a query on every server, and the id of a query does not reach the embedded
engine. A user with readonly=1 may send no settings: then the bounds are those of the user's profile.
"""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, Protocol

from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.api.reader.bounds import READONLY, Bounds
from dashboards.api.reader.failures import code_of, is_outage

KILL_S: Final = 10.0

log = logging.getLogger(__name__)


class AsyncClient(Protocol):
    """The used part of clickhouse-connect's asynchronous client."""

    async def query(
        self, query: str, parameters: dict[str, Any] | None = None, *, settings: dict[str, Any] | None = None
    ) -> Any:
        """Return an object with `.result_rows` and `.column_names`."""

    async def close(self) -> None:
        """Close the connections."""


Connect = Callable[[], Awaitable[AsyncClient]]
Kill = Callable[[str], Awaitable[None]]


class Connection:
    """Connects at the first statement, and again after an outage. `kill` ends the queries whose text has a marker."""

    def __init__(self, connect: Connect, kill: Kill, now_ms: Callable[[], int]) -> None:
        self._connect = connect
        self._kill = kill
        self._now_ms = now_ms
        self._client: AsyncClient | None = None
        self._connecting = asyncio.Lock()
        self._sends_bounds = True
        self._killing: set[asyncio.Task[None]] = set()
        self.away_since_ms: int | None = None
        self.killed = 0  # statements that were ended before they had finished

    async def query(self, text: str, parameters: dict[str, Any] | None, bounds: Bounds) -> Any:
        """Return the rows of a statement. Raises ClickHouseError and OSError; `away_since_ms` then says since when."""
        marker = f"tl-{uuid.uuid4().hex}"
        try:
            found = await self._send(f"/* {marker} */ {text}", parameters, bounds)
        except asyncio.CancelledError:
            self._end(marker)
            raise
        except (ClickHouseError, OSError) as error:
            self._note(error)
            raise
        self.away_since_ms = None
        return found

    async def close(self) -> None:
        """Wait for the ends of statements, and close the client."""
        if self._killing:
            await asyncio.wait(self._killing)
        if self._client is not None:
            await self._client.close()

    async def _send(self, text: str, parameters: dict[str, Any] | None, bounds: Bounds) -> Any:
        client = await self._connected()
        if not self._sends_bounds:
            return await client.query(text, parameters)
        try:
            return await client.query(text, parameters, settings=bounds.settings())
        except ClickHouseError as error:
            if code_of(error) != READONLY:
                raise
        found = await client.query(text, parameters)
        self._sends_bounds = False
        log.warning("ClickHouse lets the reading user send no limits: those of its profile apply.")
        return found

    async def _connected(self) -> AsyncClient:
        async with self._connecting:
            if self._client is None:
                self._client = await self._connect()
            return self._client

    def _note(self, error: BaseException) -> None:
        if not is_outage(error):
            self.away_since_ms = None
        elif self.away_since_ms is None:
            self.away_since_ms = self._now_ms()

    def _end(self, marker: str) -> None:
        task = asyncio.create_task(self._kill_soon(marker))
        self._killing.add(task)
        task.add_done_callback(self._killing.discard)

    async def _kill_soon(self, marker: str) -> None:
        self.killed += 1
        with suppress(ClickHouseError, OSError, TimeoutError):
            await asyncio.wait_for(self._kill(marker), KILL_S)
