"""An unacknowledged insert is completed, table by table."""

from collections.abc import Callable

import pytest

from sinks.clickhouse.client import Client
from sinks.store.rollups import ROLLUPS, counts_of
from sinks.store.stage import Records, RereadError
from tests.sinks.crashing_client import CrashError, CrashingClient
from tests.sinks.sample_blocks import make_block, make_event
from tests.sinks.store.store_logs import _assert_exact, _feed, _log_of, _store


async def test_a_crash_during_reconciliation_is_reconciled(connect: Callable[[], Client], client: Client) -> None:
    for step in range(24):
        tenant = f"heal{step}"
        log = _log_of(tenant)
        for left in (5.5, step + 0.5):  # the first crashes after its first table, the second while completing that
            store = _store(lambda left=left: CrashingClient(connect(), left), log, tenant)
            with pytest.raises(CrashError):
                await _feed(store, log, 100, 10)
        await _feed(_store(connect, log, tenant), log, 100, 4)
        _assert_exact(client, tenant)


async def test_a_rollup_that_lacks_a_batch_is_completed(connect: Callable[[], Client], client: Client) -> None:
    """The table has the rows and its rollup has not, as after a kill of the engine between the two."""
    feed = client.query("SHOW CREATE TABLE feed_touches_by_minute").result_rows[0][0]
    client.command("DROP TABLE feed_touches_by_minute")
    log = _log_of("t")
    await _feed(_store(connect, log, "k"), log, 100, 10)
    assert client.query("SELECT sum(touches) FROM touches_by_minute").result_rows == [(0,)]
    client.command(feed)
    await _feed(_store(connect, log, "k"), log, 100, 10)
    _assert_exact(client, "t")


_EVENTS, _ROLLUPS = ["events"], [*ROLLUPS]


@pytest.mark.parametrize("lost", [_EVENTS, _ROLLUPS[:1], _ROLLUPS[1:3], _ROLLUPS[3:], _ROLLUPS, _EVENTS + _ROLLUPS])
@pytest.mark.parametrize("before", [0, 5])
async def test_rows_that_an_engine_lost_are_inserted_despite_their_token(
    connect: Callable[[], Client], client: Client, lost: list[str], before: int
) -> None:
    """A killed engine may remember a token and have lost its rows; deleting them here keeps the token."""
    log = _log_of("t")
    if before:  # an earlier, complete batch of the same partitions
        await _feed(_store(connect, log[:before], "k"), log[:before], 100, before)
    counted = "(activity_partition, activity_offset) IN (" + ", ".join(
        str(row) for row in client.query("SELECT activity_partition, activity_offset FROM events").result_rows
    ) + ")"  # fmt: skip
    dead = _store(lambda: CrashingClient(connect(), 5.5), log, "k", settle_s=600)
    with pytest.raises(CrashError):
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


REVISED = [  # offset, event id, revision, type, change, weight: a call that rings, is answered and ends
    (0, "call", 0, "missed", 1, 1.0), (1, "other", 0, "missed", 1, 1.0),
    (2, "call", 0, "missed", -1, 1.0), (2, "call", 1, "answered", 2, 5.0),
    (4, "call", 1, "answered", -1, 5.0), (4, "call", 2, "voicemail", 2, -2.0),
]  # fmt: skip


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize("lost", [[], _EVENTS, _ROLLUPS, _EVENTS + _ROLLUPS])
async def test_a_batch_with_revisions_is_completed(
    connect: Callable[[], Client], client: Client, lost: list[str], merged: bool
) -> None:
    """Also where a merge has already removed the former revisions, which the rollups have to count."""
    rows = [
        make_event("t", 1, offset, event_id=event_id, revision=revision, type=type_, change=change, weight=weight,
                   channel="calls", occurred_at=1_700_000_000_000, folded_into="phone:1")
        for offset, event_id, revision, type_, change, weight in REVISED
    ]  # fmt: skip
    log = [(100, make_block("events", 1, 0, 4, rows))]
    dead = _store(lambda: CrashingClient(connect(), 5.5), log, "k", settle_s=600)
    with pytest.raises(CrashError):
        await _feed(dead, log, 100, 1)
    if merged:
        client.command("OPTIMIZE TABLE events FINAL")
    for table in lost:
        client.command(f"ALTER TABLE {table} DELETE WHERE 1 SETTINGS mutations_sync = 2")
    await _feed(_store(connect, log, "k"), log, 100, 1)
    found = client.query("SELECT event_id, revision, type, activity_offset FROM events FINAL ORDER BY 1").result_rows
    assert found == [("call", 2, "voicemail", 4), ("other", 0, "missed", 1)]
    for rollup in ("touches_by_minute", "touches_by_hour", "touches_by_day"):
        counts = client.query(f"SELECT type, sum(touches), sum(weight) FROM {rollup} GROUP BY 1 ORDER BY 1").result_rows
        assert counts == [("answered", 0, 0.0), ("missed", 1, 1.0), ("voicemail", 1, -2.0)]
    assert not client.query("SHOW TABLES LIKE 'touches_in_doubt%'").result_rows


def _of(rollup: str, partition: int, first: int, last: int) -> str:
    rows = (
        f"(SELECT * FROM events WHERE activity_partition = {partition} AND activity_offset BETWEEN {first} AND {last})"
    )
    return f"({counts_of(rollup, rows)})"


async def _die_after_the_intent(connect: Callable[[], Client], log: Records) -> None:
    with pytest.raises(CrashError):
        await _store(lambda: CrashingClient(connect(), 4.5), log, "k").write(log[:5], 1)


@pytest.mark.parametrize("start", [0, 3])
async def test_a_batch_that_kafka_has_deleted_is_reported(
    connect: Callable[[], Client], caplog: pytest.LogCaptureFixture, start: int
) -> None:
    """Also where the oldest record that Kafka has is in the middle of the batch."""
    log = _log_of("t")
    await _die_after_the_intent(connect, log)
    await _store(connect, log[3:], "k").write(log[start:], 1)
    assert "Kafka no longer has offsets 100 to 104" in caplog.text


async def test_a_short_answer_of_kafka_is_retried(connect: Callable[[], Client], client: Client) -> None:
    """Continuing without the records would lose rows."""
    log = _log_of("t")
    await _die_after_the_intent(connect, log)
    store = _store(connect, log[:3], "k")
    with pytest.raises(RereadError, match="did not return offsets 100 to 104"):
        await store.write(log, 1)
    assert client.query("SELECT count() FROM events").result_rows == [(0,)]
    await _feed(_store(connect, log, "k"), log, 100, 5)
    _assert_exact(client, "t")
