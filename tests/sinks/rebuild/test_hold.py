"""While a rebuild holds the store, no worker stores anything; after it lost its hold, its statements do nothing."""

import asyncio
import itertools
from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Client
from sinks.rebuild.hold import Hold
from sinks.store.blocks import StoreBatch, read_batch
from sinks.store.intent_log import HOLD_S, REBUILD_OWNER, BeingRebuiltError, FencedError, IntentLog
from sinks.store.retry import Backoff
from sinks.store.stage import Records, Store
from tests.sinks.sample_blocks import event_block, wait_until

Connect = Callable[[], Client]
_numbers = itertools.count()
_LOG = [(number, event_block("t", 1, range(10 * number, 10 * number + 10))) for number in range(4)]


def make_store(connect: Connect, owner: str) -> Store:
    async def reread(partition: int, first: int, last: int) -> Records:
        return [record for record in _LOG if first <= record[0] <= last]

    backoff = Backoff(lambda: 0.5, first_s=0.01, longest_s=0.05)
    return Store(connect, reread, log="k/", owner=f"{owner}{next(_numbers)}", backoff=backoff, settle_s=0.01)


def held_by(client: Client, owner: str) -> Hold:
    """A hold on one claimed partition."""
    intent_log = IntentLog(client, "k/", 1, owner)
    intent_log.claim()
    return Hold(client, "k/", owner, [intent_log])


def count(client: Client, table: str) -> int:
    return int(client.query(f"SELECT count() FROM {table}").result_rows[0][0])


def add_row(client: Client, hold: Hold) -> None:
    """A statement with the guard of the hold."""
    client.command(
        "INSERT INTO quarantine (raw_topic) SELECT raw_topic FROM (SELECT 'x' AS raw_topic) WHERE " + hold.guard
    )


async def test_a_worker_waits_while_the_store_is_held_and_continues_when_it_is_released(
    connect: Connect, client: Client
) -> None:
    worker = make_store(connect, "worker")
    await worker.write(_LOG[:1], 1)
    rebuild = make_store(connect, REBUILD_OWNER)
    session = await rebuild.claim(1)
    assert session.next_offset == 1
    with Hold(client, "k/", session.intent_log.owner, [session.intent_log]):
        taking = asyncio.create_task(worker.write(_LOG[1:2], 1))
        await wait_until(lambda: worker.outage and "`touchline rebuild` holds timeline partition 1" in worker.outage)
        assert count(client, "events") == 10
    await asyncio.wait_for(taking, 120)
    assert worker.outage is None
    assert count(client, "events") == 20
    await rebuild.close()
    await worker.close()


async def test_a_block_that_a_worker_began_is_completed_before_the_store_is_held(
    connect: Connect, client: Client
) -> None:
    worker = IntentLog(client, "k/", 1, "worker")
    worker.claim()
    rebuild = make_store(connect, REBUILD_OWNER)
    worker.write_intent(read_batch(1, _LOG[:2], {}))
    session = await rebuild.claim(1)
    assert session.next_offset == 2
    assert count(client, "events") == 20
    with pytest.raises(FencedError):
        worker.check()
    await rebuild.close()


def test_a_second_rebuild_waits_for_the_first(client: Client) -> None:
    held_by(client, f"{REBUILD_OWNER}one")
    with pytest.raises(BeingRebuiltError, match="holds timeline partition 1"):
        IntentLog(client, "k/", 1, f"{REBUILD_OWNER}two").claim()


def test_a_hold_that_is_not_renewed_lapses(client: Client) -> None:
    hold = held_by(client, f"{REBUILD_OWNER}one")
    add_row(client, hold)
    assert count(client, "quarantine") == 1
    client.command(  # as if time had passed
        "INSERT INTO store_blocks (log, timeline_partition, epoch, owner, version, written_at) "
        f"SELECT log, timeline_partition, epoch, owner, version, written_at - INTERVAL {HOLD_S + 1} SECOND "
        "FROM store_blocks"
    )
    client.command("OPTIMIZE TABLE store_blocks FINAL")
    IntentLog(client, "k/", 1, "worker").claim()
    with pytest.raises(FencedError):
        hold.check()
    add_row(client, hold)
    assert count(client, "quarantine") == 1


def test_a_renewed_hold_lasts_also_after_a_batch_was_settled_and_rows_were_merged(client: Client) -> None:
    owner = f"{REBUILD_OWNER}one"
    intent_log = IntentLog(client, "k/", 1, owner)
    intent_log.claim()
    intent_log.settle(StoreBatch(1, 0, 3, {}, {"events/1": 9}))
    before = client.query("SELECT max(written_at) FROM store_blocks").result_rows
    intent_log.renew()
    client.command("OPTIMIZE TABLE store_blocks FINAL")
    assert client.query("SELECT max(written_at) FROM store_blocks").result_rows > before
    with pytest.raises(BeingRebuiltError):
        IntentLog(client, "k/", 1, "worker").claim()
    intent_log.release()
    intent = IntentLog(client, "k/", 1, "worker").claim()
    assert intent is not None
    assert (intent.last, intent.done, intent.after) == (3, True, {"events/1": 9})
