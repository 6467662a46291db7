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
    """Partitions of the topics that begin so, once there are `count`: one is made before every answer tells of it."""
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


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(TopicError) as told:
        check_topics({"a": 3, "b": 1}, [Topic("a", 2), Topic("b", 2), Topic("c", 2)])
    assert [line.split()[:4] for line in str(told.value).splitlines()] == [
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
def test_a_setting_that_would_harm_is_refused(topic: Topic, here: dict[str, str], fits: bool) -> None:
    if fits:
        check_topics({"a": 1}, [topic], {"a": here})
        return
    with pytest.raises(TopicError, match=r"^Topic a has [a-z.]+=.*: kafka-configs\.sh .* --entity-name a --add-config"):
        check_topics({"a": 1}, [topic], {"a": here})


def test_what_is_missing_is_made_as_it_has_to_be(kafka: str, topics: Topics) -> None:
    wanted = {topic.name: topic.partitions for topic in topics.all()}
    assert set(create_missing(kafka, topics, 1)) == set(wanted)
    assert described(kafka, topics.prefix, len(wanted)) == wanted
    assert create_missing(kafka, topics, 1) == []


def test_kafka_keeps_what_the_list_says(kafka: str, topics: Topics) -> None:
    described(kafka, topics.prefix, len(create_missing(kafka, topics, 1)))
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics.all()])
    finally:
        admin.close()
    for topic in topics.all():
        kept = found["topic"][topic.name]
        assert {name: kept[name]["value"] for name in topic.config} == dict(topic.config)


def test_one_that_is_there_otherwise_stops_everything_before_anything_is_made(kafka: str, topics: Topics) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics([NewTopic(topics.activity, 7, 1)])
    admin.close()
    described(kafka, topics.prefix, 1)
    with pytest.raises(TopicError, match=f"Topic {topics.activity} has 7 partitions, the settings say 3"):
        create_missing(kafka, topics, 1)
    assert described_now(kafka, topics.prefix) == {topics.activity: 7}


def test_the_rest_is_made_beside_what_is_there(kafka: str, topics: Topics) -> None:
    described(kafka, topics.prefix, len(create_missing(kafka, topics, 1)))
    more = replace(topics, channels=("visits", "calls", "letters"))
    assert create_missing(kafka, more, 1) == [more.raw("letters")]


def test_more_copies_than_brokers_is_one_sentence(kafka: str, topics: Topics) -> None:
    with pytest.raises(TopicError, match=r"Kafka refused to create topic"):
        create_missing(kafka, topics, 5)


WRONG = [
    ("activity", "message.timestamp.type", "CreateTime"),
    ("visits", "message.timestamp.type", "CreateTime"),
    ("seen", "cleanup.policy", "compact,delete"),
    ("states", "max.message.bytes", "1000012"),
    ("profiles", "cleanup.policy", "delete"),
]


def test_settings_that_would_harm_stop_everything_and_the_advice_mends_them(kafka: str, topics: Topics) -> None:
    """As if somebody had made the topics by hand: each is told, and what the sentence says to set is enough."""
    names = {
        "activity": topics.activity,
        "visits": topics.raw("visits"),
        "seen": topics.seen,
        "states": topics.states,
        "profiles": topics.profiles,
    }
    described(kafka, topics.prefix, len(create_missing(kafka, topics, 1)))
    alter(kafka, [(names[one], name, value) for one, name, value in WRONG])
    told = ""
    deadline_s = time.monotonic() + PATIENCE_S
    while told.count("\n") != len(WRONG) - 1:  # a broker hears of a change a moment later
        assert time.monotonic() < deadline_s, told
        try:
            create_missing(kafka, topics, 1)
        except TopicError as error:
            told = str(error)
    advice = re.findall(r"^Topic (\S+) has (\S+)=(\S+): .* --entity-name \1 --add-config \2=(\S+)$", told, re.MULTILINE)
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
