"""Directories of several collectors follow one topic on a real Kafka, also through its outages."""

import uuid
from pathlib import Path

import pytest

from deploy.kafka_node import KafkaNode
from deploy.ports import LOOPBACK, free_port
from sources.collector.keys.directory import TopicDirectory
from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key, new_key
from sources.collector.keys.topic import write_entry
from tests.sources.collector.keys.entries import entry
from tests.streams.cluster import make_topics, wait_for

KEY = new_key()
HASH = hash_key(KEY)


@pytest.fixture
def topic(kafka: str) -> str:
    name = f"keys-{uuid.uuid4().hex[:8]}"
    make_topics(kafka, name, partitions=1, cleanup_policy="compact")
    return name


async def test_a_directory_has_the_keys_of_before_its_start(kafka: str, topic: str) -> None:
    await write_entry(kafka, topic, WRITE_KEYS, HASH, entry())
    async with TopicDirectory(kafka, topic, WRITE_KEYS) as directory:
        assert directory.ready() == "the write keys are being read"
        assert directory.find(KEY) is None
        await directory.wait_ready()
        assert directory.ready() is None
        assert directory.find(KEY) == entry()


async def test_two_directories_follow_what_is_created_and_revoked(kafka: str, topic: str) -> None:
    async with TopicDirectory(kafka, topic, WRITE_KEYS) as one, TopicDirectory(kafka, topic, WRITE_KEYS) as two:
        await one.wait_ready()
        await two.wait_ready()
        await write_entry(kafka, topic, WRITE_KEYS, HASH, entry())
        await wait_for(lambda: one.find(KEY) and two.find(KEY), "the new key in both")
        await write_entry(kafka, topic, WRITE_KEYS, HASH, entry(revoked=True))
        await wait_for(lambda: not one.find(KEY) and not two.find(KEY), "the revocation in both")


async def test_a_topic_that_is_created_later_is_read(kafka: str) -> None:
    name = f"keys-{uuid.uuid4().hex[:8]}"
    async with TopicDirectory(kafka, name, WRITE_KEYS) as directory:
        await wait_for(lambda: f"Kafka has no topic {name}" in (directory.ready() or ""), "the reason")
        make_topics(kafka, name, partitions=1, cleanup_policy="compact")
        await write_entry(kafka, name, WRITE_KEYS, HASH, entry())
        await wait_for(lambda: directory.find(KEY), "the key")
        assert directory.ready() is None


async def test_a_directory_starts_with_the_saved_keys_while_kafka_is_away(
    kafka: str, topic: str, tmp_path: Path
) -> None:
    saved = tmp_path / "write-keys"
    away = f"{LOOPBACK}:{free_port()}"
    async with TopicDirectory(away, topic, WRITE_KEYS, saved) as directory:
        await wait_for(lambda: "does not answer" in (directory.ready() or ""), "the reason")
    await write_entry(kafka, topic, WRITE_KEYS, HASH, entry())
    async with TopicDirectory(kafka, topic, WRITE_KEYS, saved) as directory:
        await directory.wait_ready()
        await write_entry(kafka, topic, WRITE_KEYS, HASH, entry(source="app"))
        await wait_for(lambda: (found := directory.find(KEY)) and found.source == "app", "the change")
    async with TopicDirectory(away, topic, WRITE_KEYS, saved) as directory:
        await directory.wait_ready()
        assert directory.find(KEY) == entry(source="app")
    async with TopicDirectory(kafka, topic, WRITE_KEYS, saved) as directory:
        assert directory.find(KEY) is None, "keys may have been revoked since they were saved"


async def test_a_disk_that_takes_no_file_is_no_reason_to_stop(kafka: str, topic: str, tmp_path: Path) -> None:
    await write_entry(kafka, topic, WRITE_KEYS, HASH, entry())
    async with TopicDirectory(kafka, topic, WRITE_KEYS, tmp_path / "missing" / "write-keys") as directory:
        await directory.wait_ready()
        await write_entry(kafka, topic, WRITE_KEYS, HASH, entry(revoked=True))
        await wait_for(lambda: not directory.find(KEY), "the revocation")


async def test_outages_of_kafka(jars: Path, tmp_path: Path) -> None:
    """Kafka is away at the start and once more later: keys are read when it answers, and hold while it does not."""
    port = free_port()
    address = f"{LOOPBACK}:{port}"
    async with TopicDirectory(address, "write-keys", WRITE_KEYS) as directory:
        await wait_for(lambda: f"Kafka at {address} does not answer" in (directory.ready() or ""), "the reason")
        node = KafkaNode(tmp_path / "kafka", jars, port)
        with node:
            make_topics(address, "write-keys", partitions=1, cleanup_policy="compact")
            await write_entry(address, "write-keys", WRITE_KEYS, HASH, entry())
            await wait_for(lambda: directory.find(KEY), "the key")
        assert directory.find(KEY) == entry()
        with node:
            await write_entry(address, "write-keys", WRITE_KEYS, HASH, entry(revoked=True))
            await wait_for(lambda: not directory.find(KEY), "the revocation")
            assert directory.ready() is None
