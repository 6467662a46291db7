"""The emitter with a running Kafka, and with one that is stopped."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from deploy.kafka_node import KafkaNode
from sources.emitter import (
    EmitError,
    Emitter,
    EmitterLimits,
    KafkaUnavailableError,
    TopicNotFoundError,
    TouchTooLargeError,
)
from touchline.settings import Settings

PATIENT = EmitterLimits(block_s=120, connect_s=60, delivery_s=120)  # for a Kafka on a busy machine
MakeTopic = Callable[[str, int], str]


@pytest.fixture
def make_topic(kafka: str) -> MakeTopic:
    def make(bootstrap: str, partitions: int) -> str:
        name = f"emitter-{uuid4().hex}"
        admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        try:
            admin.create_topics([NewTopic(name, partitions, 1)])
        finally:
            admin.close()
        return name

    return make


@pytest.fixture
def topic(kafka: str, make_topic: MakeTopic) -> str:
    return make_topic(kafka, 4)


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port without a listener; a bound socket keeps other programs from using it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def stored(bootstrap: str, topic: str) -> list[tuple[int, bytes, dict[str, object]]]:
    """Return (partition, key, touch) of all records of the topic, each partition in order."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)
    try:
        partitions = [TopicPartition(topic, n) for n in sorted(consumer.partitions_for_topic(topic) or ())]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning()
        found: list[tuple[int, bytes, dict[str, object]]] = []
        while any(consumer.position(one) < ends[one] for one in partitions):
            for one, records in consumer.poll(timeout_ms=1000).items():
                found += [(one.partition, record.key, json.loads(record.value)) for record in records]
        return found
    finally:
        consumer.close()


def test_touches_are_stored_and_keep_the_order_of_their_key(kafka: str, topic: str) -> None:
    with Emitter(kafka, topic_of=lambda channel: topic) as emitter:
        for n in range(500):
            emitter.emit("calls", {"type": "missed", "occurred_at": n, "customer_id": str(n % 7), "event_id": f"e{n}"})
        emitter.flush()
        counts = emitter.counts()
    assert (counts.emitted, counts.failed, counts.pending) == ({"calls": 500}, {}, 0)
    found = stored(kafka, topic)
    assert sorted(str(touch["event_id"]) for _, _, touch in found) == sorted(f"e{n}" for n in range(500))
    for person in range(7):
        key = f"customer_id:{person}".encode()
        own = [(partition, touch["occurred_at"]) for partition, one, touch in found if one == key]
        assert own == [(own[0][0], n) for n in range(person, 500, 7)]


def test_an_event_id_is_kept_or_made_and_the_touch_not_changed(kafka: str, topic: str) -> None:
    touch = {"type": "page", "occurred_at": 1}
    with Emitter(kafka, topic_of=lambda channel: topic) as emitter:
        given = emitter.emit("visits", touch)
        assert emitter.emit("visits", {**touch, "event_id": "mine"}) == "mine"
        assert emitter.emit("visits", {**touch, "event_id": 0}) == "0"
        assert emitter.emit("visits", touch) != given
    assert touch == {"type": "page", "occurred_at": 1}
    assert given in {one["event_id"] for _, _, one in stored(kafka, topic)}


def test_leaving_the_block_flushes(kafka: str, topic: str) -> None:
    with Emitter(kafka, topic_of=lambda channel: topic, limits=EmitterLimits(linger_ms=1_000)) as emitter:
        emitter.emit("visits", {"type": "page"})
    assert len(stored(kafka, topic)) == 1


def test_a_small_buffer_blocks_and_loses_nothing(kafka: str, topic: str) -> None:
    limits = EmitterLimits(buffer_bytes=2_000)
    with Emitter(kafka, topic_of=lambda channel: topic, limits=limits) as emitter:
        for n in range(30):
            emitter.emit("visits", {"n": n})
            assert emitter.counts().pending <= 6
    assert sorted(int(str(touch["n"])) for _, _, touch in stored(kafka, topic)) == list(range(30))


