"""The Kafka sink on a real Kafka: what is acknowledged is stored, and an outage is reported at once and survived."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deploy.kafka_node import KafkaNode
from sources.collector import topic_lane
from sources.collector.group_commit import KafkaSink
from sources.collector.kafka_connection import KafkaLimits
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from tests.sources.collector.raw_topics import create_topic, event_ids, raw, read_all, unused_topic

PATIENT = KafkaLimits(ack_timeout_s=60)  # for a Kafka on a busy machine
HASTY = KafkaLimits(ack_timeout_s=2, reconnect_s=0.1)


@asynccontextmanager
async def running_sink(
    bootstrap: str, limits: KafkaLimits = PATIENT, prepare: Callable[[], object] | None = None
) -> AsyncIterator[KafkaSink]:
    sink = KafkaSink(bootstrap, limits, prepare)
    sink.start()
    try:
        await asyncio.wait_for(sink.wait_ready(), 60)
        yield sink
    finally:
        await sink.stop()


async def test_requests_share_batches_and_each_record_is_stored_once(kafka: str) -> None:
    topic = create_topic(kafka)
    async with running_sink(kafka) as sink:
        await asyncio.gather(*[sink.commit([raw(topic, f"{n}-{m}") for m in range(n % 4)]) for n in range(400)])
        usage = sink.usage
    stored = read_all(kafka, topic)
    wanted = sorted(f"{n}-{m}" for n in range(400) for m in range(n % 4))
    assert event_ids(stored) == wanted
    assert (usage.acknowledged, usage.failed, usage.bytes_in_flight) == (len(wanted), 0, 0)
    assert usage.batches < 40


async def test_partitions_take_turns(kafka: str) -> None:
    topic = create_topic(kafka, partitions=3)
    async with running_sink(kafka) as sink:
        for n in range(9):
            await sink.commit([raw(topic, str(n))])
    assert sorted(one.partition for one in read_all(kafka, topic)) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


async def test_each_record_has_the_time_of_its_own_request(kafka: str) -> None:
    topic, other = create_topic(kafka), create_topic(kafka)
    async with running_sink(kafka) as sink:
        await asyncio.gather(
            sink.commit([raw(topic, "a", received_at_ms=1), raw(other, "b", received_at_ms=1)]),
            sink.commit([raw(topic, "c", received_at_ms=2)]),
        )
    found = {event_ids([one])[0]: one.headers for one in read_all(kafka, topic) + read_all(kafka, other)}
    assert found == {
        "a": (("received_at", b"1"),),
        "b": (("received_at", b"1"),),
        "c": (("received_at", b"2"),),
    }


async def test_records_beyond_one_batch_are_all_stored(kafka: str) -> None:
    topic = create_topic(kafka, partitions=2)
    async with running_sink(kafka, KafkaLimits(ack_timeout_s=60, batch_bytes=4096)) as sink:
        await sink.commit([raw(topic, str(n), "x" * 1000) for n in range(100)])
    assert event_ids(read_all(kafka, topic)) == sorted(map(str, range(100)))


async def test_a_record_too_large_for_kafka_does_not_fail_its_neighbours(kafka: str) -> None:
    topic = create_topic(kafka, partitions=1, config={"max.message.bytes": "3000"})
    noise = random.Random(7).randbytes(4000).hex()  # zstd cannot make it fit
    async with running_sink(kafka) as sink:
        outcomes = await asyncio.gather(
            sink.commit([raw(topic, f"a{n}", noise[n * 200 : n * 200 + 200]) for n in range(20)]),
            sink.commit([raw(topic, "b0"), raw(topic, "huge", noise), raw(topic, "b2")]),
            sink.commit([raw(topic, "c0")]),
            return_exceptions=True,
        )
        await sink.commit([raw(topic, "later")])
    assert outcomes[0] is None
    assert isinstance(outcomes[1], RecordsTooLarge)
    assert outcomes[1].positions == (1,)
    assert outcomes[2] is None
    stored = read_all(kafka, topic)
    assert event_ids(stored) == sorted([*(f"a{n}" for n in range(20)), "b0", "b2", "c0", "later"])


async def test_a_missing_topic_fails_its_own_records_only(kafka: str) -> None:
    topic = create_topic(kafka)
    async with running_sink(kafka, KafkaLimits(ack_timeout_s=5)) as sink:
        missing = asyncio.create_task(sink.commit([raw("collector-nowhere", "lost")]))
        await sink.commit([raw(topic, "kept")])
        with pytest.raises(SinkUnavailable, match="collector-nowhere"):
            await missing
    assert event_ids(read_all(kafka, topic)) == ["kept"]


async def test_a_topic_that_was_deleted_is_created_again(kafka: str) -> None:
    deleted, prepared = unused_topic(), []

    def prepare() -> None:
        prepared.append(None)
        if len(prepared) > 1:  # the first time is at the connection
            create_topic(kafka, name=deleted)

    async with running_sink(kafka, prepare=prepare) as sink:
        await sink.commit([raw(deleted, "kept")])
    assert event_ids(read_all(kafka, deleted)) == ["kept"]


async def test_why_a_topic_takes_no_records_is_logged_once(kafka: str, caplog: pytest.LogCaptureFixture) -> None:
    topic = unused_topic()
    async with running_sink(kafka) as sink:
        for _ in range(2):
            with pytest.raises(SinkUnavailable, match="create it, or correct TOUCHLINE_TOPIC_PREFIX"):
                await sink.commit([raw(topic, "lost")])
    assert [record.getMessage() for record in caplog.records if record.name == topic_lane.__name__] == [
        f"Records for topic {topic} are refused with 503: Kafka has no topic {topic}: create it, or correct "
        "TOUCHLINE_TOPIC_PREFIX"
    ]


async def test_more_than_the_memory_is_refused(kafka: str) -> None:
    topic = create_topic(kafka)
    async with running_sink(kafka, KafkaLimits(ack_timeout_s=60, in_flight_bytes=2000)) as sink:
        first = asyncio.create_task(sink.commit([raw(topic, "first", "x" * 5000)]))  # alone, any size may pass
        await asyncio.sleep(0)
        with pytest.raises(SinkUnavailable, match="more slowly than they arrive") as raised:
            await sink.commit([raw(topic, "second")])
        assert raised.value.retry_after_s == 1
        await first
        await sink.commit([raw(topic, "third")])
    assert event_ids(read_all(kafka, topic)) == ["first", "third"]


async def test_a_cancelled_request_leaves_the_others_of_its_batch(kafka: str) -> None:
    topic = create_topic(kafka)
    async with running_sink(kafka) as sink:
        cancelled = asyncio.create_task(sink.commit([raw(topic, "gone")]))
        kept = asyncio.create_task(sink.commit([raw(topic, "kept")]))
        await asyncio.sleep(0)
        cancelled.cancel()
        await kept
        assert sink.usage.bytes_in_flight == 0
    assert "kept" in event_ids(read_all(kafka, topic))


async def test_without_kafka_records_are_refused_at_once() -> None:
    sink = KafkaSink("127.0.0.1:1", HASTY)
    sink.start()
    try:
        assert "127.0.0.1:1" in str(sink.ready())
        with pytest.raises(SinkUnavailable, match=r"127\.0\.0\.1:1.*check that it is running"):
            await sink.commit([RawRecord("visits", b"{}", 0)])
    finally:
        await sink.stop()


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_an_outage_is_told_and_survived(tmp_path: Path, jars: Path, how: str) -> None:
    with KafkaNode(tmp_path / "node", jars) as node:
        node.port = int(node.bootstrap.rpartition(":")[2])  # the restarted node keeps its port
        topic = create_topic(node.bootstrap)
        async with running_sink(node.bootstrap, HASTY) as sink:
            await commit_until_taken(sink, raw(topic, "before"))
            freeze_or_kill(node, how)
            with pytest.raises(SinkUnavailable):
                await sink.commit([raw(topic, "away")])
            for _ in range(1000):  # at once: none of them waits for a timeout
                with pytest.raises(SinkUnavailable):
                    await sink.commit([raw(topic, "away")])
            assert sink.usage.bytes_in_flight == 0
            assert sink.ready() is not None
            await asyncio.to_thread(thaw_or_start, node, how)
            await asyncio.wait_for(sink.wait_ready(), 60)
            await commit_until_taken(sink, raw(topic, "after"))
        found = event_ids(await asyncio.to_thread(read_all, node.bootstrap, topic))
    assert {"before", "after"} <= set(found) <= {"before", "after", "away"}


async def commit_until_taken(sink: KafkaSink, record: RawRecord) -> None:
    """Commit as a client does: again after a refusal."""
    while True:
        try:
            return await sink.commit([record])
        except SinkUnavailable:
            await asyncio.sleep(0.1)


def freeze_or_kill(node: KafkaNode, how: str) -> None:
    node.kill() if how == "killed" else os.kill(node.child.pid, signal.SIGSTOP)


def thaw_or_start(node: KafkaNode, how: str) -> None:
    node.start() if how == "killed" else os.kill(node.child.pid, signal.SIGCONT)
