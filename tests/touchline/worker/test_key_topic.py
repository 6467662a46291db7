"""Entries of write keys are stored and read before and after a worker has created the topics."""

import uuid

import pytest
from kafka.errors import KafkaConnectionError

from deploy.ports import LOOPBACK, free_port
from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.key_format import hash_key
from tests.journeys.waiting import wait_for
from tests.sources.collector.keys.entries import entry
from touchline.settings import Settings, read_settings
from touchline.worker.kafka_setup import ensure_topics
from touchline.worker.key_topic import read_entries, store_entry
from touchline.worker.stages import topics_of

HASH = hash_key("tl_")


@pytest.fixture
def settings(kafka: str) -> Settings:
    return read_settings(kafka=kafka, topic_prefix=f"keys-{uuid.uuid4().hex[:8]}.")


def test_the_first_entry_creates_the_topics(settings: Settings) -> None:
    assert read_entries(settings, topics_of(settings).write_keys, WRITE_KEYS) == {}
    store_entry(settings, topics_of(settings).write_keys, WRITE_KEYS, HASH, entry())
    assert read_entries(settings, topics_of(settings).write_keys, WRITE_KEYS) == {HASH: entry()}
    wait_for(lambda: ensure_topics(settings) == [], "the broker to list the topics it has created")


def test_an_entry_replaces_the_one_before(settings: Settings) -> None:
    ensure_topics(settings)
    store_entry(settings, topics_of(settings).write_keys, WRITE_KEYS, HASH, entry())
    store_entry(settings, topics_of(settings).write_keys, WRITE_KEYS, HASH, entry(revoked=True))
    assert read_entries(settings, topics_of(settings).write_keys, WRITE_KEYS) == {HASH: entry(revoked=True)}


def test_a_kafka_that_accepts_no_connection_is_an_error() -> None:
    with pytest.raises(KafkaConnectionError):
        read_entries(read_settings(kafka=f"{LOOPBACK}:{free_port()}"), "write-keys", WRITE_KEYS)
