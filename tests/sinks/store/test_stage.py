"""Each row once, whatever dies when."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from sinks.store.intent_log import Positions
from sinks.store.retry import Pauses
from sinks.store.stage import NotReread, Records, Store
from tests.sinks.making import event_block, make_block, make_event, make_row, profile_block, wait_until
from tests.sinks.mortal import Killed, Mortal, Sleeper

_PAUSES = Pauses(lambda: 0.5, first_s=0.01, longest_s=0.05)
_owners = itertools.count()
# Activity partitions 1 and 5 on timeline partition 1; 4 is a replay, 5 is partly one.
_PLAN = [
    ("events", 1, range(5)),
    ("profiles", 1, range(5)),
    ("events", 5, range(10, 14)),
    ("events", 1, range(5, 9)),
    ("events", 1, range(5)),
    ("events", 1, range(7, 12)),
    ("profiles", 1, range(5, 12)),
    ("events", 5, range(14, 16)),
    ("profiles", 5, range(10, 16)),
    ("events", 1, range(12, 20)),
]
_OFFSETS = {1: list(range(20)), 5: list(range(10, 16))}


def _log_of(tenant: str) -> list[tuple[int, bytes]]:
    makers = {"events": event_block, "profiles": profile_block}
    return [(100 + n, makers[table](tenant, part, offsets)) for n, (table, part, offsets) in enumerate(_PLAN)]


def _store(connect: Callable[[], Client], log: Records, name: str, **options: Any) -> Store:
    async def reread(partition: int, first: int, last: int) -> Sequence[tuple[int, bytes]]:
        return [record for record in log if first <= record[0] <= last]

    return Store(connect, reread, log=name, owner=f"owner {next(_owners)}", pauses=_PAUSES, **options)


async def _feed(store: Store, log: Records, start: int, size: int, partition: int = 1) -> None:
    """All records from the one at `start` on, `size` at a time."""
    rest = [record for record in log if record[0] >= start]
    async with asyncio.timeout(120):
        for at in range(0, len(rest), size):
            await store.take(rest[at : at + size], partition)


def _assert_exact(client: Client, tenant: str) -> None:
    """Raw rows (before any merge), not only what FINAL would show; and the rollups."""
    where = f"WHERE tenant = '{tenant}'"
    rows = client.query(f"SELECT activity_partition, activity_offset FROM events {where} ORDER BY ALL").result_rows
    assert rows == [(partition, offset) for partition in (1, 5) for offset in _OFFSETS[partition]]
    for rollup in ("touches_by_minute", "touches_by_hour"):
        sums = client.query(f"SELECT sum(touches), sum(bots), sum(weight) FROM {rollup} {where}").result_rows
        assert sums == [(26, 0, 26 * 1.5)]
    last = client.query(f"SELECT identifier, touches FROM profiles FINAL {where} ORDER BY ALL").result_rows
    assert last == [(f"email:{n}@example.org", 15) for n in range(3)]


async def test_every_point_of_a_crash(connect: Callable[[], Client], client: Client) -> None:
    """A process dies at its nth statement, before or after it was carried out; another goes on in other batches."""
    cases = 0
    for step in itertools.count(1):
        for half in (0.0, 0.5):
            tenant = f"crash{step}{'after' if half else 'before'}"
            log = _log_of(tenant)
            first = _store(lambda left=step - 1 + half: Mortal(connect(), left), log, tenant, settle_s=600)
            committed, died = 100, False
            try:
                for at in range(0, len(log), 5):
                    await first.take(log[at : at + 5], 1)
                    committed = log[at][0] + 5
            except Killed:
                died = True
            second = _store(connect, log, tenant, settle_s=600)
            await _feed(second, log, committed, 1 + step % 4)
            _assert_exact(client, tenant)
            await second.close()
            cases += 1
        if not died:
            break
    assert cases > 20


@pytest.mark.parametrize("start", [100, 103, 105, 109, 110])
@pytest.mark.parametrize("settled", [False, True])
async def test_a_restart_at_any_committed_offset(
    connect: Callable[[], Client], client: Client, start: int, settled: bool
) -> None:
    """Also where commits were lost: what the tables have is skipped, or passes through."""
    log = _log_of("t")
    first = _store(connect, log, "k")
    await _feed(first, log, 100, 5)
    if settled:
        await first.close()
    await _feed(_store(connect, log, "k"), log, start, 3)
    _assert_exact(client, "t")


async def test_a_death_while_healing_is_healed(connect: Callable[[], Client], client: Client) -> None:
    for step in range(7):
        tenant = f"heal{step}"
        log = _log_of(tenant)
        for left in (5.5, step + 0.5):  # the first dies after its first table, the second somewhere in mending that
            store = _store(lambda left=left: Mortal(connect(), left), log, tenant)
            with pytest.raises(Killed):
                await _feed(store, log, 100, 10)
        await _feed(_store(connect, log, tenant), log, 100, 4)
        _assert_exact(client, tenant)


async def test_a_view_that_a_crash_left_behind_is_healed(connect: Callable[[], Client], client: Client) -> None:
    """The table has the block and its rollup has not: what a kill of the engine between the two leaves."""
    feed = client.query("SHOW CREATE TABLE touches_by_minute_feed").result_rows[0][0]
    client.command("DROP TABLE touches_by_minute_feed")
    log = _log_of("t")
    await _feed(_store(connect, log, "k"), log, 100, 10)
    assert client.query("SELECT sum(touches) FROM touches_by_minute").result_rows == [(0,)]
    client.command(feed)
    await _feed(_store(connect, log, "k"), log, 100, 10)
    _assert_exact(client, "t")


_EVENTS, _ROLLUPS = ["events"], ["touches_by_minute", "touches_by_hour"]


@pytest.mark.parametrize("lost", [_EVENTS, _ROLLUPS[:1], _ROLLUPS[1:], _ROLLUPS, _EVENTS + _ROLLUPS])
@pytest.mark.parametrize("before", [0, 5])
async def test_a_token_without_its_rows_is_healed(
    connect: Callable[[], Client], client: Client, lost: list[str], before: int
) -> None:
    """A killed engine may know a token and have lost its rows: here they are deleted, which leaves the token."""
    log = _log_of("t")
    if before:  # an earlier block of the same partitions, complete
        await _feed(_store(connect, log[:before], "k"), log[:before], 100, before)
    counted = "(activity_partition, activity_offset) IN (" + ", ".join(
        str(row) for row in client.query("SELECT activity_partition, activity_offset FROM events").result_rows
    ) + ")"  # fmt: skip
    dead = _store(lambda: Mortal(connect(), 5.5), log, "k", settle_s=600)
    with pytest.raises(Killed):
        await _feed(dead, log, 100 + before, 10)
    for table in lost:
        if table == "events":
            client.command(f"DELETE FROM events WHERE NOT {counted if before else '0'}")
        else:
            client.command(f"ALTER TABLE {table} DELETE WHERE 1 SETTINGS mutations_sync = 2")
            if before:
                client.command(f"INSERT INTO {table} SELECT * FROM (SELECT * FROM {_of(table, 1, 0, 8)} UNION ALL "
                    f"SELECT * FROM {_of(table, 5, 10, 13)}) SETTINGS insert_deduplicate = 0")  # fmt: skip
    await _feed(_store(connect, log, "k"), log, 100 + before, 4)
    _assert_exact(client, "t")


def _of(rollup: str, partition: int, first: int, last: int) -> str:
    return f"{rollup}_of(partition = {partition}, first = {first}, last = {last})"


async def test_a_zombie_adds_nothing(connect: Callable[[], Client], client: Client) -> None:
    """A worker that was paused at any point of its work goes on after another took over and cut other batches."""
    for point in range(1, 8):
        tenant = f"zombie{point}"
        log = _log_of(tenant)
        sleeper = Sleeper(connect(), point)
        zombie = _store(lambda it=sleeper: it, log, tenant)
        working = asyncio.create_task(zombie.take(log[:7], 1))
        assert await asyncio.to_thread(sleeper.asleep.wait, 120)
        await _feed(_store(connect, log, tenant), log, 100, 4)
        sleeper.wake.set()
        await working
        _assert_exact(client, tenant)


async def test_rebalances_back_and_forth(connect: Callable[[], Client], client: Client) -> None:
    """A partition that comes back to a worker which still remembers it, with or without having been told."""
    log = _log_of("t")
    stores = [_store(connect, log, "k"), _store(connect, log, "k")]
    for at, record in enumerate(log):
        store = stores[at % 2]
        await store.take([record], 1)
        if at % 3 == 0:
            await store.release(1)
    _assert_exact(client, "t")


async def test_another_kafka_is_no_replay(connect: Callable[[], Client], client: Client) -> None:
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
    intent = await asyncio.to_thread(Positions(connect(), "k", 1, "x").claim)
    assert intent is not None
    assert (intent.first, intent.last, intent.done) == (100, 109, True)


async def _die_after_the_intent(connect: Callable[[], Client], log: Records) -> None:
    with pytest.raises(Killed):
        await _store(lambda: Mortal(connect(), 4.5), log, "k").take(log[:5], 1)


@pytest.mark.parametrize("start", [0, 3])
async def test_what_kafka_no_longer_has_cannot_be_healed(
    connect: Callable[[], Client], caplog: pytest.LogCaptureFixture, start: int
) -> None:
    """Also where reading goes on at the oldest record there is, in the middle of the block."""
    log = _log_of("t")
    await _die_after_the_intent(connect, log)
    await _store(connect, log[3:], "k").take(log[start:], 1)
    assert "Kafka no longer has offsets 100 to 104" in caplog.text


async def test_a_short_answer_of_kafka_is_asked_for_again(connect: Callable[[], Client], client: Client) -> None:
    """Going on without the records would lose rows."""
    log = _log_of("t")
    await _die_after_the_intent(connect, log)
    store = _store(connect, log[:3], "k")
    with pytest.raises(NotReread, match="did not give offsets 100 to 104 again"):
        await store.take(log, 1)
    assert client.query("SELECT count() FROM events").result_rows == [(0,)]
    await _feed(_store(connect, log, "k"), log, 100, 5)
    _assert_exact(client, "t")


async def test_a_release_does_not_wait(connect: Callable[[], Client], client: Client) -> None:
    """A rebalance goes on while ClickHouse refuses; the batch in flight and the next owner's do not add up."""
    log = _log_of("t")
    client.command("RENAME TABLE profiles TO elsewhere")
    store, other = _store(connect, log, "k"), _store(connect, log, "k")
    work = asyncio.create_task(store.take(log[:6], 1))
    await wait_until(lambda: store.retries >= 2)
    async with asyncio.timeout(2):
        await store.release(1)
    taken_over = asyncio.create_task(_feed(other, log, 100, 4))
    await wait_until(lambda: other.retries >= 2)
    client.command("RENAME TABLE elsewhere TO profiles")
    await asyncio.gather(work, taken_over)
    await _feed(store, log, 110, 4)
    _assert_exact(client, "t")


