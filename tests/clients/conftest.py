"""One collector for all SDKs, and a write key and a source for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.clients.collector_process import CollectorProcess, Sender
from touchline.settings import Settings


@pytest.fixture(scope="session")
def collector(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CollectorProcess]:
    """A running collector, which is stopped after the last test."""
    prefix = f"c{uuid4().hex[:7]}-"
    collector = CollectorProcess(Settings(kafka=kafka, topic_prefix=prefix, data=tmp_path_factory.mktemp("collector")))
    try:
        collector.start()
        yield collector
    finally:
        collector.stop()


@pytest.fixture
def sender(collector: CollectorProcess) -> Sender:
    """What an SDK needs to send to the collector."""
    return collector.new_sender()
