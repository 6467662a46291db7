"""A real ClickHouse engine, asked over HTTP by a user that can only read, and what the real pipeline put into it."""

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
    """A database with all tables: `reader` asks, as everybody does; `writer` fills it, and tampers with it."""

    writer: Client
    reader: Client


@pytest.fixture(scope="session")
def new_place(clickhouse: Address) -> Callable[[], Place]:
    """Makes databases."""

    def make() -> Place:
        here = replace(clickhouse, database=f"look_{next(_numbers)}")
        migrate(connect_server(here), here.database)
        return Place(connect(here, "write"), connect(replace(here, user="reader", password="r"), "read"))

    return make


@pytest.fixture
def place(new_place: Callable[[], Place]) -> Place:
    """A database of one's own, empty."""
    return new_place()


@pytest.fixture(scope="session")
def lived(new_place: Callable[[], Place]) -> Client:
    """Reads what the pipeline made of 4,000 touches of sixty persons."""
    journey, place = Journey(Random(7)), new_place()
    live(journey, 2_500)
    journey.run()
    journey.store(place.writer)
    quarrel(journey)
    live(journey, 1_500, persons=60, start_ms=END_MS, name="f")
    journey.run()
    journey.store(place.writer)
    return place.reader
