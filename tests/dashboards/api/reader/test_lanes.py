"""Places of a lane, and what happens without one."""

import asyncio
import threading

import pytest

from dashboards.api.reader.lanes import Lane, LaneFullError
from tests.dashboards.api.waiting import until


async def test_a_full_lane_refuses_and_frees_its_place() -> None:
    lane, go = Lane("slow", 1, 1, 60), threading.Event()
    running = await lane.start(lambda: go.wait())
    waiting = asyncio.create_task(lane.start(lambda: 5))
    await until(lambda: lane.waiting)
    with pytest.raises(LaneFullError):
        await lane.start(lambda: 6)
    assert (lane.running, lane.waiting) == (1, 1)
    go.set()
    assert await running
    assert await (await waiting) == 5
    assert (lane.running, lane.waiting) == (0, 0)
    lane.close()


async def test_a_place_is_freed_after_an_error() -> None:
    lane = Lane("fast", 1, 1, 60)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            await (await lane.start(lambda: 1 // 0))
    assert lane.running == 0
    lane.close()
