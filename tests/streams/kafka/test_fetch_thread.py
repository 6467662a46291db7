"""Errors of the group in the consumer's thread, without a Kafka."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaError

from streams.kafka.fetch_thread import FetchThread
from streams.runtime.app import make_app


@pytest.fixture
def thread(tmp_path: Path) -> FetchThread:
    app = make_app("group", "127.0.0.1:1", data_dir=tmp_path)
    app.finalize()
    made: FetchThread = app.consumer.thread
    return made


async def fail() -> None:
    raise KafkaError("no further")


async def test_the_end_of_the_fetching_task_is_an_error(thread: FetchThread) -> None:
    fetching = asyncio.ensure_future(fail())
    coordinator, fetcher = SimpleNamespace(check_errors=lambda: None), SimpleNamespace(error_future=fetching)
    thread._consumer = SimpleNamespace(_closed=False, _coordinator=coordinator, _fetcher=fetcher)
    await thread.check_errors()
    await asyncio.wait([fetching])
    with pytest.raises(KafkaError, match="no further"):
        await thread.check_errors()