async def test_refused_rows_are_set_aside_alone(connect: Callable[[], Client], client: Client) -> None:
    """Good rows of the same block, record and batch are stored once, also when it is all sent again."""
    bad = make_event("t", 1, 2, weight="heavy")
    rows = [make_event("t", 1, 0), make_event("t", 1, 1), bad, make_event("t", 1, 3)]
    worse = make_row("profiles", tenant="t", identifier="email:x", touches=[1], activity_partition=1, activity_offset=9)
    log = [
        (7, make_block("events", 1, 0, 3, rows, received_at_ms=1_700_000_000_123)),
        (8, event_block("t", 1, range(4, 9))),
        (9, make_block("profiles", 1, 0, 9, [worse])),
        (10, b"no block at all"),
        (11, make_block("events", 1, 9, 9, [b"\xc1\xc1"])),
    ]
    taken = await _store(connect, log, "k").take(log, 1)
    assert (taken.rows, [it.timeline_offset for it in taken.refused]) == (8, [7, 11, 9])
    assert (await _store(connect, log, "k").take(log, 1)).rows == 0  # all of it was sent again
    client.command("OPTIMIZE TABLE quarantine FINAL")
    found = client.query("SELECT activity_offset FROM events ORDER BY ALL").result_rows
    assert found == [(offset,) for offset in (0, 1, 3, 4, 5, 6, 7, 8)]
    assert client.query("SELECT sum(touches) FROM touches_by_minute").result_rows == [(8,)]
    assert client.query("SELECT count() FROM profiles").result_rows == [(0,)]
    rows = client.query("SELECT raw_offset, hex(original), detail FROM quarantine ORDER BY raw_offset").result_rows
    assert [(row[0], bytes.fromhex(row[1])) for row in rows[:3]] == [(7, bad), (9, worse), (10, b"no block at all")]
    assert rows[0][2].startswith("1 rows of events: ClickHouse answers")
    assert rows[3][:1] == (11,)
    told = client.query("SELECT DISTINCT raw_topic, raw_partition, reason FROM quarantine").result_rows
    assert told == [("timeline", 1, "refused_by_store")]


