"""Creation and check of the topics in `streams.topics`."""

from collections.abc import Iterable, Mapping
from typing import Final

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.plural import counted
from streams.topics import Topic, Topics


class TopicError(Exception):
    """Topics that cannot be used as they are: a line for each fault, with the topic and what to do."""


def check_topics(
    found: Mapping[str, int], wanted: Iterable[Topic], settings: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Raises TopicError with all faults of existing topics.

    `found` is the number of partitions by topic; state is partitioned by it. `settings` is what `read_topic_settings`
    returns. A setting that is missing there, because Kafka does not permit reading it, is not checked.
    """
    faults: list[str] = []
    for topic in wanted:
        partitions = found.get(topic.name, topic.partitions)
        if partitions != topic.partitions:
            faults.append(
                f"Topic {topic.name} has {counted(partitions, 'partition')}, the settings say {topic.partitions}. The "
                f"number of partitions cannot change: set TOUCHLINE_RAW_PARTITIONS, TOUCHLINE_ACTIVITY_PARTITIONS and "
                f"TOUCHLINE_TIMELINE_PARTITIONS to the numbers that exist, or use another TOUCHLINE_TOPIC_PREFIX."
            )
        faults += _wrong_settings(topic, (settings or {}).get(topic.name, {}))
    if faults:
        raise TopicError("\n".join(faults))


_WHY: Final = {
    "message.timestamp.type": "producers could set the arrival times, and ids would be forgotten too early",
    "cleanup.policy": "values that have not changed for long would be lost, or outdated ones never removed",
    "max.message.bytes": "Kafka would refuse large records",
}
"""The settings that are checked, each with the consequence of another value."""


def _wrong_settings(topic: Topic, found: Mapping[str, str]) -> list[str]:
    """Return a sentence for each harmful setting of an existing topic."""
    return [
        f"Topic {topic.name} has {name}={found[name]}: {why}. Correct it, then start again: kafka-configs.sh "
        f'--bootstrap-server "$TOUCHLINE_KAFKA" --alter --entity-type topics --entity-name {topic.name} '
        f"--add-config {name}={topic.config[name]}"
        for name, why in _WHY.items()
        if name in topic.config and name in found and not _fits(topic, name, found[name])
    ]


def _fits(topic: Topic, name: str, value: str) -> bool:
    if name == "max.message.bytes":
        return int(value) >= int(topic.config[name])
    if name == "cleanup.policy":
        policies = {policy.strip() for policy in value.split(",")}
        return "compact" in policies and (topic.may_expire or "delete" not in policies)
    return value == topic.config[name]


def read_topic_settings(admin: KafkaAdminClient, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the effective settings by topic, set on the topic or the broker; none where Kafka denies it."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    if not resources:
        return {}
    answer = admin.describe_configs(resources, config_filter="all")["topic"]
    return {topic: {name: str(one["value"]) for name, one in found.items()} for topic, found in answer.items()}


def create_missing(bootstrap: str, topics: Topics, replication: int) -> list[str]:
    """Create the topics that are missing and return their names. Raises TopicError, or kafka-python's KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, client_id="touchline-topics")
    try:
        wanted = topics.all()
        existing = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
        check_topics(existing, wanted, read_topic_settings(admin, [t.name for t in wanted if t.name in existing]))
        missing = [topic for topic in wanted if topic.name not in existing]
        for topic in missing:
            _create(admin, topic, replication)
        return [topic.name for topic in missing]
    finally:
        admin.close()


def _create(admin: KafkaAdminClient, topic: Topic, replication: int) -> None:
    try:
        admin.create_topics([NewTopic(topic.name, topic.partitions, replication, topic_configs=dict(topic.config))])
    except TopicAlreadyExistsError:
        pass  # another worker created it meanwhile
    except KafkaError as error:
        raise TopicError(f"Kafka refused to create topic {topic.name}: {error}") from error
