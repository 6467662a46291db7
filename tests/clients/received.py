"""Touches in the raw topics of a test, as SDKs sent them."""

import json
from collections.abc import Iterable
from typing import Any, Final

from kafka import KafkaConsumer
from kafka.structs import TopicPartition

from schemas.timestamps import parse_time
from tests.journeys.waiting import wait_for

CHANNELS: Final = ("visits", "orders", "groups", "consents")
VARYING: Final = frozenset({"event_id", "occurred_at", "library", "library_version", "source", "tenant"})
Received = tuple[str, dict[str, Any]]


def read_touches(kafka: str, prefix: str, count: int, source: str) -> list[Received]:
    """Wait for as many touches of a source in the raw topics; return each with its channel, in the topics' order."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, group_id=None)
    try:
        partitions = [
            TopicPartition(prefix + channel, number)
            for channel in CHANNELS
            for number in consumer.partitions_for_topic(prefix + channel) or ()
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        found: list[Received] = []

        def complete() -> bool:
            for records in consumer.poll(timeout_ms=200).values():
                touches = ((one.topic.removeprefix(prefix), json.loads(one.value)) for one in records)
                found.extend((channel, touch) for channel, touch in touches if touch["source"] == source)
            return len(found) >= count

        wait_for(complete, f"{count} touches", describe=lambda: f"; there are {found}")
        return found
    finally:
        consumer.close()


def check_touches(received: Iterable[Received], expected: Iterable[Received], earliest_ms: int, latest_ms: int) -> None:
    """Assert that the touches are the expected ones, apart from fields that vary; event ids are unique."""
    received = list(received)
    stable = [(channel, {k: v for k, v in touch.items() if k not in VARYING}) for channel, touch in received]
    assert sorted(stable, key=repr_of) == sorted(expected, key=repr_of)
    ids = [touch["event_id"] for _, touch in received]
    assert len(set(ids)) == len(ids)
    for _, touch in received:
        occurred_at_ms = parse_time(touch["occurred_at"])
        assert isinstance(occurred_at_ms, int)
        assert earliest_ms <= occurred_at_ms <= latest_ms
        assert touch["tenant"] == "main"
        assert touch["library"]


def repr_of(received: Received) -> str:
    """Return a text by which touches are ordered, whatever the order of their fields."""
    return json.dumps(received, sort_keys=True)