async def test_nothing_is_thrown_away_for_a_missing_column(connect: Callable[[], Client], client: Client) -> None:
    """Somebody changed the tables: rows wait, and go in when it is mended."""
    log = _log_of("t")
    for table in ("arrivals", "events_trial"):
        client.command(f"ALTER TABLE {table} MODIFY COLUMN url Array(String)")
    store = _store(connect, log, "k")
    work = asyncio.create_task(_feed(store, log, 100, 5))
    await wait_until(lambda: "refuses even an empty row" in (store.trouble or ""))
    for table in ("arrivals", "events_trial"):
        client.command(f"ALTER TABLE {table} MODIFY COLUMN url String")
    await work
    assert store.trouble is None
    assert client.query("SELECT count() FROM quarantine").result_rows == [(0,)]
    _assert_exact(client, "t")


async def test_a_missing_table_is_waited_for(
    connect: Callable[[], Client], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    log = _log_of("t")
    client.command("RENAME TABLE profiles TO elsewhere")
    store = _store(connect, log, "k")
    work = asyncio.create_task(_feed(store, log, 100, 5))
    await wait_until(lambda: store.retries >= 5)
    assert "run `touchline migrate`" in (store.trouble or "")
    client.command("RENAME TABLE elsewhere TO profiles")
    await work
    _assert_exact(client, "t")
    assert sum("waits and tries again" in record.getMessage() for record in caplog.records) == 1


async def test_what_was_done_is_counted(connect: Callable[[], Client]) -> None:
    log = _log_of("t")
    heard: list[int] = []
    store = _store(connect, log, "k", on_stored=lambda header, now_ms: heard.append(header.rows))
    taken = await store.take(log, 1)
    assert taken.rows == 26 + 9 == sum(heard)
    assert dict(store.counters.rows) == {"events": 26, "profiles": 9}
    assert dict(store.counters.inserts) == {"events": 1, "profiles": 1}
    assert dict(store.counters.dropped) == {"events": 2}
    assert set(store.counters.insert_s) <= set(TABLES)
    assert (await store.take(log, 1)).rows == 0
    await store.close()
