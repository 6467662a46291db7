"""The lane of one topic: batches grow while others are in flight, and without Kafka nothing waits."""

import asyncio

import pytest

from sources.collector.kafka_connection import KafkaConnection, KafkaLimits
from sources.collector.record_batch import PendingCommit, memory_size
from sources.collector.sink import SinkUnavailable
from sources.collector.topic_lane import TopicLane, Usage
from tests.sources.collector.raw_topics import create_topic, event_ids, raw, read_all

LIMITS = KafkaLimits(ack_timeout_s=60, linger_s=0)


async def test_records_gather_while_all_partitions_have_a_batch_in_flight(kafka: str) -> None:
    topic = create_topic(kafka, partitions=1)
    connection, usage = KafkaConnection(kafka, LIMITS), Usage()
    connection.start()
    await connection.wait_connected()
    lane = TopicLane(topic, connection, LIMITS, usage)
    commits = []
    for n in range(500):
        records = [raw(topic, str(n))]
        usage.bytes_in_flight += memory_size(records)
        commits.append(PendingCommit(1))
        lane.put(commits[-1], records, [0])
        await asyncio.sleep(0)  # each would have a batch of its own if none were in flight
    await asyncio.gather(*[commit.done for commit in commits])
    await connection.stop()
    assert event_ids(read_all(kafka, topic)) == sorted(map(str, range(500)))
    assert (usage.acknowledged, usage.bytes_in_flight) == (500, 0)
    assert usage.batches < 100


async def test_without_a_connection_nothing_waits() -> None:
    connection, usage = KafkaConnection("127.0.0.1:1", LIMITS), Usage()
    lane = TopicLane("visits", connection, LIMITS, usage)
    records = [raw("visits", "one")]
    usage.bytes_in_flight += memory_size(records)
    commit = PendingCommit(1)
    lane.put(commit, records, [0])
    with pytest.raises(SinkUnavailable, match=r"127\.0\.0\.1:1"):
        await commit.done
    assert (usage.failed, usage.bytes_in_flight) == (1, 0)
