"""Blocks from before a column was added are stored with its empty value, beside newer ones."""

from collections.abc import Callable, Sequence

import pytest

from schemas.blocks import BlockHeader, encode_block
from schemas.column import TEXT, Column
from schemas.columns import TABLES
from schemas.row_layouts import LAYOUTS
from schemas.value_layouts import NewerLayoutError
from sinks.clickhouse.client import Client
from sinks.rebuild.staging import Staging
from sinks.store.blocks import read_batch
from sinks.store.insert import COLUMNS
from sinks.store.retry import Backoff
from sinks.store.stage import Store
from tests.sinks.sample_blocks import event_block, make_block, make_event, make_row

AFTER = {"events": "screen", "profiles": "last_page"}
NEW = "added"


@pytest.fixture
def former() -> list[tuple[int, bytes]]:
    """Timeline records from before the column."""
    return [(0, event_block("t", 1, range(4))), (1, profiles(range(3)))]


@pytest.fixture
def widened(former: Sequence[tuple[int, bytes]], client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a column between the others of two tables, in the declaration and in ClickHouse."""
    for table, before in AFTER.items():
        place = [column.name for column in TABLES[table]].index(before) + 1
        new = Column(NEW, TEXT, "unknown", since=LAYOUTS[table] + 1)
        columns = (*TABLES[table][:place], new, *TABLES[table][place:])
        monkeypatch.setitem(TABLES, table, columns)
        monkeypatch.setitem(LAYOUTS, table, new.since)
        monkeypatch.setitem(COLUMNS, table, tuple(column.name for column in columns))
        for name in (table, f"{table}_trial", *(["incoming"] if table == "events" else [])):
            client.command(f"ALTER TABLE {name} ADD COLUMN {NEW} String AFTER {before}")


def profiles(numbers: range, **values: object) -> bytes:
    rows = [
        make_row("profiles", tenant="t", identifier=f"email:{n}", activity_partition=1, activity_offset=n, **values)
        for n in numbers
    ]
    return make_block("profiles", 1, numbers[0], numbers[-1], rows)


def events(numbers: range, **values: object) -> bytes:
    rows = [make_event("t", 1, number, **values) for number in numbers]
    return make_block("events", 1, numbers[0], numbers[-1], rows)


async def no_records(partition: int, first: int, last: int) -> None:
    """Nothing is read again."""


@pytest.mark.usefixtures("widened")
async def test_former_blocks_are_stored_beside_new_ones(
    former: list[tuple[int, bytes]], connect: Callable[[], Client], client: Client
) -> None:
    store = Store(connect, no_records, log="log", owner="one", backoff=Backoff(lambda: 0.5))
    new = [(2, events(range(2, 7), added="chat")), (3, profiles(range(3, 5), added="chat"))]
    result = await store.write([*former, *new], 0)
    await store.close()
    assert (result.rows, result.refused) == (12, [])
    found = client.query(f"SELECT activity_offset, event_id, screen, {NEW}, weight FROM events ORDER BY 1").result_rows
    assert found == [(n, f"1-{n}", "", "unknown" if n < 4 else "chat", 1.5) for n in range(7)]
    found = client.query(f"SELECT identifier, {NEW}, activity_offset FROM profiles ORDER BY 1").result_rows
    assert found == [(f"email:{n}", "unknown" if n < 3 else "chat", n) for n in range(5)]
    assert client.query("SELECT sum(touches) FROM touches_by_minute").result_rows == [(7,)]
    assert client.query("SELECT count() FROM quarantine").result_rows == [(0,)]


@pytest.mark.usefixtures("widened")
def test_a_rebuild_stages_former_blocks(former: list[tuple[int, bytes]], client: Client) -> None:
    staging = Staging(client)
    staging.create()
    batch = read_batch(
        0, former, {"events/1": 0}
    )  # one row of the first block was passed before, so the block is filtered, too
    for table, blocks in batch.blocks.items():
        staging.add_blocks(table, table, blocks)
    staging.check()
    assert staging.bad == []
    found = client.query(f"SELECT activity_offset, {NEW} FROM rebuild_events ORDER BY 1").result_rows
    assert found == [(n, "unknown") for n in range(1, 4)]


@pytest.mark.usefixtures("widened")
def test_a_former_block_without_valid_rows_is_quarantined() -> None:
    damaged = encode_block(BlockHeader("events", 1, 0, 2, 3, 0, LAYOUTS["events"] - 1), [b"\xc1"])
    batch = read_batch(0, [(5, damaged)], {})
    assert [it.timeline_offset for it in batch.unreadable] == [5]


def test_a_block_of_this_version_keeps_its_bytes() -> None:
    value = events(range(3))
    assert value.endswith(read_batch(0, [(0, value)], {}).blocks["events"][0].frame)


@pytest.mark.parametrize("table", TABLES)
def test_rows_of_a_later_layout_wait(table: str) -> None:
    header = BlockHeader(table, 1, 0, 0, 1, 0, LAYOUTS[table] + 1)
    with pytest.raises(NewerLayoutError, match=f"'{table}' in timeline record 2/5 has layout .* update this worker"):
        read_batch(2, [(5, encode_block(header, [b"x"]))], {})
    with pytest.raises(NewerLayoutError):
        read_batch(2, [(5, encode_block(header, [b"x"]))], {f"{table}/1": 9})
