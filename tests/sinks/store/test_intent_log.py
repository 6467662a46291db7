"""Intents keep rows unique: no row twice by a zombie, after a rebalance, or from another Kafka."""

import asyncio
from collections.abc import Callable

from sinks.clickhouse.client import Client
from sinks.store.intent_log import IntentLog
from tests.sinks.crashing_client import PausingClient
from tests.sinks.sample_blocks import wait_until
from tests.sinks.store.store_logs import _assert_exact, _feed, _log_of, _store


async def test_a_zombie_inserts_nothing(connect: Callable[[], Client], client: Client) -> None:
    """A worker is paused at any statement and continues after another has taken over with other batches."""
    for point in range(1, 8):
        tenant = f"zombie{point}"
        log = _log_of(tenant)
        sleeper = PausingClient(connect(), point)
        zombie = _store(lambda it=sleeper: it, log, tenant)
        working = asyncio.create_task(zombie.write(log[:7], 1))
        assert await asyncio.to_thread(sleeper.paused.wait, 120)
        await _feed(_store(connect, log, tenant), log, 100, 4)
        sleeper.resume.set()
        await working
        _assert_exact(client, tenant)


async def test_a_partition_that_moves_back_and_forth_stays_exact(connect: Callable[[], Client], client: Client) -> None:
    """A partition returns to a worker that still has its session, with or without a release."""
    log = _log_of("t")
    stores = [_store(connect, log, "k"), _store(connect, log, "k")]
    for at, record in enumerate(log):
        store = stores[at % 2]
        await store.write([record], 1)
        if at % 3 == 0:
            await store.release(1)
    _assert_exact(client, "t")


async def test_offsets_of_another_kafka_are_no_replays(connect: Callable[[], Client], client: Client) -> None:
    await _feed(_store(connect, (log := _log_of("t")), "old kafka"), log, 100, 5)
    await _feed(_store(connect, (log := _log_of("u")), "new kafka"), log, 100, 5)
    _assert_exact(client, "t")
    _assert_exact(client, "u")


async def test_an_idle_partition_is_settled(connect: Callable[[], Client], client: Client) -> None:
    log = _log_of("t")
    store = _store(connect, log, "k", settle_s=0)
    await _feed(store, log, 100, 10)
    settled = "SELECT countIf(version > 0 AND version % 2 = 0) FROM store_blocks FINAL"
    await wait_until(lambda: client.query(settled).result_rows[0][0])
    intent = await asyncio.to_thread(IntentLog(connect(), "k", 1, "x").claim)
    assert intent is not None
    assert (intent.first, intent.last, intent.done) == (100, 109, True)
