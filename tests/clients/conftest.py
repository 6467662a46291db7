"""A new collector for each test, on the shared Kafka."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clients.collector_process import CollectorProcess


@pytest.fixture
def new_collector(kafka: str, tmp_path: Path) -> Iterator[Callable[[], CollectorProcess]]:
    """A factory of running collectors, which are stopped after the test."""
    made: list[CollectorProcess] = []

    def start() -> CollectorProcess:
        folder = tmp_path / f"collector{len(made)}"
        folder.mkdir()
        made.append(CollectorProcess(kafka, folder))
        made[-1].start()
        return made[-1]

    yield start
    for collector in made:
        collector.stop()
