"""Bounds, which the engine really keeps."""

from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from dashboards.api.reader.async_clickhouse import Server, connect_async
from dashboards.api.reader.bounds import Bounds
from dashboards.api.reader.failures import code_of

MANY = "SELECT number FROM numbers(100000)"


@pytest.mark.parametrize(
    ("bounds", "query", "code"),
    [
        (Bounds(0.1), "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1", 159),
        (Bounds(60, result_rows=10), MANY, 396),
        (Bounds(60, result_bytes=10), MANY, 396),
        (Bounds(60, read_bytes=10), MANY, 307),
    ],
)
async def test_a_statement_that_exceeds_one_is_ended(server: Server, bounds: Bounds, query: str, code: int) -> None:
    client: Any = await connect_async(server, 60, 4)
    try:
        with pytest.raises(DatabaseError) as failed:
            await client.query(query, settings=bounds.settings())
        assert code_of(failed.value) == code
    finally:
        await client.close()
