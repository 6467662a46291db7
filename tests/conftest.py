"""What many tests need: a real Kafka, one for the whole run."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from deploy.jars import ensure_jars
from deploy.kafka_node import KafkaNode

# A busy machine is slow, not wrong: how long an example takes decides nothing.
settings.register_profile("touchline", deadline=None, print_blob=True)
settings.load_profile("touchline")

JARS_CACHE = Path.home() / ".touchline" / "jars"


@pytest.fixture(scope="session")
def jars(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Kafka's jars, fetched once per machine. Without Maven the test fails and says so."""
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
