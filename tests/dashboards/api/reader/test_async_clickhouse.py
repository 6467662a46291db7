"""The driver's asynchronous client, as the reading user of a real engine."""

import asyncio

from dashboards.api.reader.async_clickhouse import Server, connect_async
from dashboards.api.reader.bounds import Bounds


async def test_statements_of_one_client_run_side_by_side(server: Server) -> None:
    client = await connect_async(server, 60, 4)
    try:
        bounds = Bounds(60).settings()
        queries = [client.query("SELECT {n:UInt8} AS n", {"n": n}, settings=bounds) for n in range(8)]
        assert [one.result_rows for one in await asyncio.gather(*queries)] == [[(n,)] for n in range(8)]
    finally:
        await client.close()


def test_the_password_is_not_shown(server: Server) -> None:
    assert "password" not in repr(Server("h", 1, "d", "u", "a password"))
