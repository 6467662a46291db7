"""A real ClickHouse engine, queried over HTTP by a read-only user and filled by the real pipeline."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from random import Random

import pytest

from sinks.clickhouse.client import Address, Client, connect
from tests.dashboards.journey import Journey
from tests.dashboards.people import END_MS, live, quarrel, wait
from tests.databases import Databases


@dataclass(frozen=True)
class Place:
    """A database with all tables. `reader` queries it; `writer` fills it and manipulates rows."""

    writer: Client
    reader: Client


@pytest.fixture(scope="session")
def new_place(databases: Databases) -> Iterator[Callable[[], Place]]:
    """Return a function that lends empty databases until the end of the session."""
    with ExitStack() as lent:
        yield lambda: _place(lent.enter_context(databases.lend()))


@pytest.fixture
def place(databases: Databases) -> Iterator[Place]:
    """Return an empty database."""
    with databases.lend() as address:
        yield _place(address)


def _place(here: Address) -> Place:
    return Place(connect(here, "write"), connect(replace(here, user="reader", password="r"), "read"))


@pytest.fixture(scope="session")
def lived(new_place: Callable[[], Place]) -> Client:
    """Return a reader of the rows that the pipeline made of 4,000 touches of 60 people."""
    journey, place = Journey(Random(7)), new_place()
    live(journey, 2_500)
    wait(journey)
    journey.run()
    journey.store(place.writer)
    quarrel(journey)
    live(journey, 1_500, persons=60, start_ms=END_MS, name="f")
    journey.run()
    journey.store(place.writer)
    return place.reader
