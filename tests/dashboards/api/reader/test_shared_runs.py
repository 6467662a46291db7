"""Runs that several share."""

import asyncio

import pytest

from dashboards.api.reader.shared_runs import MOST_KEPT, SharedRuns
from tests.dashboards.api.waiting import until


class Counted:
    """Runs that are counted, and wait until `go` is set."""

    def __init__(self) -> None:
        self.runs = 0
        self.cancelled = 0
        self.go = asyncio.Event()

    async def run(self) -> int:
        self.runs += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.runs


async def test_all_that_ask_at_once_share_a_run() -> None:
    shared, counted = SharedRuns(), Counted()
    asking = [asyncio.create_task(shared.get("a", 0, counted.run)) for _ in range(5)]
    await until(lambda: counted.runs)
    counted.go.set()
    assert await asyncio.gather(*asking) == [1] * 5
    assert await shared.get("a", 0, counted.run) == 2, "it is not kept"


async def test_a_result_is_kept() -> None:
    shared, counted = SharedRuns(), Counted()
    counted.go.set()
    assert [await shared.get("a", 3_600, counted.run) for _ in range(3)] == [1] * 3
    assert await shared.get("b", 3_600, counted.run) == 2
    for number in range(MOST_KEPT):
        await shared.get(number, 3_600, counted.run)
    assert await shared.get("a", 3_600, counted.run) == MOST_KEPT + 3


async def test_a_run_ends_when_its_last_asker_leaves() -> None:
    shared, counted = SharedRuns(), Counted()
    one, other = (asyncio.create_task(shared.get("a", 1, counted.run)) for _ in range(2))
    await until(lambda: counted.runs)
    one.cancel()
    await asyncio.wait([one])
    assert counted.cancelled == 0
    other.cancel()
    await asyncio.wait([other])
    await until(lambda: counted.cancelled)


async def test_an_error_is_not_kept() -> None:
    async def fail() -> int:
        raise ValueError("no")

    shared, counted = SharedRuns(), Counted()
    counted.go.set()
    with pytest.raises(ValueError, match="no"):
        await shared.get("a", 3_600, fail)
    assert await shared.get("a", 3_600, counted.run) == 1
