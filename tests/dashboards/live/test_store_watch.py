"""Watching ClickHouse, and reading hot lists."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from dashboards.live.audience import Audience
from dashboards.live.hot_list import KEPT, ProfileChange
from dashboards.live.store_watch import PING_EVERY_S, READ_EVERY_S, StoreWatch
from tests.dashboards.live.test_hot_list import ONE
from tests.dashboards.live.watching import START_MS, Watched, events_in
from tests.sinks.sample_blocks import event_block


class ListedStore:
    """A store with given profiles, which is away while `away` is set. `asked` are the calls."""

    def __init__(self, *profiles: ProfileChange) -> None:
        self.profiles = profiles
        self.away = False
        self.asked: list[str] = []

    async def ping(self) -> None:
        self.asked.append("ping")
        if self.away:
            raise OSError("no route")

    async def best(self, tenant: str, limit: int) -> Sequence[ProfileChange]:
        self.asked.append(tenant)
        return [one for one in self.profiles if one.tenant == tenant][:limit]


async def test_hot_lists_of_watched_tenants_are_read_now_and_then() -> None:
    watched, store = Watched(), ListedStore(ONE, replace(ONE, tenant="other", profile="q"))
    watch = StoreWatch(watched.hub, store)
    await watch.check(0.0)
    assert store.asked == []
    viewer, _ = watched.hub.subscribe("main", Audience.CLEAR), watched.hub.subscribe("main", Audience.CLEAR)
    await viewer.next()
    await watch.check(1.0)
    await watch.check(2.0)
    assert store.asked == ["ping", "main"]
    watched.flush()
    hot = dict(events_in(await viewer.next()))["hot"]
    assert [row["profile"] for row in hot["rows"]] == ["p"]
    await watch.check(1.0 + READ_EVERY_S)
    assert store.asked == ["ping", "main"] * 2


async def test_a_list_that_became_short_is_read_at_once() -> None:
    watched = Watched()
    store = ListedStore(*(replace(ONE, profile=f"p{place}", rank=1_000.0 - place) for place in range(KEPT)))
    watch = StoreWatch(watched.hub, store)
    room = watched.hub.subscribe("main", Audience.CLEAR).room
    await watch.check(0.0)
    for place in range(KEPT - 1):
        room.hot.change(replace(ONE, profile=f"p{place}", rank=-1.0), START_MS)
    await watch.check(1.0)
    assert store.asked == ["ping", "main", "main"]


async def test_clickhouse_away_and_back_is_told_and_touches_go_on(caplog: pytest.LogCaptureFixture) -> None:
    watched, store = Watched(), ListedStore(ONE)
    store.away = True
    watch = StoreWatch(watched.hub, store)
    viewer = watched.hub.subscribe("main", Audience.CLEAR)
    await viewer.next()
    for number in range(3):
        await watch.check(number * PING_EVERY_S)
    watched.hub.take(event_block("main", 0, range(1)), START_MS)
    watched.flush()
    events = dict(events_in(await viewer.next()))
    assert events["pipeline"]["clickhouse"] is False
    assert len(events["touches"]["touches"]) == 1
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    store.away = False
    await watch.check(3 * PING_EVERY_S)
    watched.flush()
    events = dict(events_in(await viewer.next()))
    assert events["pipeline"]["clickhouse"] is True
    assert "hot" in events


async def test_run_checks_until_it_is_cancelled() -> None:
    watched = Watched()
    watched.hub.subscribe("main", Audience.CLEAR)
    running = asyncio.create_task(StoreWatch(watched.hub, ListedStore()).run())
    async with asyncio.timeout(60):
        while watched.hub.pipeline.clickhouse is None:  # noqa: ASYNC110 - set by the task
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()
