"""A refused insert is answered with the engine's error, and none of its rows is stored."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
from clickhouse_connect.driver.exceptions import ClickHouseError

from tests.deploy.engine.engine_processes import Engine

NUMBERS = b"".join(b"%d\n" % number for number in range(300))
IDS = "(id UInt64) ENGINE = MergeTree ORDER BY id"
ROWS = "(id UInt64, name String, kind Enum8('a' = 1), at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY id"
NO_ROOM = f"{IDS} SETTINGS min_free_disk_bytes_to_perform_insert = 1000000000000000"
FEW_PARTS = f"{IDS} SETTINGS parts_to_throw_insert = 1, parts_to_delay_insert = 1"
pack = msgspec.msgpack.encode


@dataclass(frozen=True)
class Case:
    """A body for a table, and the code of its refusal; rows of `before` are stored first."""

    code: int
    table: str
    body: bytes
    form: str = "TSV"
    target: str = "refusing"
    before: bytes = b""
    settings: dict[str, str] = field(default_factory=dict)


CASES = {
    "a constraint": Case(469, "(id UInt64, CONSTRAINT small CHECK id < 10) ENGINE = MergeTree ORDER BY id", b"50\n"),
    "no room on the disk": Case(243, NO_ROOM, b"1\n"),
    "too many parts": Case(252, FEW_PARTS, b"1\n", before=b"7\n"),
    "too many partitions": Case(252, f"{IDS} PARTITION BY id", NUMBERS),
    "too little memory": Case(241, IDS, NUMBERS * 2000, settings={"max_memory_usage": "1000000"}),
    "a table that cannot be written": Case(48, IDS, b"1\n", target="looking"),
    "no such table": Case(60, IDS, b"1\n", target="nowhere"),
    "no such database": Case(81, IDS, b"1\n", target="nowhere.refusing"),
    "no such column": Case(16, IDS, b"1\n", target="refusing (nowhere)"),
    "no such format": Case(73, IDS, b"1\n", "NoSuch"),
    "no such setting": Case(115, IDS, b"1\n", target="refusing SETTINGS no_such_setting = 1"),
    "a bracket left open": Case(62, IDS, b"1\n", target="refusing (id"),
    "TSV: text for a number": Case(27, IDS, b"x\n"),
    "TSV: too few columns": Case(27, ROWS, b"1\ta\n"),
    "TSV: no such element of an Enum": Case(691, ROWS, b"1\ta\tb\t2026-01-01 00:00:00\n"),
    "TSV: no time": Case(41, ROWS, b"1\ta\ta\tyesterday\n"),
    "CSV: a quote left open": Case(27, IDS, b'"1\n', "CSV"),
    "Values: a quote left open": Case(62, ROWS, b"(1, 'a", "Values", "refusing (id, name)"),
    "Values: no such function": Case(46, IDS, b"(nowhere())", "Values"),
    "JSONEachRow: cut short": Case(26, ROWS, b'{"id": 1, "name": "a', "JSONEachRow"),
    "JSONEachRow: text for a number": Case(27, IDS, b'{"id": "x"}', "JSONEachRow"),
    "MsgPack: text for a number": Case(44, IDS, pack(1) + pack("a"), "MsgPack"),
    "MsgPack: a row cut short": Case(117, ROWS, pack(1) + pack("a"), "MsgPack"),
    "RowBinary: a number cut short": Case(33, IDS, b"\x01" * 8 + b"\x01", "RowBinary"),
    "Native: no block": Case(33, IDS, b"zzzz", "Native"),
    "Parquet: no file": Case(117, IDS, b"zzzz", "Parquet"),
}  # fmt: skip


@pytest.fixture(scope="module")
def client(engine: Engine) -> Any:
    return engine.client()


def insert(client: Any, case: Case, **settings: str) -> None:
    client.command(f"INSERT INTO {case.target} FORMAT {case.form}", data=case.body, settings=case.settings | settings)


@pytest.mark.parametrize("name", CASES)
def test_a_refused_insert_is_not_acknowledged(client: Any, name: str) -> None:
    case = CASES[name]
    client.command(f"CREATE OR REPLACE TABLE refusing {case.table}")
    client.command("CREATE VIEW IF NOT EXISTS looking AS SELECT 1 AS id")
    if case.before:
        client.command("INSERT INTO refusing FORMAT TSV", data=case.before)
    with pytest.raises(ClickHouseError) as raised:
        insert(client, case)
    assert raised.value.code == case.code
    assert client.command("SELECT count() FROM refusing") == len(case.before.split())


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.code in (243, 252, 469)])
def test_an_asynchronous_insert_is_not_acknowledged_before_it_is_stored(client: Any, name: str) -> None:
    case = CASES[name]
    client.command(f"CREATE OR REPLACE TABLE refusing {case.table}")
    if case.before:
        client.command("INSERT INTO refusing FORMAT TSV", data=case.before)
    with pytest.raises(ClickHouseError) as raised:
        insert(client, case, async_insert="1", wait_for_async_insert="0")
    assert raised.value.code == case.code


def test_the_error_does_not_name_the_file_that_the_engine_read(client: Any) -> None:
    client.command(f"CREATE OR REPLACE TABLE refusing {IDS}")
    with pytest.raises(ClickHouseError) as raised:
        insert(client, Case(27, IDS, b"x\n"))
    assert "is not like UInt64" in str(raised.value)
    assert not [word for word in ("/proc", "file", "DB::Exception: Code:") if word in str(raised.value)]


def test_the_same_token_completes_an_insert_that_a_view_refused(client: Any) -> None:
    """The table accepted the insert and one of two views did not: sent again, each has every row once."""
    logged = "SETTINGS non_replicated_deduplication_window = 100"
    client.command(f"CREATE OR REPLACE TABLE source {IDS} {logged}")
    for view, expression in {
        "plain": "id",
        "throwing": "throwIf(id = 5 AND (SELECT max(id) FROM broken) = 1) + id",
    }.items():
        client.command(f"CREATE OR REPLACE TABLE {view} {IDS} {logged}")
        client.command("CREATE OR REPLACE TABLE broken (id UInt8) ENGINE = Memory")
        client.command(f"CREATE MATERIALIZED VIEW to_{view} TO {view} AS SELECT {expression} AS id FROM source")
    client.command("INSERT INTO broken VALUES (1)")
    case = Case(395, IDS, b"4\n5\n6\n", target="source")
    token = {"insert_deduplication_token": "one", "deduplicate_blocks_in_dependent_materialized_views": "1"}
    with pytest.raises(ClickHouseError) as raised:
        insert(client, case, **token)
    assert raised.value.code == 395
    client.command("TRUNCATE TABLE broken")
    insert(client, case, **token)
    insert(client, case, **token)
    counts = "SELECT (SELECT count() FROM source), (SELECT count() FROM plain), (SELECT count() FROM throwing)"
    assert client.query(counts).result_rows == [(3, 3, 3)]
