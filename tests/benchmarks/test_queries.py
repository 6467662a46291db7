"""Every question of the benchmark has an answer in a store of the benchmark."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sinks.clickhouse.client import Address, Client, connect, connect_server
from sinks.clickhouse.migrations import migrate
from tests.benchmarks.queries import profiles_by_touches, questions
from tests.benchmarks.query_store import fill_store

DATABASE = "bench_questions"
NAMES = questions("", "").keys()


@pytest.fixture(scope="module")
def store(clickhouse: Address) -> Iterator[tuple[Client, Client]]:
    """A writer and a reader of a small store."""
    address = replace(clickhouse, database=DATABASE)
    migrate(connect_server(address), DATABASE)
    writer = connect(address, "write")
    fill_store(writer, 4_000, lambda what: None)
    reader = connect(replace(address, user="reader", password="r"), "read")
    yield writer, reader
    writer.command(f"DROP DATABASE {DATABASE}")
    writer.close()
    reader.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_question_has_an_answer(store: tuple[Client, Client], name: str) -> None:
    writer, reader = store
    assert questions(*profiles_by_touches(writer))[name].ask(reader)
