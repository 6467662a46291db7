"""Questions to a real engine, and what becomes of those that fail."""

import asyncio
from typing import Any

import pytest

from dashboards.answers.run_query import Client, read_text
from dashboards.api.problem import ProblemError
from dashboards.api.reader.async_clickhouse import Server, connect_async
from dashboards.api.reader.connection import Connection
from dashboards.api.reader.lanes import Lane
from dashboards.api.reader.reader import Reader
from deploy.ports import free_port
from tests.dashboards.api.waiting import until


def reader_of(server: Server, limit_s: float = 60, waiting: int = 4) -> Reader:
    async def connect() -> Any:
        return await connect_async(server, 60, 8)

    async def kill(marker: str) -> None:
        """The engine ends the query of a connection that is closed."""

    connection = Connection(connect, kill, lambda: 1_700_000_000_000)
    return Reader(connection, {"fast": Lane("fast", 2, waiting, limit_s), "slow": Lane("slow", 1, 0, limit_s)})


def numbers(client: Client, count: int = 3) -> list[int]:
    return [int(row["number"]) for row in read_text(client, "SELECT number FROM numbers({n:UInt64})", n=count)]


def endless(client: Client) -> Any:
    return read_text(client, "SELECT count() AS n FROM numbers(1000000000000) WHERE sipHash64(number) = 1")


async def test_questions_run_side_by_side(server: Server) -> None:
    reader = reader_of(server, waiting=16)
    found = await asyncio.gather(*(reader.run(lambda client, n=n: numbers(client, n)) for n in range(10)))
    assert found == [list(range(n)) for n in range(10)]
    assert await reader.run_shared(numbers, "fast", "a", 1) == [0, 1, 2]
    await reader.close()


async def test_a_question_that_takes_too_long(server: Server) -> None:
    reader = reader_of(server, limit_s=0.2)
    with pytest.raises(ProblemError) as failed:
        await reader.run(endless)
    assert failed.value.kind == "too-slow"
    await reader.close()


async def test_a_full_lane_and_a_statement_that_is_refused(server: Server) -> None:
    reader = reader_of(server)
    task = asyncio.create_task(reader.run(endless, "slow"))
    await until(lambda: reader.lanes["slow"].running)
    with pytest.raises(ProblemError) as full:
        await reader.run(numbers, "slow")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProblemError) as refused:
        await reader.run(lambda client: read_text(client, "SELECT * FROM missing_table"))
    assert (full.value.kind, refused.value.kind) == ("busy", "clickhouse-refuses")
    await reader.close()


async def test_without_clickhouse_a_problem_says_since_when() -> None:
    reader = reader_of(Server("127.0.0.1", free_port(), "d", "u", "p"))
    with pytest.raises(ProblemError) as failed:
        await reader.run(numbers)
    assert failed.value.kind == "clickhouse-away"
    assert failed.value.more == {"since": "2023-11-14T22:13:20Z"}
    await reader.close()
