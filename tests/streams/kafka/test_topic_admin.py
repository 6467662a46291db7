"""Topics are checked and created on a real Kafka; faults are reported with what to do."""

import re
import time
import uuid
from dataclasses import replace

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic

from streams.kafka.topic_admin import TopicError, check_topics, create_missing
from streams.topics import Topic, Topics

PATIENCE_S = 60.0


@pytest.fixture
def topics() -> Topics:
    return Topics(("visits", "calls"), f"made-{uuid.uuid4().hex[:8]}.", raw_partitions=2, activity_partitions=3)


def described(kafka: str, prefix: str, count: int) -> dict[str, int]:
    """Return the partitions of topics with a prefix, once there are `count`: metadata may lag behind a creation."""
    deadline_s = time.monotonic() + PATIENCE_S
    while len(found := described_now(kafka, prefix)) < count:
        assert time.monotonic() < deadline_s, f"only {sorted(found)} were made"
    return found


def described_now(kafka: str, prefix: str) -> dict[str, int]:
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        return {
            topic["name"]: len(topic["partitions"])
            for topic in admin.describe_topics()
            if topic["name"].startswith(prefix)
        }
    finally:
        admin.close()


@pytest.mark.parametrize(("here", "fits"), [({}, True), ({"a": 2}, True), ({"a": 2, "b": 9}, True), ({"a": 3}, False)])
def test_another_number_of_partitions_is_refused(here: dict[str, int], fits: bool) -> None:
    wanted = [Topic("a", 2)]
    if fits:
        check_topics(here, wanted)
        return
    with pytest.raises(TopicError, match=r"Topic a has 3 partitions, the settings say 2\..*TOUCHLINE_RAW_PARTITIONS"):
        check_topics(here, wanted)


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(TopicError) as raised:
        check_topics({"a": 3, "b": 1}, [Topic("a", 2), Topic("b", 2), Topic("c", 2)])
    assert [line.split()[:4] for line in str(raised.value).splitlines()] == [
        ["Topic", "a", "has", "3"],
        ["Topic", "b", "has", "1"],
    ]


TIMED = Topic("a", 1, {"message.timestamp.type": "LogAppendTime"})
STATE = Topic("a", 1, {"cleanup.policy": "compact"})
OPEN = Topic("a", 1, {"cleanup.policy": "compact"}, may_expire=True)
LARGE = Topic("a", 1, {"max.message.bytes": "1000"})


@pytest.mark.parametrize(
    ("topic", "here", "fits"),
    [
        (TIMED, {"message.timestamp.type": "LogAppendTime"}, True),
        (TIMED, {"message.timestamp.type": "CreateTime"}, False),
        (TIMED, {}, True),
        (STATE, {"cleanup.policy": "compact", "message.timestamp.type": "CreateTime"}, True),
        (STATE, {"cleanup.policy": "delete"}, False),
        (STATE, {"cleanup.policy": "compact,delete"}, False),
        (STATE, {"cleanup.policy": ""}, False),
        (OPEN, {"cleanup.policy": "delete, compact"}, True),
        (OPEN, {"cleanup.policy": "delete"}, False),
        (LARGE, {"max.message.bytes": "1000"}, True),
        (LARGE, {"max.message.bytes": "9999"}, True),
        (LARGE, {"max.message.bytes": "999"}, False),
    ],
)
def test_a_harmful_setting_is_refused(topic: Topic, here: dict[str, str], fits: bool) -> None:
    if fits:
        check_topics({"a": 1}, [topic], {"a": here})
        return
    with pytest.raises(TopicError, match=r"^Topic a has [a-z.]+=.*: kafka-configs\.sh .* --entity-name a --add-config"):
        check_topics({"a": 1}, [topic], {"a": here})


def test_missing_topics_are_created(kafka: str, topics: Topics) -> None:
    wanted = {topic.name: topic.partitions for topic in topics.all()}
    assert set(create_missing(kafka, topics, 1)) == set(wanted)
    assert described(kafka, topics.prefix, len(wanted)) == wanted
    assert create_missing(kafka, topics, 1) == []


def test_created_topics_have_their_configuration(kafka: str, topics: Topics) -> None:
    described(kafka, topics.prefix, len(create_missing(kafka, topics, 1)))
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics.all()])
    finally:
        admin.close()
    for topic in topics.all():
        kept = found["topic"][topic.name]
        assert {name: kept[name]["value"] for name in topic.config} == dict(topic.config)


def test_a_topic_that_differs_prevents_all_creation(kafka: str, topics: Topics) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic(topics.activity, 7, 1)])
    admin.close()
    described(kafka, topics.prefix, 1)
    with pytest.raises(TopicError, match=f"Topic {topics.activity} has 7 partitions, the settings say 3"):
        create_missing(kafka, topics, 1)
    assert described_now(kafka, topics.prefix) == {topics.activity: 7}


def test_missing_topics_are_created_beside_existing_ones(kafka: str, topics: Topics) -> None:
    described(kafka, topics.prefix, len(create_missing(kafka, topics, 1)))
    more = replace(topics, channels=("visits", "calls", "letters"))
    assert create_missing(kafka, more, 1) == [more.raw("letters")]


def test_more_replicas_than_brokers_is_one_sentence(kafka: str, topics: Topics) -> None:
    with pytest.raises(TopicError, match=r"Kafka refused to create topic"):
        create_missing(kafka, topics, 5)


WRONG = [
    ("activity", "message.timestamp.type", "CreateTime"),
    ("visits", "message.timestamp.type", "CreateTime"),
    ("seen", "cleanup.policy", "compact,delete"),
    ("states", "max.message.bytes", "1000012"),
    ("profiles", "cleanup.policy", "delete"),
]


def test_harmful_settings_are_refused_with_advice_that_corrects_them(kafka: str, topics: Topics) -> None:
    """The topics were created by hand: each fault is reported, and following the advice is enough."""
    names = {
        "activity": topics.activity,
        "visits": topics.raw("visits"),
        "seen": topics.seen,
        "states": topics.states,
        "profiles": topics.profiles,
    }
    described(kafka, topics.prefix, len(create_missing(kafka, topics, 1)))
    alter(kafka, [(names[one], name, value) for one, name, value in WRONG])
    faults = ""
    deadline_s = time.monotonic() + PATIENCE_S
    while faults.count("\n") != len(WRONG) - 1:  # a change takes effect a moment later
        assert time.monotonic() < deadline_s, faults
        try:
            create_missing(kafka, topics, 1)
        except TopicError as error:
            faults = str(error)
    advice = re.findall(
        r"^Topic (\S+) has (\S+)=(\S+): .* --entity-name \1 --add-config \2=(\S+)$", faults, re.MULTILINE
    )
    assert {found[:3] for found in advice} == {(names[one], name, value) for one, name, value in WRONG}
    alter(kafka, [(topic, name, right) for topic, name, _, right in advice])
    while True:
        try:
            assert create_missing(kafka, topics, 1) == []
            break
        except TopicError:
            assert time.monotonic() < deadline_s


def alter(kafka: str, changes: list[tuple[str, str, str]]) -> None:
    """Set (topic, setting, value)."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic, {name: value}) for topic, name, value in changes]
        )
    finally:
        admin.close()
