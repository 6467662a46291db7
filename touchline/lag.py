"""How far each stage is behind, asked of Kafka: what the topics hold against what the group has committed."""

from collections.abc import Mapping
from dataclasses import dataclass

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from streams.topics import Topics
from touchline.errors import Trouble


@dataclass(frozen=True, slots=True)
class StageLag:
    """Records waiting for a stage, and the records its topics have ever had (their end offsets)."""

    waiting: int
    ends: int


def stage_topics(topics: Topics) -> dict[str, tuple[str, ...]]:
    """Which topics each stage reads."""
    return {
        "intake": tuple(topics.raw(channel) for channel in topics.channels),
        "engage": (topics.activity,),
        "store": (topics.timeline, topics.quarantine),
    }


def read_lag(kafka: str, topics: Topics, groups: Mapping[str, str]) -> dict[str, StageLag]:
    """By stage; `groups` names the consumer group of each. Raises Trouble where Kafka does not answer or a topic is missing."""
    try:
        consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
        admin = KafkaAdminClient(bootstrap_servers=kafka)
    except KafkaError as error:
        raise Trouble(f"Kafka at {kafka} does not answer ({type(error).__name__}): is it running?", code=1) from error
    try:
        return {
            stage: _lag_of(consumer, admin, names, groups[stage]) for stage, names in stage_topics(topics).items()
        }
    except KafkaError as error:
        raise Trouble(f"Kafka at {kafka} did not say how far the stages are ({type(error).__name__}: {error}).", code=1) from error
    finally:
        admin.close()
        consumer.close()


def _lag_of(consumer: KafkaConsumer, admin: KafkaAdminClient, names: tuple[str, ...], group: str) -> StageLag:
    places = []
    for name in names:
        partitions = consumer.partitions_for_topic(name)
        if not partitions:
            raise Trouble(f"Topic {name} is not there: start a worker, which makes it.", code=1)
        places += [TopicPartition(name, partition) for partition in sorted(partitions)]
    ends, begins = consumer.end_offsets(places), consumer.beginning_offsets(places)
    committed = admin.list_group_offsets({group: places})[group] if hasattr(admin, "list_group_offsets") else {}
    waiting = 0
    for place in places:
        done = committed.get(place)
        waiting += ends[place] - max(begins[place], done.offset if done else 0)
    return StageLag(waiting, sum(ends.values()))
