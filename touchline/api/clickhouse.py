"""ClickHouse for one API process: its reader, and what only a user that may write can do."""

import asyncio
from collections.abc import Callable
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from dashboards.api.reader.async_clickhouse import Server, connect_async
from dashboards.api.reader.connection import AsyncClient, Connection
from dashboards.api.reader.lanes import Lane, LaneName
from dashboards.api.reader.reader import Reader
from sinks.clickhouse.client import Address, StoreUnavailableError, connect, quote
from touchline.settings import Settings

FAST_PLACES: Final = 4
SLOW_PLACES: Final = 2
WAITING: Final = 32  # questions per lane that may wait for a place
_CONNECTIONS: Final = 2 * (FAST_PLACES + SLOW_PLACES)


def make_reader(settings: Settings, reading: Address, writing: Address | None, now_ms: Callable[[], int]) -> Reader:
    """Return the reader of one process. Nothing is connected before the first question.

    `reading`: the address of a user that only reads. `writing`: of one that may end another's queries; without it, a
    query is ended by the reading user, which ClickHouse allows for its own.
    """
    server = Server(reading.host, reading.port, reading.database, reading.user, reading.password, reading.secure)
    longest_s = max(settings.serve_fast_s, settings.serve_slow_s)

    async def open_client() -> AsyncClient:
        return await connect_async(server, longest_s, _CONNECTIONS)

    async def kill(marker: str) -> None:
        await asyncio.to_thread(kill_queries, writing or reading, marker)

    lanes: dict[LaneName, Lane] = {
        "fast": Lane("fast", FAST_PLACES, WAITING, settings.serve_fast_s),
        "slow": Lane("slow", SLOW_PLACES, WAITING, settings.serve_slow_s),
    }
    return Reader(Connection(open_client, kill, now_ms), lanes)


def kill_queries(address: Address, marker: str) -> None:
    """End the queries whose text has a marker. Raises ClickHouseError, such as that of a user who may not."""
    try:
        client = connect(address, "read")
    except StoreUnavailableError as error:
        raise ClickHouseError(str(error)) from error
    try:
        # The statement itself has the marker, too, and must not end itself.
        client.command(f"KILL QUERY WHERE position(query, {quote(marker)}) > 0 AND query NOT LIKE 'KILL%' ASYNC")
    finally:
        client.close()
