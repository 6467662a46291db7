"""The drain on a real Kafka: order, damage, records that Kafka refuses, and kills."""

import asyncio
import random
import threading
from pathlib import Path

import pytest

from sources.collector.group_commit import KafkaSink
from sources.collector.kafka_connection import KafkaLimits
from sources.collector.sink import RawRecord
from sources.collector.spool.drain import CHUNK_BYTES, Drain, cut_chunks
from sources.collector.spool.frame import read_frames
from sources.collector.spool.segment import DAMAGED_SUFFIX, list_segments
from sources.collector.spool.spool import Spool, SpoolLimits
from tests.sources.collector.raw_topics import create_topic, event_ids, raw, read_all
from tests.sources.collector.spool.killing import append_until_killed, spooled, start

SMALL = SpoolLimits(segment_bytes=2000)


async def drain(folder: Path, kafka: str) -> Spool:
    """Drain the folder until it is empty; return the spool for its counts."""
    spool, sink = Spool(folder, SMALL), KafkaSink(kafka, KafkaLimits(ack_timeout_s=60))
    sink.start()
    task = asyncio.create_task(Drain(spool, sink).run())
    await spool.emptied.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await sink.stop()
    await spool.close()
    return spool


async def fill(folder: Path, records: list[RawRecord]) -> None:
    spool = Spool(folder, SMALL)
    for record in records:
        await spool.append([record])
    await spool.close()


async def test_records_are_sent_in_order_with_the_time_of_their_request(kafka: str, tmp_path: Path) -> None:
    topic = create_topic(kafka, partitions=1)
    await fill(tmp_path, [raw(topic, f"{n:03}", received_at_ms=n) for n in range(200)])
    spool = await drain(tmp_path, kafka)
    stored = read_all(kafka, topic)
    assert [event_ids([one])[0] for one in stored] == [f"{n:03}" for n in range(200)]
    assert [one.headers for one in stored] == [(("received_at", b"%d" % n),) for n in range(200)]
    assert (spool.usage.drained, spool.usage.damaged, list_segments(tmp_path)) == (200, 0, [])


async def test_damage_in_the_middle_is_set_aside_and_the_rest_sent(
    kafka: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    topic = create_topic(kafka)
    await fill(tmp_path, [raw(topic, str(n)) for n in range(30)])
    first = list_segments(tmp_path)[0]
    content = bytearray(first.read_bytes())
    at = content.index(b'"event_id": "2"')
    content[at] ^= 1
    first.write_bytes(content + b"\xf5TL\xff\x00")  # and the beginning of a frame, as a crash leaves it
    spool = await drain(tmp_path, kafka)
    assert event_ids(read_all(kafka, topic)) == sorted(str(n) for n in range(30) if n != 2)
    [kept] = damaged_files(tmp_path)
    assert b'event_id": "2"' in kept.read_bytes()
    assert spool.usage.damaged == 1
    assert str(kept) in caplog.text


async def test_a_record_that_kafka_refuses_is_set_aside_and_the_rest_sent(kafka: str, tmp_path: Path) -> None:
    topic = create_topic(kafka, partitions=1, config={"max.message.bytes": "3000"})
    huge = raw(topic, "huge", random.Random(7).randbytes(4000).hex())
    await fill(tmp_path, [raw(topic, "a"), huge, raw(topic, "b")])
    spool = await drain(tmp_path, kafka)
    assert event_ids(read_all(kafka, topic)) == ["a", "b"]
    [kept] = damaged_files(tmp_path)
    assert list(read_frames(kept.read_bytes())) == [huge]
    assert spool.usage.damaged == 1


@pytest.mark.parametrize("seed", range(2))
async def test_kills_during_a_drain_lose_nothing(kafka: str, tmp_path: Path, seed: int) -> None:
    """Records may be in Kafka twice afterwards, each with its event id, by which the pipeline counts it once."""
    chance, topic = random.Random(seed), create_topic(kafka)
    acknowledged = append_until_killed(tmp_path, topic, "a", 400, 0)
    durable = {event_ids_of(record) for record in spooled(tmp_path)}
    for _ in range(3):
        process = start("drain", str(tmp_path), kafka)
        threading.Timer(chance.random() / 3, process.kill).start()
        process.communicate()
    process = start("drain", str(tmp_path), kafka)
    process.communicate()
    assert process.returncode == 0
    assert set(acknowledged) <= durable
    assert set(event_ids(read_all(kafka, topic))) == durable
    assert list_segments(tmp_path) == []


def damaged_files(folder: Path) -> list[Path]:
    return list(folder.glob(f"*{DAMAGED_SUFFIX}"))


def event_ids_of(record: RawRecord) -> str:
    return record.value.decode().split('"')[3]


def test_chunks_keep_the_order_and_have_a_size() -> None:
    records = [raw("visits", str(n), "x" * 10_000) for n in range(100)]
    chunks = list(cut_chunks(records))
    assert [one for chunk in chunks for one in chunk] == records
    assert len(chunks) == 4
    assert all(sum(len(one.value) for one in chunk[:-1]) < CHUNK_BYTES for chunk in chunks)
    assert list(cut_chunks([])) == []
