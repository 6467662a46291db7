"""Fetch sessions with a real Kafka: aiokafka gets every record, and the requests name what changed."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.protocol.fetch import FetchRequest_v4, FetchRequest_v11
from aiokafka.structs import TopicPartition

from streams.kafka.fetch_session import FetchSession, SessionClient
from tests.streams.cluster import make_topics, write_records

WAIT_MS = 100
PARTITIONS = 4
NO_SESSION = 1


@dataclass
class Recording:
    """A client that notes (partitions, forgotten partitions, session id, epoch) of each fetch, and passes it on.

    With `lose`, the next fetch has an id that the broker does not know.
    """

    client: Any
    fetches: list[tuple[list[int], list[int], int, int]] = field(default_factory=list)
    lose: bool = False
    fetched: asyncio.Event = field(default_factory=asyncio.Event)
    old: list[int] = field(default_factory=list)  # numbers of partitions in requests to a broker without sessions

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    async def send(self, node_id: int, request: Any, *, group: int) -> Any:
        if hasattr(request, "topics"):
            if self.lose:
                self.lose, request._session_id = False, NO_SESSION
            built = request.build(FetchRequest_v11)
            asked = sorted(one[0] for _, parts in built.topics for one in parts)
            forgotten = sorted(one for _, parts in built.forgotten_topics_data for one in parts)
            self.fetches.append((asked, forgotten, built.session_id, built.session_epoch))
            self.fetched.set()
            self.old.append(sum(len(parts) for _, parts in request.build(FetchRequest_v4).topics))
        return await self.client.send(node_id, request, group=group)


@dataclass
class Reader:
    """A consumer of all partitions of a topic, whose fetches are recorded."""

    consumer: Any
    topic: str
    recorded: Recording
    sessions: dict[int, FetchSession]

    async def read(self, count: int) -> list[bytes]:
        values: list[bytes] = []
        async with asyncio.timeout(60):
            while len(values) < count:
                for records in (await self.consumer.getmany(timeout_ms=WAIT_MS)).values():
                    values += [record.value for record in records]
        return sorted(values)

    async def wait_fetches(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.recorded.fetches) < count:
                self.recorded.fetched.clear()
                await self.recorded.fetched.wait()


@pytest.fixture
async def reader(kafka: str) -> AsyncIterator[Reader]:
    topic = f"session-{uuid.uuid4().hex[:8]}"
    make_topics(kafka, topic, partitions=PARTITIONS)
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, fetch_max_wait_ms=WAIT_MS, auto_offset_reset="earliest")
    await consumer.start()
    recorded = Recording(consumer._client)
    client = consumer._fetcher._client = SessionClient(recorded)
    consumer.assign([TopicPartition(topic, p) for p in range(PARTITIONS)])
    yield Reader(consumer, topic, recorded, client._sessions)
    await consumer.stop()


async def test_a_session_names_what_changed(reader: Reader, kafka: str) -> None:
    await write_records(kafka, reader.topic, {p: [(None, b"a%d" % p)] for p in range(PARTITIONS)})
    assert await reader.read(4) == [b"a0", b"a1", b"a2", b"a3"]
    await reader.wait_fetches(len(reader.recorded.fetches) + 3)
    await write_records(kafka, reader.topic, {2: [(None, b"b"), (None, b"c")]})
    assert await reader.read(2) == [b"b", b"c"]
    await reader.wait_fetches(len(reader.recorded.fetches) + 3)
    (first, *others), old = reader.recorded.fetches, reader.recorded.old
    assert first == ([0, 1, 2, 3], [], 0, 0)
    assert [epoch for *_, epoch in others] == list(range(1, len(others) + 1))
    assert len({session_id for *_, session_id, _ in others}) == 1
    assert others[-1][:2] == ([], []), "nothing has changed"
    assert [2] in [asked for asked, *_ in others]
    assert old[-1] == PARTITIONS, "a broker without sessions is asked for all"


async def test_a_dropped_partition_is_forgotten_and_asked_for_again(reader: Reader, kafka: str) -> None:
    await reader.wait_fetches(2)
    one = TopicPartition(reader.topic, 1)
    reader.consumer.pause(one)
    await write_records(kafka, reader.topic, {1: [(None, b"late")], 3: [(None, b"now")]})
    assert await reader.read(1) == [b"now"]
    await reader.wait_fetches(len(reader.recorded.fetches) + 3)
    assert [1] in [forgotten for _, forgotten, *_ in reader.recorded.fetches]
    reader.consumer.resume(one)
    assert await reader.read(1) == [b"late"]


async def test_a_lost_session_is_begun_anew(reader: Reader, kafka: str) -> None:
    await reader.wait_fetches(2)
    (session,) = reader.sessions.values()
    before, reader.recorded.lose = session.session_id, True
    await reader.wait_fetches(len(reader.recorded.fetches) + 3)
    await write_records(kafka, reader.topic, {0: [(None, b"x")]})
    assert await reader.read(1) == [b"x"]
    assert session.session_id not in (0, NO_SESSION, before)
    (lost,) = [number for number, (*_, one, _) in enumerate(reader.recorded.fetches) if one == NO_SESSION]
    assert reader.recorded.fetches[lost + 1] == ([0, 1, 2, 3], [], 0, 0)
