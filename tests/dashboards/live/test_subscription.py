"""A viewer's place in the events of a room."""

import asyncio

from dashboards.live.audience import Audience
from dashboards.live.subscription import LARGEST_BACKLOG
from tests.dashboards.live.watching import START_MS, Watched, events_in
from tests.sinks.sample_blocks import event_block


async def test_next_waits_for_events_and_gives_all_since_the_last_call() -> None:
    watched = Watched()
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    assert [name for name, _ in events_in(await viewer.next())] == ["hello"]
    waiting = asyncio.create_task(viewer.next())
    await asyncio.sleep(0)
    assert not waiting.done()
    watched.hub.take(event_block("main", 0, range(1)), START_MS)
    watched.flush()
    assert "touches" in [name for name, _ in events_in(await waiting)]
    for number in (1, 2):
        watched.hub.take(event_block("main", 0, range(number, number + 1)), START_MS)
        watched.flush()
    assert [name for name, _ in events_in(await viewer.next())].count("touches") == 2


async def test_a_viewer_that_left_while_it_waited_does_not_hinder_others() -> None:
    watched = Watched()
    left, stays = watched.hub.subscribe("main", Audience.CLEAR), watched.hub.subscribe("main", Audience.CLEAR)
    await left.next(), await stays.next()
    waiting = asyncio.create_task(left.next())
    other = asyncio.create_task(stays.next())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    watched.hub.take(event_block("main", 0, range(1)), START_MS)
    watched.flush()
    assert events_in(await other)


async def test_a_viewer_is_behind_when_too_much_waits() -> None:
    watched = Watched()
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    sent = number = 0
    while sent <= LARGEST_BACKLOG:
        assert not viewer.is_behind()
        place = viewer.room.number
        watched.hub.take(event_block("main", 0, range(number, number + 20)), START_MS)
        number += 20
        viewer.room.flush(START_MS + number)
        sent += len(viewer.room.after(Audience.CLEAR, place) or b"")
    assert viewer.is_behind()
    while len(await viewer.next()) < LARGEST_BACKLOG:
        pass
    assert not viewer.is_behind()
