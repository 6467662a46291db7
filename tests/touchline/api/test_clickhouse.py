"""The end of a query by its marker, on a real engine."""

import asyncio
from dataclasses import replace

import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from deploy.ports import free_port
from sinks.clickhouse.client import Address, connect
from touchline.api.clickhouse import kill_queries, make_reader
from touchline.settings import read_settings

ENDLESS = "SELECT /* tl-marked */ count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


async def test_a_query_ends_by_its_marker(clickhouse: Address) -> None:
    here = replace(clickhouse, database="kill_queries")
    connect(clickhouse, "write").command("CREATE DATABASE IF NOT EXISTS kill_queries")
    reader = connect(replace(here, user="reader", password="r"), "read")
    running = asyncio.create_task(asyncio.to_thread(reader.query, ENDLESS))
    while not running.done():  # the first request may come before the query
        await asyncio.to_thread(kill_queries, clickhouse, "tl-marked")
    with pytest.raises(ClickHouseError):
        await running


def test_without_clickhouse_the_error_is_the_drivers() -> None:
    with pytest.raises(ClickHouseError, match="cannot be reached"):
        kill_queries(Address("127.0.0.1", free_port(), "touchline"), "tl-x")


async def test_lanes_have_the_limits_of_the_settings(clickhouse: Address) -> None:
    reader = make_reader(read_settings(serve_fast_s=3, serve_slow_s=7), clickhouse, None, lambda: 1)
    assert [lane.limit_s for lane in reader.lanes.values()] == [3, 7]
    await reader.close()
