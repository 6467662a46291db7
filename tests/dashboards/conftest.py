"""A real ClickHouse engine, and one database filled by the real pipeline."""

import itertools
from collections.abc import Callable, Iterator
from random import Random

import clickhouse_connect
import pytest

from sinks.clickhouse import Client
from sinks.migrate import migrate
from tests.dashboards.journey import Journey
from tests.dashboards.people import END_MS, live, quarrel

_numbers = itertools.count()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Client]]:
    path = str(tmp_path_factory.mktemp("ch"))
    keep = clickhouse_connect.get_client(interface="chdb", path=path)
    yield lambda database: clickhouse_connect.get_client(
        interface="chdb", path=path, database=database or None, tz_mode="aware"
    )
    keep.close()


@pytest.fixture(scope="session")
def new_database(engine: Callable[[str], Client]) -> Callable[[], Client]:
    """Makes a client of a fresh database with all tables."""

    def make() -> Client:
        name = f"look_{next(_numbers)}"
        migrate(engine(""), name)
        return engine(name)

    return make


@pytest.fixture
def empty(new_database: Callable[[], Client]) -> Client:
    """A database of one's own."""
    return new_database()


@pytest.fixture(scope="session")
def lived(new_database: Callable[[], Client]) -> Client:
    """What the pipeline made of 4,000 touches of forty persons; read it, do not change it."""
    journey, client = Journey(Random(7)), new_database()
    live(journey, 2_500)
    journey.run()
    journey.store(client)
    quarrel(journey)
    live(journey, 1_500, persons=60, start_ms=END_MS, name="f")
    journey.run()
    journey.store(client)
    return client
