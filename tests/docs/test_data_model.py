"""The page of the data model has every table and column of the real engine, and its queries run there."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from schemas.channels import CHANNELS
from schemas.raw_touch import RawTouch
from sinks.clickhouse.client import Address, Client, connect, connect_server
from sinks.clickhouse.migrations import migrate
from tests.dashboards.journey import Journey
from tests.dashboards.people import END_MS, START_MS, live
from tests.docs.pages import text_of
from tests.schemas.touches import FULL

PAGE = "docs/data-model.md"
DATABASE = "data_model"
SECTIONS = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", text_of(PAGE), re.MULTILINE | re.DOTALL))
INTERNAL = text_of(PAGE).partition("## Internal tables")[2]
WITHOUT_ROWS = {"sessions_of"}  # its example names a person whom the test does not send


def columns_of(section: str) -> dict[str, str]:
    """The columns that a section lists, with their types."""
    text = re.sub(r"\n  ", " ", section)
    return dict(re.findall(r"^- `(\w+)` \((.*?)\): ", text, re.MULTILINE))


@pytest.fixture(scope="module")
def store(clickhouse: Address) -> Iterator[Client]:
    """A database of the engine, filled by the real pipeline."""
    address = replace(clickhouse, database=DATABASE)
    migrate(connect_server(address), DATABASE)
    client = connect(address, "write")
    journey = Journey(Random(1))
    live(journey, 400)
    journey.send("consents", FULL["consents"], 0)
    journey.send("groups", FULL["groups"], 0)
    journey.send("visits", b"no JSON", 0)
    journey.send("consents", FULL["consents"] | {"event_id": "again"}, 0, [("origin", b"consents/0/17")])
    ping = {"type": "ping", "occurred_at": START_MS, "page_id": "p", "engaged_ms": 9_000, "anonymous_id": "v"}
    journey.send("visits", ping, END_MS)
    journey.run()
    journey.store(client)
    client.command(
        "INSERT INTO store_blocks (log, timeline_partition, epoch, owner, version, last_offset) "
        "VALUES ('log', 0, 1, 'worker', 15, 7)"
    )
    client.command("INSERT INTO audits VALUES (now64(3), now64(3), 'main', false, 1, 2, 1, 0, 0)")
    client.command("INSERT INTO lookups VALUES (now64(3), 'main', 'token', 'support', 'email:a@example.org')")
    yield client
    client.command(f"DROP DATABASE {DATABASE}")
    client.close()


@pytest.fixture(scope="module")
def tables(store: Client) -> dict[str, dict[str, str]]:
    """Each table and view of the engine: its columns with their types, none for a view with parameters."""
    rows = store.query(f"SELECT name FROM system.tables WHERE database = '{DATABASE}'").result_rows
    found: dict[str, dict[str, str]] = {name: {} for (name,) in rows if not name.startswith(".inner")}
    columns = store.query(f"SELECT table, name, type FROM system.columns WHERE database = '{DATABASE}'").result_rows
    for table, name, kind in columns:
        found[table][name] = kind
    return found


def test_page_has_every_table_and_no_other(tables: dict[str, dict[str, str]]) -> None:
    internal = set(re.findall(r"`(\w+)`", re.sub(r"\[.*?\)", "", INTERNAL))) & set(tables)
    assert set(SECTIONS) | internal == set(tables)
    assert not set(SECTIONS) & internal - {"events"}


@pytest.mark.parametrize("table", SECTIONS)
def test_page_has_every_column_with_its_type(table: str, tables: dict[str, dict[str, str]]) -> None:
    own = {name for model in CHANNELS.values() for name in set(model.model_fields) - set(RawTouch.model_fields)}
    listed, real = columns_of(SECTIONS[table]), tables[table]
    if table == "events":  # the contract explains a channel's own fields, and a test holds it to the models
        real = {name: kind for name, kind in real.items() if name in listed or name not in own}
    assert listed == real


@pytest.mark.parametrize("table", SECTIONS)
def test_query_runs_and_finds_rows(table: str, store: Client) -> None:
    queries = re.findall(r"```sql\n(.*?)```", SECTIONS[table], re.DOTALL)
    assert queries
    for query in queries:
        assert f" {table}" in query.replace("\n", " ")
        assert store.query(query).result_rows or table in WITHOUT_ROWS
