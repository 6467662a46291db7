"""Rows that were lost are inserted again, although the engine remembers their insert."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.blocks import compress_rows
from schemas.columns import QUARANTINE, TABLES
from schemas.row_binary import NUMBERS, encode_values, split_type
from sinks.clickhouse.client import Client
from sinks.store.insert import insert_frames, insert_trial
from sinks.store.reconciliation import complete_touches
from tests.sinks.sample_blocks import make_event, make_row


def _frame(rows: Sequence[bytes]) -> bytes:
    return compress_rows(rows)


@pytest.mark.parametrize("table", TABLES)
def test_lost_rows_are_inserted_again(client: Client, table: str) -> None:
    """A killed engine may remember an insert and have lost its rows; deleting them here has the same effect."""
    frame = _frame([make_row(table, tenant="t")])
    insert_frames(client, table, [frame])
    client.command(f"ALTER TABLE {table} DELETE WHERE 1 SETTINGS mutations_sync = 2")
    assert client.query(f"SELECT count() FROM {table}").result_rows == [(0,)]
    insert_frames(client, table, [frame])
    assert client.query(f"SELECT count() FROM {table}").result_rows == [(1,)]


def test_of_rows_of_a_key_in_one_insert_the_newest_counts(client: Client) -> None:
    """They are stored side by side, as if each had come in an insert of its own."""
    client.command("SYSTEM STOP MERGES profiles")
    rows = [
        make_row("profiles", tenant="t", identifier="email:a", touches=n, activity_offset=offset)
        for n, offset in ((1, 3), (3, 9), (2, 5))
    ]
    insert_frames(client, "profiles", [_frame(rows)])
    assert client.query("SELECT count() FROM profiles").result_rows == [(3,)]
    assert client.query("SELECT touches FROM profiles FINAL").result_rows == [(3,)]


def _values_of(type_: str) -> st.SearchStrategy[Any]:
    """Values that a column of a type may have."""
    if type_ in NUMBERS:
        least, most = _RANGES.get(type_, (0, 10**9))
        return {"Float64": st.floats(), "Bool": st.booleans()}.get(type_, st.integers(least, most))
    kind, *inner = split_type(type_)
    if kind == "String":
        return st.text(max_size=140)
    made = [_values_of(one) for one in inner]
    if kind == "LowCardinality":
        return made[0]
    if kind == "Nullable":
        return st.none() | made[0]
    return st.lists(made[0], max_size=3) if kind == "Array" else st.dictionaries(*made, max_size=3)


_RANGES = {"UInt8": (0, 255), "UInt16": (0, 2**16 - 1), "Int8": (-128, 127), "Date": (0, 2**16 - 1)}


@pytest.mark.parametrize("table", [*TABLES, "quarantine"])
@given(st.data())
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_engine_reads_what_it_read_of_msgpack(client: Client, table: str, data: st.DataObject) -> None:
    """Rows of former versions were sent in that format: equal values have to come out."""
    columns = TABLES.get(table, QUARANTINE)
    rows = data.draw(st.lists(st.tuples(*(_values_of(column.type) for column in columns)), min_size=1, max_size=20))
    for name in ("former", "today"):
        client.command(f"CREATE OR REPLACE TABLE {name} AS {table} ENGINE = Memory")
    former = b"".join(msgspec.msgpack.encode(value) for row in rows for value in row)
    client.raw_insert("former", [column.name for column in columns], former, fmt="MsgPack")
    insert_frames(client, "today", [_frame([encode_values(columns, row) for row in rows])], columns)
    names = ", ".join(column.name for column in columns)
    found = [client.query(f"SELECT toString(tuple({names})) FROM {name}").result_rows for name in ("former", "today")]
    assert found[0] == found[1]
    assert len(found[0]) == len(rows)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("MODIFY COLUMN url Array(String)", "Type of 'url' must be Array\\(String\\), not String"),
        ("DROP COLUMN url", "No such column url"),
    ],
)
def test_rows_for_another_table_are_refused(client: Client, change: str, why: str) -> None:
    """Rows have no types: the bytes of an empty text would be read as those of an empty array."""
    client.command(f"ALTER TABLE events_trial {change}")
    with pytest.raises(ClickHouseError, match=why):
        insert_trial(client, "events", _frame([make_event("t", 1, 0)]))


class JoinsWithNulls:
    """A writer of a server whose joins return null for missing rows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def query(self, query: str, parameters: dict[str, object] | None = None) -> Any:
        joining = f"{query} SETTINGS join_use_nulls = 1" if "JOIN" in query else query
        return self._client.query(joining, parameters=parameters)

    def command(self, cmd: str, parameters: dict[str, object] | None = None) -> Any:
        joining = f"{cmd}, join_use_nulls = 1" if "SETTINGS" in cmd else cmd
        return self._client.command(joining, parameters=parameters)


@pytest.mark.parametrize("surround", [lambda client: client, JoinsWithNulls], ids=["as they are", "nulls"])
def test_missing_rows_of_every_table_are_inserted(client: Client, surround: Callable[[Client], Client]) -> None:
    """Rows of several partitions and years, with bots and touches beyond the window, are inserted from offset 0."""
    year_ms = 366 * 86_400_000
    frame = _frame(
        [
            make_event("t", partition, n, occurred_at=n % 3 * year_ms, bot=n % 2 == 1, beyond_window=n == 4)
            for partition in (0, 7)
            for n in range(9)
        ]
    )
    missing = complete_touches(surround(client), [frame])
    by_time = ("touches_by_minute", "touches_by_hour", "touches_by_day", "campaigns_by_day")
    rows = dict.fromkeys(by_time, 6) | {"calls_by_hour": 0, "quality_by_hour": 2}
    assert (missing.events, missing.rollup_rows) == (18, rows)
    assert client.query("SELECT sum(touches), sum(bots), sum(beyond) FROM quality_by_hour").result_rows == [(16, 8, 2)]
    for rollup in by_time:
        sums = client.query(f"SELECT sum(touches), sum(bots), sum(weight) FROM {rollup}").result_rows
        assert sums == [(16, 8, 24.0)]
    assert not complete_touches(surround(client), [frame])


def test_rows_stored_twice_count_once(client: Client) -> None:
    """An insert that timed out may still be stored, beside its repetition."""
    client.command("SYSTEM STOP MERGES events")
    frame = _frame([make_event("t", 1, offset) for offset in range(5)])
    for _ in range(2):
        insert_frames(client, "events", [frame])
    assert client.query("SELECT count() FROM events").result_rows == [(10,)]
    complete_touches(client, [frame])
    for rollup in ("touches_by_minute", "touches_by_hour"):
        assert client.query(f"SELECT sum(touches), sum(weight) FROM {rollup}").result_rows == [(5, 7.5)]
