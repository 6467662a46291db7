"""Changelogs are read to their end, and the highest version of each key is its value."""

from uuid import uuid4

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from tests.chaos.compare_changelogs import Logged, newest, read_topic


def logged(key: str, value: str | None, version: int | None = None) -> Logged:
    return Logged(0, key.encode(), None if value is None else value.encode(), version)


def version_of(value: bytes) -> int:
    return int(value.partition(b":")[0])


@pytest.mark.parametrize(
    ("log", "holds"),
    [
        ([], {}),
        ([logged("a", "1:x"), logged("a", "2:y")], {"a": "2:y"}),
        ([logged("a", "2:y"), logged("a", "1:x")], {"a": "2:y"}),  # appended by a zombie
        ([logged("a", "1:x"), logged("a", "1:y")], {"a": "1:y"}),
        ([logged("a", "1:x"), logged("a", None, 2)], {}),
        ([logged("a", "3:x"), logged("a", None, 2)], {"a": "3:x"}),
        ([logged("a", None, 2), logged("a", "1:x")], {}),
        ([logged("a", None, 2), logged("a", "3:x")], {"a": "3:x"}),
        ([logged("a", "3:x"), logged("a", None)], {}),
        ([logged("a", None), logged("a", "1:x"), logged("b", "1:z")], {"a": "1:x", "b": "1:z"}),
    ],
)
def test_highest_version_is_the_value(log: list[Logged], holds: dict[str, str]) -> None:
    assert {key.decode(): value.decode() for (_, key), value in newest(log, version_of).items()} == holds


def test_a_topic_is_read_to_its_end(kafka: str) -> None:
    topic, empty = f"log-{uuid4().hex[:8]}", f"empty-{uuid4().hex[:8]}"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        admin.create_topics([NewTopic(topic, 2, 1), NewTopic(empty, 2, 1)])
    finally:
        admin.close()
    producer = KafkaProducer(bootstrap_servers=kafka, acks="all")
    try:
        for number in range(300):
            producer.send(topic, b"%d" % number, b"k%d" % number, partition=1)
        producer.send(topic, None, b"gone", [("v", b"7")], partition=0)
        producer.flush(30)
    finally:
        producer.close()
    found = list(read_topic(kafka, topic))
    assert [one for one in found if one.partition == 0] == [Logged(0, b"gone", None, 7)]
    assert [one.value for one in found if one.partition == 1] == [b"%d" % number for number in range(300)]
    assert list(read_topic(kafka, empty)) == []
    with pytest.raises(TimeoutError, match="has no topic"):
        next(read_topic(kafka, "nowhere"))
