"""A real ClickHouse engine for the tests of the store."""

import itertools
from collections.abc import Callable, Iterator

import clickhouse_connect
import pytest

from sinks.clickhouse import Client
from sinks.migrate import migrate

_numbers = itertools.count()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Client]]:
    path = tmp_path_factory.mktemp("ch")
    keep = clickhouse_connect.get_client(interface="chdb", path=str(path))
    yield lambda database: clickhouse_connect.get_client(
        interface="chdb", path=str(path), database=database or None, tz_mode="aware"
    )
    keep.close()


@pytest.fixture
def database(engine: Callable[[str], Client]) -> str:
    """A fresh database with all tables."""
    name = f"test_{next(_numbers)}"
    migrate(engine(""), name)
    return name


@pytest.fixture
def connect(engine: Callable[[str], Client], database: str) -> Callable[[], Client]:
    """Makes writers of that database."""
    return lambda: engine(database)


@pytest.fixture
def client(connect: Callable[[], Client]) -> Client:
    """For looking at the tables."""
    return connect()
