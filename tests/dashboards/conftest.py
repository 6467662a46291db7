"""A real ClickHouse engine, asked over HTTP by a user that can only read, and what the real pipeline put into it."""

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest

from sinks.clickhouse import Address, Client, connect, connect_server
from sinks.engine.launch import command, read_ready
from sinks.migrate import migrate
from tests.dashboards.journey import Journey
from tests.dashboards.people import END_MS, live, quarrel

_USERS = {"writer": {"password": "w"}, "reader": {"password": "r", "readonly": True}}
_numbers = itertools.count()


@dataclass(frozen=True)
class Place:
    """A database with all tables: `reader` asks, as everybody does; `writer` fills it, and tampers with it."""

    writer: Client
    reader: Client


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """Of an engine that runs as long as the tests."""
    folder = tmp_path_factory.mktemp("engine")
    users = folder / "users.json"
    users.touch(mode=0o600)
    users.write_text(json.dumps(_USERS))
    process = subprocess.Popen(command(folder / "data", 0, users, sys.executable), stdout=subprocess.PIPE)
    assert process.stdout is not None
    yield Address("127.0.0.1", read_ready(process.stdout.readline()).port, "default", "writer", "w")
    process.terminate()
    process.communicate(timeout=90)  # more than the engine gives itself to close


@pytest.fixture(scope="session")
def new_place(address: Address) -> Callable[[], Place]:
    """Makes databases."""

    def make() -> Place:
        here = replace(address, database=f"look_{next(_numbers)}")
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
