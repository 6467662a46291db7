"""Timeline records are read again, from a real Kafka."""

import asyncio
import logging

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from deploy.ports import LOOPBACK, free_port
from sinks.store.timeline_reader import TimelineReader
from tests.sinks.sample_blocks import wait_until


async def test_given_offsets_are_read_again(kafka: str) -> None:
    topic, big = "reread", b"x" * 700_000
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1)])
    producer = AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=2_000_000)
    await producer.start()
    for number in range(20):
        await producer.send_and_wait(topic, b"%d" % number + big, partition=1)
    await producer.stop()
    timeline = TimelineReader(kafka, topic)
    async with asyncio.timeout(120):
        found = await timeline.read(1, 3, 15)
        assert found == [(number, b"%d" % number + big) for number in range(3, 16)]
        assert await timeline.read(1, 19, 19) == [(19, b"19" + big)]
        assert await timeline.read(1, 15, 20) == []
        assert await timeline.read(0, 0, 0) == []
        await admin.delete_records({TopicPartition(topic, 1): RecordsToDelete(before_offset=5)})
        assert await timeline.read(1, 4, 6) is None
        assert await timeline.read(1, 5, 5) == [(5, b"5" + big)]
    await admin.close()


async def test_reading_waits_while_kafka_is_unreachable(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    reading = asyncio.create_task(TimelineReader(f"{LOOPBACK}:{free_port()}", "reread").read(1, 3, 15))
    await wait_until(lambda: sum("waiting for Kafka" in one.getMessage() for one in caplog.records) > 1)
    assert not reading.done()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
