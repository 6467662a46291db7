"""Sending on a real Kafka: all messages arrive in order, or there is an error."""

import uuid
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from aiokafka import AIOKafkaProducer

from streams.kafka.sender import Sender, SendError
from streams.records import Message
from tests.streams.cluster import PARTITIONS, make_topics, read_records


@pytest.fixture
async def sender(request: pytest.FixtureRequest, kafka: str) -> AsyncIterator[Sender]:
    """A sender. The parameter is the producer's time-out in ms, by default aiokafka's own."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, enable_idempotence=True, max_batch_size=64 * 1024,
        request_timeout_ms=getattr(request, "param", 40_000),
    )  # fmt: skip
    await producer.start()
    yield Sender(SimpleNamespace(producer=SimpleNamespace(driver=producer)))
    await producer.stop()


@pytest.fixture
def topic(kafka: str) -> str:
    name = f"t{uuid.uuid4().hex[:10]}-sent"
    make_topics(kafka, name, max_message_bytes="9000000")
    return name


async def test_everything_arrives_in_order(kafka: str, topic: str, sender: Sender) -> None:
    """Send several record batches per partition, an oversized message, one without key and one with headers."""
    many: list[Message] = [(b"%d" % i, b"x" * 100, None) for i in range(3000)]
    many[1500] = (None, b"y" * (8 << 20), [("reason", b"large")])
    await sender.send({(topic, p): many for p in range(PARTITIONS)})
    await sender.send({(topic, 0): [(b"last", None, None)]})
    found = await read_records(kafka, topic)
    for p in range(PARTITIONS):
        some = sorted((record for record in found if record.partition == p), key=lambda record: record.offset)
        expected = many if p else [*many, (b"last", None, None)]
        assert [(record.key, record.value, list(record.headers) or None) for record in some] == expected


async def test_nothing_to_send(sender: Sender, topic: str) -> None:
    await sender.send({})
    await sender.send({(topic, 0): []})


async def test_a_refusal_is_an_error_with_the_partition(sender: Sender, kafka: str, topic: str) -> None:
    too_large: list[Message] = [(b"k", b"x" * 9_500_000, None)]
    with pytest.raises(SendError, match=f"refused messages for {topic}/1: MessageSizeTooLargeError"):
        await sender.send({(topic, 0): [(b"k", b"fits", None)], (topic, 1): too_large})
    assert [record.value for record in await read_records(kafka, topic)] == [b"fits"]


async def test_an_unknown_partition_is_an_error(sender: Sender, topic: str) -> None:
    with pytest.raises(SendError, match=f"{topic} has 4 partitions, there is no partition 4"):
        await sender.send({(topic, 4): [(b"k", b"v", None)]})


@pytest.mark.parametrize("sender", [4000], indirect=True)
async def test_an_unknown_topic_is_an_error(sender: Sender, topic: str) -> None:
    with pytest.raises(SendError, match="UnknownTopicOrPartitionError"):
        await sender.send({(f"{topic}-missing", 0): [(b"k", b"v", None)]})
