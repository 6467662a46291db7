"""What many tests need: a real Kafka and a real ClickHouse engine, one each for the whole run; and markers by need.

A test that uses a service gets its marker from the fixtures it takes: `kafka` and `engine`. All journeys have both, and
the marker `journey`. `make test` runs what has no marker and the one journey marked `smoke`; `make test-all` all.
"""

import fcntl
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from deploy.jars import ensure_jars
from deploy.kafka_node import KafkaNode
from sinks.clickhouse.client import Address
from tests.databases import Databases
from tests.engine_process import running_engine
from tests.scale import scaled
from tests.scheduling import FolderScheduling, is_shared

# A busy machine is slow, not wrong: how long an example takes decides nothing.
settings.register_profile("touchline", deadline=None, print_blob=True, max_examples=scaled(100))
settings.load_profile("touchline")

MARKER_OF_FIXTURE = {"jars": "kafka", "kafka": "kafka", "clickhouse": "engine", "own_engine": "engine"}
WAITING = ("journey", "kafka", "engine", "slow")
JOURNEYS = Path(__file__).with_name("journeys")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the services that its fixtures start, directly or through other fixtures.

    Those that take longest come first, so that all test processes end at about the same time: folders that one process
    runs, then files of which a test waits for many services.
    """
    for item in items:
        names = {MARKER_OF_FIXTURE.get(name) for name in getattr(item, "fixturenames", ())}
        if JOURNEYS in item.path.parents:
            names |= {"kafka", "engine", "journey"}
        for name in sorted(filter(None, names)):
            item.add_marker(name)
    services = Counter[Path]()
    for item in items:
        waits_for = len(WAITING) * is_shared(item.nodeid) + sum(map(bool, map(item.get_closest_marker, WAITING)))
        services[item.path] = max(services[item.path], waits_for)
    items.sort(key=lambda item: -services[item.path])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return what distributes tests to processes by file, None for another way of `--dist`."""
    return FolderScheduling(config, log) if config.getoption("dist") == "loadfile" else None


JARS_CACHE = Path.home() / ".touchline" / "jars"


@pytest.fixture(scope="session")
def jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kafka's jars, fetched once per machine. Without Maven the test fails with the reason."""
    with (tmp_path_factory.getbasetemp().parent / "jars.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # of two test processes one fetches: ~/.m2 is not made for two Mavens at once
        return ensure_jars(JARS_CACHE, print)


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Kafka that is shared by all tests: use topics and groups of your own.

    TOUCHLINE_TEST_KAFKA=host:port uses a running one; otherwise a node is started and stopped after the last test.
    """
    running = os.environ.get("TOUCHLINE_TEST_KAFKA")
    if running:
        yield running
        return
    node = KafkaNode(tmp_path_factory.mktemp("kafka"), request.getfixturevalue("jars"))
    with node:
        yield node.bootstrap


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The writer's address of a real engine that is shared by all tests: use databases of your own."""
    with running_engine(tmp_path_factory.mktemp("engine")) as address:
        yield address


@pytest.fixture(scope="session")
def databases(clickhouse: Address) -> Databases:
    """Databases of that engine with all tables, for one test at a time."""
    return Databases(clickhouse)


@pytest.fixture(scope="session")
def own_engine() -> None:
    """To be requested by fixtures that start an engine of their own: their tests get the marker `engine`."""
