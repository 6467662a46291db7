"""The tables match the schemas, and a version refuses a database of another one."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from schemas.column import Column
from schemas.columns import QUARANTINE, STORE_TABLES, TABLES
from sinks.clickhouse.client import Client
from sinks.clickhouse.migrations import IncompatibleSchemaError, Migration, known_migrations, migrate, status

_ALL = {**TABLES, "quarantine": QUARANTINE}


@pytest.mark.parametrize("table", [*_ALL, *(f"{table}_trial" for table in TABLES)])
def test_columns_are_those_of_the_schemas(client: Client, table: str) -> None:
    """Names, types and order match; further columns of a table are computed and follow."""
    columns: tuple[Column, ...] = _ALL[table.removesuffix("_trial")]
    described = client.query(f"DESCRIBE TABLE {table}").result_rows
    assert [(row[0], row[1]) for row in described[: len(columns)]] == [(column.name, column.type) for column in columns]
    assert {row[2] for row in described[len(columns) :]} <= {"MATERIALIZED"}


@pytest.mark.parametrize("name", STORE_TABLES)
def test_tables_are_as_declared(client: Client, name: str) -> None:
    """Key, partitions and engine match, and the trial table stores nothing."""
    table = STORE_TABLES[name]
    ((key, partitions, engine),) = client.query(
        "SELECT sorting_key, partition_key, engine_full FROM system.tables "
        "WHERE database = currentDatabase() AND name = {name:String}",
        parameters={"name": name},
    ).result_rows
    assert (key, partitions) == (", ".join(table.order_by), table.partition_by)
    assert engine.startswith(f"{table.engine} ")
    trial = "SELECT engine FROM system.tables WHERE database = currentDatabase() AND name = {name:String}"
    assert client.query(trial, parameters={"name": f"{name}_trial"}).result_rows == [("Null",)]


def test_the_columns_of_incoming_are_strings(client: Client) -> None:
    described = client.query("DESCRIBE TABLE incoming").result_rows
    plain = [(one.name, one.type.replace("LowCardinality(String)", "String")) for one in TABLES["events"]]
    assert [(row[0], row[1]) for row in described] == plain


def test_every_target_of_a_view_has_a_deduplication_window(client: Client) -> None:
    """A repeated insert must reach every target of a view, so each has a window; so has each other table."""
    rows = client.query(
        "SELECT name, engine_full FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree%'"
    ).result_rows
    without = {name for name, engine in rows if "non_replicated_deduplication_window = 10000" not in engine}
    assert without == {"schema_migrations", "store_blocks"}
    assert len(rows) == 19


def test_a_second_run_applies_nothing(engine: Callable[[str], Client]) -> None:
    client = engine("")
    names = [f"{known.number:03d}_{known.name}" for known in known_migrations()]
    assert migrate(client, "test_twice") == names
    assert migrate(engine(""), "test_twice") == []
    states = status(engine("test_twice"))
    assert [f"{it.number:03d}_{it.name}" for it in states] == names
    assert all(it.applied for it in states)


def test_numbers_have_no_gaps() -> None:
    assert [known.number for known in known_migrations()] == list(range(1, len(known_migrations()) + 1))


def test_an_interrupted_migration_is_applied_again(engine: Callable[[str], Client]) -> None:
    """Every statement may have run before without a record of it."""
    client = engine("")
    client.command("CREATE DATABASE test_cut")
    half = engine("test_cut")
    for migration in known_migrations():
        for statement in migration.statements():
            half.command(statement)
    assert len(migrate(client, "test_cut")) == len(known_migrations())


def test_an_empty_database_has_no_migration(engine: Callable[[str], Client]) -> None:
    engine("").command("CREATE DATABASE test_empty")
    assert [it.applied for it in status(engine("test_empty"))] == [False] * len(known_migrations())


def test_a_newer_database_is_refused(engine: Callable[[str], Client]) -> None:
    newer = [*known_migrations(), Migration(99, "moods", "SELECT 1;\n")]
    migrate(engine(""), "test_newer", newer)
    with pytest.raises(
        IncompatibleSchemaError, match=r"099_moods, which this version does not know: use a Touchline at least as new"
    ):
        migrate(engine(""), "test_newer")
    with pytest.raises(IncompatibleSchemaError, match="099_moods"):
        status(engine("test_newer"))


def test_an_edited_migration_is_refused(engine: Callable[[str], Client]) -> None:
    migrate(engine(""), "test_edited", [Migration(1, "a", "SELECT 1;\n")])
    migrate(engine(""), "test_edited", [Migration(1, "a", "SELECT 1;\r\n")])
    with pytest.raises(IncompatibleSchemaError, match="001_a was applied to database 'test_edited' with another text"):
        migrate(engine(""), "test_edited", [Migration(1, "a", "SELECT 2;\n")])


@pytest.mark.parametrize("name", ["", "default"])
def test_the_database_default_is_refused(client: Client, name: str) -> None:
    with pytest.raises(ValueError, match="a database of its own"):
        migrate(client, name)


def test_a_database_may_have_any_name(engine: Callable[[str], Client]) -> None:
    name = "a`b-c"
    migrate(engine(""), name, [Migration(1, "it's", "CREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = Null;\n")])
    assert (
        migrate(engine(""), name, [Migration(1, "it's", "CREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = Null;\n")])
        == []
    )


def test_workers_may_migrate_concurrently(engine: Callable[[str], Client]) -> None:
    """No statement removes anything but a view that is not read, so the order of workers does not matter."""
    clients = [engine("") for _ in range(4)]
    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(lambda client: migrate(client, "test_together"), clients))
    assert all(one.applied for one in status(engine("test_together")))
    removing = [line for one in known_migrations() for line in one.statements() if re.search("DROP|TRUNCATE", line)]
    assert [line for line in removing if "DROP VIEW IF EXISTS" not in line] == []


def test_rows_of_former_versions_get_their_hashes(engine: Callable[[str], Client]) -> None:
    client = engine("")
    former = [one for one in known_migrations() if one.number < 24]
    migrate(client, "test_hashes", former)
    insert = "INSERT INTO identities (tenant, identifier, parent, activity_offset) VALUES"
    client.command(f"{insert} ('t', 'email:a', 'customer_id:c', 1), ('t', 'email:b', 'customer_id:c', 2)")
    client.command("INSERT INTO session_pieces (tenant, folded_into) VALUES ('t', 'email:a')")
    migrate(client, "test_hashes")
    client.command(f"{insert} ('t', 'email:b', '', 3), ('t', 'email:n', 'email:a', 4)")
    linked = "SELECT identifier FROM identities FINAL WHERE identifier_id = cityHash64(identifier) AND parent_id = "
    found = client.query(f"{linked} if(parent = '', 0, cityHash64(parent)) ORDER BY identifier").result_rows
    assert [name for (name,) in found] == ["email:a", "email:b", "email:n"]
    assert client.query(f"{linked} 0").result_rows == [("email:b",)]
    pieces = "SELECT count() FROM session_pieces WHERE folded_id = cityHash64(folded_into)"
    assert client.query(pieces).result_rows == [(1,)]
