"""clickhouse-connect's asynchronous client, for a user that reads."""

import logging
from dataclasses import dataclass, field
from typing import Final, cast

import clickhouse_connect
from clickhouse_connect import common

from dashboards.api.reader.connection import AsyncClient

CONNECT_S: Final = 5.0
_MARGIN_S: Final = 5.0  # of an answer beyond the time limit of its statement


@dataclass(frozen=True, slots=True)
class Server:
    """Where ClickHouse is, and as whom to connect; `repr` leaves the password out."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    secure: bool = False


async def connect_async(server: Server, limit_s: float, connections: int) -> AsyncClient:
    """Return a client of at most so many connections, for statements of at most `limit_s`. Raises ClickHouseError.

    Without a session, statements of one client run side by side. The driver would not send settings that the user may
    not change, and the embedded engine takes limits from its readers, so it is told to send them all the same.
    """
    common.set_setting("invalid_setting_action", "send")
    for name in ("clickhouse_connect", "aiohttp"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    client = await clickhouse_connect.get_async_client(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        database=server.database,
        secure=server.secure,
        connect_timeout=CONNECT_S,
        send_receive_timeout=limit_s + _MARGIN_S,
        autogenerate_session_id=False,
        connector_limit=connections,
        connector_limit_per_host=connections,
        tz_mode="aware",
    )
    return cast(AsyncClient, client)
