"""A real ClickHouse engine, queried over HTTP by a read-only user and filled by the real pipeline."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest

from sinks.clickhouse.client import Address, Client, connect, connect_server
from sinks.clickhouse.migrations import migrate
from tests.dashboards.journey import Journey
from tests.dashboards.people import END_MS, live, quarrel

_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """A database with all tables. `reader` queries it; `writer` fills it and manipulates rows."""

    writer: Client
    reader: Client


@pytest.fixture(scope="session")
def new_place(clickhouse: Address) -> Callable[[], Place]:
    """Return a function that creates databases."""

    def make() -> Place:
        here = replace(clickhouse, database=f"look_{next(_numbers)}")
        migrate(connect_server(here), here.database)
        return Place(connect(here, "write"), connect(replace(here, user="reader", password="r"), "read"))

    return make


@pytest.fixture
def place(new_place: Callable[[], Place]) -> Place:
    """Return an empty database."""
    return new_place()


@pytest.fixture(scope="session")
def lived(new_place: Callable[[], Place]) -> Client:
    """Return a reader of the rows that the pipeline made of 4,000 touches of 60 people."""
    journey, place = Journey(Random(7)), new_place()
    live(journey, 2_500)
    journey.run()
    journey.store(place.writer)
    quarrel(journey)
    live(journey, 1_500, persons=60, start_ms=END_MS, name="f")
    journey.run()
    journey.store(place.writer)
    return place.reader
