"""Delivery of a batch: refused rows, missing tables and columns, a release meanwhile."""

import asyncio
from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Client
from tests.sinks.sample_blocks import event_block, make_block, make_event, make_row, refuse, wait_until
from tests.sinks.store.store_logs import _assert_exact, _feed, _log_of, _store


async def test_a_release_does_not_wait(connect: Callable[[], Client], client: Client) -> None:
    """A rebalance continues during an outage; the batch in flight and the next owner's do not add up."""
    log = _log_of("t")
    client.command("RENAME TABLE profiles TO elsewhere")
    store, other = _store(connect, log, "k"), _store(connect, log, "k")
    work = asyncio.create_task(store.write(log[:6], 1))
    await wait_until(lambda: store.retries >= 2)
    async with asyncio.timeout(2):
        await store.release(1)
    taken_over = asyncio.create_task(_feed(other, log, 100, 4))
    await wait_until(lambda: other.retries >= 2)
    client.command("RENAME TABLE elsewhere TO profiles")
    await asyncio.gather(work, taken_over)
    await _feed(store, log, 110, 4)
    _assert_exact(client, "t")


async def test_only_refused_rows_are_quarantined(connect: Callable[[], Client], client: Client) -> None:
    """Good rows of the same block and batch are stored once, also when the batch is sent again."""
    refuse(client, "events", "weight < 9")
    refuse(client, "profiles", "touches < 9")
    bad = make_event("t", 1, 2, weight=9.0)
    rows = [make_event("t", 1, 0), make_event("t", 1, 1), bad, make_event("t", 1, 3)]
    worse = make_row("profiles", tenant="t", identifier="email:x", touches=9, activity_partition=1, activity_offset=9)
    log = [
        (7, make_block("events", 1, 0, 3, rows, received_at_ms=1_700_000_000_123)),
        (8, event_block("t", 1, range(4, 9))),
        (9, make_block("profiles", 1, 0, 9, [worse])),
        (10, b"no block at all"),
        (11, make_block("events", 1, 9, 9, [b"\xc1\xc1"])),
    ]
    result = await _store(connect, log, "k").write(log, 1)
    assert (result.rows, [it.timeline_offset for it in result.refused]) == (8, [7, 11, 9])
    assert (await _store(connect, log, "k").write(log, 1)).rows == 0  # all of it was sent again
    client.command("OPTIMIZE TABLE quarantine FINAL")
    found = client.query("SELECT activity_offset FROM events ORDER BY ALL").result_rows
    assert found == [(offset,) for offset in (0, 1, 3, 4, 5, 6, 7, 8)]
    assert client.query("SELECT sum(touches) FROM touches_by_minute").result_rows == [(8,)]
    assert client.query("SELECT count() FROM profiles").result_rows == [(0,)]
    rows = client.query("SELECT raw_offset, hex(original), detail FROM quarantine ORDER BY raw_offset").result_rows
    assert [(row[0], bytes.fromhex(row[1])) for row in rows[:3]] == [(7, bad), (9, worse), (10, b"no block at all")]
    assert rows[0][2].startswith("1 rows of events: ClickHouse answers")
    assert rows[3][:1] == (11,)
    quarantined = client.query("SELECT DISTINCT raw_topic, raw_partition, reason FROM quarantine").result_rows
    assert quarantined == [("timeline", 1, "refused_by_store")]


async def test_rows_wait_while_a_column_is_missing(connect: Callable[[], Client], client: Client) -> None:
    """After a person changed the tables, rows wait and are stored when the tables are repaired."""
    log = _log_of("t")
    for table in ("incoming", "events_trial"):
        client.command(f"ALTER TABLE {table} MODIFY COLUMN url Array(String)")
    store = _store(connect, log, "k")
    work = asyncio.create_task(_feed(store, log, 100, 5))
    await wait_until(lambda: "refuses even an empty row" in (store.outage or ""))
    for table in ("incoming", "events_trial"):
        client.command(f"ALTER TABLE {table} MODIFY COLUMN url String")
    await work
    assert store.outage is None
    assert client.query("SELECT count() FROM quarantine").result_rows == [(0,)]
    _assert_exact(client, "t")


async def test_rows_wait_while_a_table_is_missing(
    connect: Callable[[], Client], client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    log = _log_of("t")
    client.command("RENAME TABLE profiles TO elsewhere")
    store = _store(connect, log, "k")
    work = asyncio.create_task(_feed(store, log, 100, 5))
    await wait_until(lambda: store.retries >= 5)
    assert "run `touchline migrate`" in (store.outage or "")
    client.command("RENAME TABLE elsewhere TO profiles")
    await work
    _assert_exact(client, "t")
    assert sum("not stored yet, retrying" in record.getMessage() for record in caplog.records) == 1
