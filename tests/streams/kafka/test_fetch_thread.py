"""What the consumer's thread knows of the group, without a Kafka."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaError
from aiokafka.protocol.group import SyncGroupRequest

from streams.kafka.fetch_thread import FetchThread
from streams.runtime.app import make_app


class Coordinator:
    """Stands for aiokafka's: answers as it is told."""

    def __init__(self) -> None:
        self._rejoin_needed_fut: asyncio.Future[None] = asyncio.Future()
        self.answered = True

    async def _do_heartbeat(self) -> bool:
        return self.answered

    async def _send_req(self, request: Any) -> Any:
        return request


@pytest.fixture
def thread(tmp_path: Path) -> FetchThread:
    app = make_app("group", "127.0.0.1:1", data_dir=tmp_path)
    app.finalize()
    made: FetchThread = app.consumer.thread
    return made


@pytest.mark.parametrize(
    ("answered", "to_join_again", "leased"), [(True, False, True), (False, False, False), (True, True, False)]
)
async def test_heartbeats_renew_the_lease(
    thread: FetchThread, answered: bool, to_join_again: bool, leased: bool
) -> None:
    coordinator = Coordinator()
    thread._watch_coordinator(coordinator)
    coordinator.answered = answered
    if to_join_again:
        coordinator._rejoin_needed_fut.set_result(None)
    assert not thread.has_lease()
    assert await coordinator._do_heartbeat() is answered
    assert thread.has_lease() is leased


async def test_the_lease_of_an_assignment_counts_from_asking_for_it(thread: FetchThread) -> None:
    coordinator = Coordinator()
    thread._watch_coordinator(coordinator)
    await coordinator._send_req("heartbeat")
    assert thread.joined_s == 0.0
    request = SyncGroupRequest("group", 1, "member", "", [])
    assert await coordinator._send_req(request) is request
    assert thread.joined_s > 0.0


async def fail() -> None:
    raise KafkaError("no further")


async def test_that_nothing_is_fetched_any_more_is_an_error(thread: FetchThread) -> None:
    fetching = asyncio.ensure_future(fail())
    coordinator, fetcher = SimpleNamespace(check_errors=lambda: None), SimpleNamespace(error_future=fetching)
    thread._consumer = SimpleNamespace(_closed=False, _coordinator=coordinator, _fetcher=fetcher)
    await thread.look_for_errors()
    await asyncio.wait([fetching])
    with pytest.raises(KafkaError, match="no further"):
        await thread.look_for_errors()
