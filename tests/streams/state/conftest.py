"""Fixtures: an app and a changelog on a real Kafka, and a folder of state."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from streams.state.rocksdb_directory import RocksStores
from tests.streams.cluster import make_topics
from tests.streams.state.rocksdb_log import LOG, make_log, read_tail, version_of
from tests.streams.state.tables import App


@pytest.fixture
async def app(kafka: str) -> AsyncIterator[App]:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True, max_batch_size=512 * 1024)
    await producer.start()
    app = App(kafka, producer)
    yield app
    app.recovery.stop()
    await producer.stop()


@pytest.fixture
def changelog(kafka: str) -> str:
    name = f"t{uuid.uuid4().hex[:10]}-changelog"
    make_topics(kafka, name, cleanup_policy="compact", max_message_bytes="10000000")
    return name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database that has read LOG up to offset 3."""
    stores = RocksStores(tmp_path)
    store = stores.open("log", 0, version_of)
    store.attach(LOG)
    assert read_tail(store, make_log(b"old")) == 3
    store.close()
    stores.close()
    return tmp_path