def test_many_threads_share_one_emitter(kafka: str, topic: str) -> None:
    with Emitter(kafka, topic_of=lambda channel: topic) as emitter:

        def send(thread: int) -> None:
            for n in range(100):
                emitter.emit("visits", {"event_id": f"{thread}-{n}", "anonymous_id": str(thread)})

        threads = [threading.Thread(target=send, args=(thread,)) for thread in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    found = [str(touch["event_id"]) for _, _, touch in stored(kafka, topic)]
    assert sorted(found) == sorted(f"{thread}-{n}" for thread in range(4) for n in range(100))


def test_the_default_size_limit_is_that_of_intake() -> None:
    assert EmitterLimits().touch_bytes == Settings.model_fields["largest_kb"].default * 1024


def test_an_error_of_one_touch_does_not_affect_others(kafka: str, topic: str) -> None:
    with Emitter(kafka, topic_of=lambda channel: topic) as emitter:
        with pytest.raises(TouchTooLargeError, match="over the limit of 262144"):
            emitter.emit("visits", {"text": "x" * 300_000})
        with pytest.raises(ValueError, match="not a finite number"):
            emitter.emit("visits", {"engaged_ms": float("nan")})
        emitter.emit("visits", {"text": "x" * 200_000})
    assert len(stored(kafka, topic)) == 1


def test_a_missing_topic_raises_with_its_name(kafka: str) -> None:
    with Emitter(kafka, limits=replace(PATIENT, connect_s=5)) as emitter:
        with pytest.raises(TopicNotFoundError, match=r"has no topic 'nowhere-to-be-found'"):
            emitter.emit("nowhere-to-be-found", {"type": "page"})
        assert emitter.counts().pending == 0


def test_unreachable_kafka_raises_at_the_start(dead_port: int) -> None:
    with pytest.raises(KafkaUnavailableError) as raised:
        Emitter(f"127.0.0.1:{dead_port}", limits=EmitterLimits(connect_s=2))
    assert f"127.0.0.1:{dead_port}" in str(raised.value)
    assert "start it or correct the address" in str(raised.value)


def test_lost_touches_raise_once_with_their_number(tmp_path: Path, jars: Path, make_topic: MakeTopic) -> None:
    """Touches are not lost silently, and `flush` does not wait for ever."""
    with KafkaNode(tmp_path / "node", jars) as node:
        topic = make_topic(node.bootstrap, 1)
        limits = replace(PATIENT, delivery_s=10)
        emitter = Emitter(node.bootstrap, topic_of=lambda channel: topic, limits=limits)
        emitter.emit("visits", {"event_id": "before"})
        emitter.flush()
        node.kill()
        for n in range(5):
            emitter.emit("visits", {"event_id": f"e{n}"})
        with pytest.raises(KafkaUnavailableError, match="did not acknowledge 5 touches"):
            emitter.flush()
        counts = emitter.counts()
        assert (counts.emitted, counts.failed, counts.pending) == ({"visits": 1}, {"visits": 5}, 0)
        emitter.flush()  # the failures are reported once
        emitter.close()


def test_leaving_the_block_with_an_emit_error_does_not_flush(tmp_path: Path, jars: Path, make_topic: MakeTopic) -> None:
    with KafkaNode(tmp_path / "node", jars) as node:
        topic = make_topic(node.bootstrap, 1)
        emitter = Emitter(node.bootstrap, topic_of=lambda channel: topic, limits=PATIENT)
        emitter.emit("visits", {"event_id": "before"})
        emitter.flush()
        node.kill()
        emitter.emit("visits", {"event_id": "after"})
        with pytest.raises(KafkaUnavailableError, match="has not acknowledged 1 touch yet"), emitter:
            emitter.flush(timeout_s=0.2)
        assert emitter.counts().failed == {"visits": 1}


def test_a_full_buffer_without_kafka_raises(tmp_path: Path, jars: Path, make_topic: MakeTopic) -> None:
    with KafkaNode(tmp_path / "node", jars) as node:
        topic = make_topic(node.bootstrap, 1)
        limits = replace(PATIENT, buffer_bytes=5_000, block_s=1)
        emitter = Emitter(node.bootstrap, topic_of=lambda channel: topic, limits=limits)
        emitter.emit("visits", {"event_id": "before"})
        emitter.flush()
        node.kill()
        with pytest.raises(
            KafkaUnavailableError, match=r"the buffer stayed full for .* does not acknowledge \d+ touches"
        ):
            send_many(emitter, 100)
        taken = emitter.counts().pending
        assert 0 < taken < 20
        with pytest.raises(EmitError, match=f"has not acknowledged {taken} touches"):
            emitter.close(timeout_s=0.1)
        counts = emitter.counts()
        assert (counts.emitted, counts.failed, counts.pending) == ({"visits": 1}, {"visits": taken}, 0)


def send_many(emitter: Emitter, touches: int) -> None:
    for _ in range(touches):
        emitter.emit("visits", {"type": "page"})


def test_every_touch_is_stored_once_after_a_restart_of_kafka(tmp_path: Path, jars: Path, make_topic: MakeTopic) -> None:
    with KafkaNode(tmp_path / "node", jars) as node:
        node.port = int(node.bootstrap.rpartition(":")[2])  # the restarted node keeps its port
        topic = make_topic(node.bootstrap, 2)
        with Emitter(node.bootstrap, topic_of=lambda channel: topic, limits=PATIENT) as emitter:
            for n in range(600):
                if n == 200:
                    node.kill()
                if n == 400:
                    node.start()
                emitter.emit("visits", {"event_id": f"e{n}", "anonymous_id": str(n % 5)})
        found = [str(touch["event_id"]) for _, _, touch in stored(node.bootstrap, topic)]
    assert sorted(found) == sorted(f"e{n}" for n in range(600))
