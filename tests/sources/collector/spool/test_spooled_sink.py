"""Kafka and spool together: no byte on disk while Kafka answers, and success without it."""

import asyncio
from pathlib import Path

import pytest

from deploy.kafka_node import KafkaNode
from sources.collector.group_commit import KafkaSink
from sources.collector.kafka_connection import KafkaLimits
from sources.collector.sink import SinkUnavailable
from sources.collector.spool.segment import list_segments
from sources.collector.spool.spool import Spool, SpoolLimits
from sources.collector.spool.spooled_sink import SpooledSink
from tests.sources.collector.raw_topics import create_topic, event_ids, raw, read_all

HASTY = KafkaLimits(ack_timeout_s=2, reconnect_s=0.1)


async def test_while_kafka_answers_nothing_is_written_to_disk(kafka: str, tmp_path: Path) -> None:
    topic = create_topic(kafka)
    sink = SpooledSink(KafkaSink(kafka, KafkaLimits(ack_timeout_s=60)), Spool(tmp_path))
    sink.start()
    await sink.kafka.wait_ready()
    assert sink.ready() is None
    await asyncio.gather(*[sink.commit([raw(topic, str(n))]) for n in range(50)])
    await sink.commit([])
    await sink.stop()
    assert event_ids(read_all(kafka, topic)) == sorted(map(str, range(50)))
    assert (sink.spool.usage.appended, list_segments(tmp_path)) == (0, [])


async def test_an_outage_is_not_seen_by_clients_and_all_arrives_later(tmp_path: Path, jars: Path) -> None:
    with KafkaNode(tmp_path / "node", jars) as node:
        node.port = int(node.bootstrap.rpartition(":")[2])  # the restarted node keeps its port
        topic = create_topic(node.bootstrap)
        sink = SpooledSink(KafkaSink(node.bootstrap, HASTY), Spool(tmp_path / "spool"))
        sink.start()
        await sink.commit([raw(topic, "before the first connection")])
        await asyncio.wait_for(sink.kafka.wait_ready(), 60)
        node.kill()
        await asyncio.gather(*[sink.commit([raw(topic, f"a{n}")]) for n in range(100)])
        assert sink.spool.usage.appended == 101
        assert sink.ready() is None
        assert sink.kafka.ready() is not None
        await asyncio.to_thread(node.start)
        await sink.spool.emptied.wait()
        await sink.stop()
        found = await asyncio.to_thread(read_all, node.bootstrap, topic)
    assert set(event_ids(found)) == {"before the first connection", *(f"a{n}" for n in range(100))}
    assert list_segments(tmp_path / "spool") == []


async def test_without_kafka_and_room_records_are_refused(tmp_path: Path) -> None:
    sink = SpooledSink(KafkaSink("127.0.0.1:1", HASTY), Spool(tmp_path, SpoolLimits(total_bytes=0)))
    sink.start()
    with pytest.raises(SinkUnavailable, match="has reached its limit"):
        await sink.commit([raw("visits", "one")])
    assert "127.0.0.1:1" in str(sink.ready())
    assert "has reached its limit" in str(sink.ready())
    await sink.stop()
