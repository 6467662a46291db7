"""Lost rows are found; rows in flight, replays and refused rows are not reported as lost."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.columns import TABLES
from sinks.checks.missing_relations import find_missing_relations
from sinks.checks.missing_rows import find_missing, read_stored_offsets
from sinks.clickhouse.client import Client
from sinks.clickhouse.migrations import migrate
from sinks.store.retry import Backoff
from sinks.store.stage import Records, Store
from tests.sinks.crashing_client import CrashError, CrashingClient
from tests.sinks.sample_blocks import event_block, make_block, make_event, make_row, profile_block, refuse

Connect = Callable[[], Client]
_numbers = itertools.count()


def identity_block(partition: int, first: int, last: int) -> bytes:
    """Three identifiers of `profile_block`, the last of them a child."""
    rows = [
        make_row(
            "identities",
            tenant="t",
            identifier=f"email:{number}@example.org",
            parent="customer_id:7" if number == 2 else "",
            activity_partition=partition,
            activity_offset=last,
        )
        for number in range(3)
    ]
    return make_block("identities", partition, first, last, rows)


def piece_block(partition: int, first: int, last: int) -> bytes:
    """One day per identifier, which counts every touch of `event_block` up to `last`."""
    rows = [
        make_row(
            "session_pieces",
            tenant="t",
            folded_into=f"email:{number}@example.org",
            day=19_675,
            firsts=[0],
            lasts=[0],
            touches=[sum(1 for offset in range(last + 1) if offset % 3 == number)],
            entry_ids=[""],
            landing_pages=[""],
            sources=[""],
            activity_partition=partition,
            activity_offset=last,
        )
        for number in range(3)
    ]
    return make_block("session_pieces", partition, first, last, rows)


def page_time_block(partition: int, first: int, last: int) -> bytes:
    row = make_row(
        "page_times", tenant="t", page_id="p", engaged_ms=last, activity_partition=partition, activity_offset=last
    )
    return make_block("page_times", partition, first, last, [row])


def log_of_all() -> list[tuple[int, bytes]]:
    """Two rounds of blocks for every table."""
    blocks = []
    for first, last in ((0, 9), (10, 19)):
        offsets = list(range(first, last + 1))
        blocks += [event_block("t", 1, offsets), profile_block("t", 1, offsets)]
        blocks += [identity_block(1, first, last), piece_block(1, first, last), page_time_block(1, first, last)]
    return list(enumerate(blocks))


def make_store(connect: Connect, log: Records) -> Store:
    async def reread(partition: int, first: int, last: int) -> Records:
        return [record for record in log if first <= record[0] <= last]

    backoff = Backoff(lambda: 0.5, first_s=0.01, longest_s=0.05)
    return Store(connect, reread, log="k/", owner=f"owner {next(_numbers)}", backoff=backoff)


async def store_all(connect: Connect, log: Records) -> None:
    """Store the log in two batches and settle them."""
    store = make_store(connect, log)
    await store.write(log[: len(log) // 2], 1)
    await store.write(log[len(log) // 2 :], 1)
    await store.close()


def lacking(client: Client) -> set[str]:
    related = find_missing_relations(client, lambda: False)
    assert related is not None
    return {one.table for one in (*find_missing(client), *related)}


async def test_stored_rows_are_not_reported_missing(connect: Connect, client: Client) -> None:
    assert find_missing(client) == []  # and of an empty database
    await store_all(connect, log_of_all())
    assert read_stored_offsets(client).is_idle
    assert lacking(client) == set()


_COUNTED = ("events", "touches_by_minute", "touches_by_hour", "touches_by_day", "quality_by_hour")
_ALL = (*_COUNTED, "campaigns_by_day", "profiles", "session_pieces", "identities",
        "identity_children", "page_times")  # fmt: skip


@pytest.mark.parametrize("table", _ALL)
async def test_an_emptied_table_is_found(connect: Connect, client: Client, table: str) -> None:
    await store_all(connect, log_of_all())
    client.command(f"TRUNCATE TABLE {table}")
    assert table in lacking(client)


@pytest.mark.parametrize("table", _COUNTED)
async def test_one_dropped_part_of_a_counted_table_is_found_at_every_start(
    connect: Connect, client: Client, table: str
) -> None:
    await store_all(connect, log_of_all())
    ((part, rows),) = client.query(
        "SELECT name, rows FROM system.parts WHERE database = currentDatabase() AND active "
        f"AND table = '{table}' ORDER BY name LIMIT 1"
    ).result_rows
    client.command(f"ALTER TABLE {table} DROP PART '{part}'")
    ((found),) = find_missing(client)
    assert (found.table, found.what) == (table, "touches")
    assert 0 < found.count <= max(rows, 10)


@pytest.mark.parametrize("table", ["profiles", "session_pieces", "identities"])
async def test_a_table_without_rows_of_a_partition_is_found_at_every_start(
    connect: Connect, client: Client, table: str
) -> None:
    await store_all(connect, log_of_all())
    client.command(f"TRUNCATE TABLE {table}")
    (found,) = find_missing(client)
    assert (found.table, found.count) == (table, 1)


async def test_all_tables_emptied_at_once_are_found(connect: Connect, client: Client) -> None:
    await store_all(connect, log_of_all())
    for table in _ALL:
        client.command(f"TRUNCATE TABLE {table}")
    assert {one.table for one in find_missing(client)} == set(TABLES)


async def test_touches_beyond_the_window_that_become_one_row_are_not_missing(connect: Connect, client: Client) -> None:
    rows = [make_event("t", 1, n, event_id="same", occurred_at=0, beyond_window=True) for n in range(0, 6, 3)]
    rows += [make_event("t", 1, 7)]
    log = [(n, make_block("events", 1, 10 * n, 10 * n + 9, [row])) for n, row in enumerate(rows)]
    await store_all(connect, log)
    client.command("OPTIMIZE TABLE events FINAL")
    assert client.query("SELECT count() FROM events").result_rows == [(2,)]
    assert find_missing(client) == []


async def test_refused_rows_are_not_missing(connect: Connect, client: Client) -> None:
    refuse(client, "profiles", "touches < 9")
    bad = make_block("profiles", 1, 0, 9, [make_row("profiles", touches=9, activity_partition=1)])
    await store_all(connect, [(0, event_block("t", 1, range(10))), (1, bad)])
    assert client.query("SELECT count() FROM quarantine").result_rows == [(1,)]
    assert find_missing(client) == []


async def test_replays_are_not_missing(connect: Connect, client: Client) -> None:
    log = log_of_all()
    again = [(offset + len(log), value) for offset, value in log]
    await store_all(connect, [*log, *again])
    assert lacking(client) == set()


async def test_rows_in_flight_are_not_missing_but_more_than_those_are(connect: Connect, client: Client) -> None:
    """An interrupted insert may have reached one table and not another."""
    log = log_of_all()
    for step in itertools.count(1):
        store = make_store(lambda left=step: CrashingClient(connect(), left), log)  # type: ignore[misc]
        try:
            await store.write(log, 1)
        except CrashError:
            assert find_missing(client) == []
            continue
        finally:
            await store.close()
        break
    assert find_missing(client) == []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, 2), st.integers(1, 80)), max_size=5))
async def test_crashes_and_replays_do_not_look_like_a_loss(
    engine: Callable[[str], Client], steps: list[tuple[int, int, int]]
) -> None:
    """Batches of any size, repeated records, and crashes after any number of statements, also within one."""
    name = f"missing_{next(_numbers)}"
    migrate(engine(""), name)
    client, log, start = engine(name), log_of_all(), 0
    for size, again, halves in steps:
        store = make_store(lambda life=halves / 2: CrashingClient(engine(name), life), log)  # type: ignore[misc]
        try:
            await store.write(log[start : start + size], 1)
            start = max(0, start + size - again)
        except CrashError:
            pass
        finally:
            await store.close()
        assert find_missing(client) == []
    last = make_store(lambda: engine(name), log)
    await last.write(log[min(start, len(log) - 1) :], 1)
    await last.close()
    assert lacking(client) == set()
