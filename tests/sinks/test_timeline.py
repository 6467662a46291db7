"""Timeline records once more, from a real Kafka."""

import asyncio

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from sinks.timeline import Timeline


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
    timeline = Timeline(kafka, topic)
    async with asyncio.timeout(30):
        found = await timeline.read(1, 3, 15)
        assert found == [(number, b"%d" % number + big) for number in range(3, 16)]
        assert await timeline.read(1, 19, 19) == [(19, b"19" + big)]
        assert await timeline.read(1, 15, 20) is None
        assert await timeline.read(0, 0, 0) is None
        await admin.delete_records({TopicPartition(topic, 1): RecordsToDelete(before_offset=5)})
        assert await timeline.read(1, 4, 6) is None
        assert await timeline.read(1, 5, 5) == [(5, b"5" + big)]
    await admin.close()
