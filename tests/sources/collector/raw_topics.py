"""Topics of a test, and the records they have."""

import json
from collections.abc import Mapping
from typing import NamedTuple
from uuid import uuid4

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic

from sources.collector.sink import RawRecord


class Stored(NamedTuple):
    """A record as a consumer reads it."""

    partition: int
    value: bytes
    headers: tuple[tuple[str, bytes], ...]


def unused_topic() -> str:
    """Return the name of a topic that does not exist."""
    return f"collector-{uuid4().hex}"


def create_topic(bootstrap: str, partitions: int = 4, config: Mapping[str, str] | None = None, name: str = "") -> str:
    """Create a topic and return its name, a new one if none is given."""
    name = name or unused_topic()
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.create_topics([NewTopic(name, partitions, 1, topic_configs=dict(config or {}))])
    finally:
        admin.close()
    return name


def read_all(bootstrap: str, topic: str) -> list[Stored]:
    """Return all records of the topic, each partition in order."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, group_id=None)
    try:
        partitions = [TopicPartition(topic, n) for n in sorted(consumer.partitions_for_topic(topic) or ())]
        consumer.assign(partitions)
        ends = consumer.end_offsets(partitions)
        consumer.seek_to_beginning()
        found: list[Stored] = []
        while any(consumer.position(one) < ends[one] for one in partitions):
            for one, records in consumer.poll(timeout_ms=1000).items():
                found += [Stored(one.partition, record.value, tuple(record.headers)) for record in records]
        return found
    finally:
        consumer.close()


def raw(topic: str, event_id: str, text: str = "", received_at_ms: int = 1_700_000_000_000) -> RawRecord:
    """Return a record with an event id."""
    return RawRecord(topic, json.dumps({"event_id": event_id, "text": text}).encode(), received_at_ms)


def event_ids(stored: list[Stored]) -> list[str]:
    """Return the event ids of records, sorted."""
    return sorted(json.loads(one.value)["event_id"] for one in stored)
