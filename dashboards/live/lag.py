"""How many records wait for each stage: ends of its topics against what its consumer groups have committed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError

COORDINATOR_LOADING: Final = (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)


class StageSource(NamedTuple):
    """The topics that a stage reads, and the consumer groups of all workers that may run it."""

    topics: tuple[str, ...]
    groups: tuple[str, ...]


async def partitions_by_topic(admin: AIOKafkaAdminClient) -> dict[str, list[TopicPartition]]:
    """Return the partitions of all topics. Asking for all creates none, unlike asking for one. Raises KafkaError."""
    described: list[Any] = await admin.describe_topics()
    return {
        topic["topic"]: [TopicPartition(topic["topic"], one["partition"]) for one in topic["partitions"]]
        for topic in described
    }


async def read_lag(
    admin: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, stages: Mapping[str, StageSource]
) -> dict[str, int]:
    """Return the records that wait, by stage; a stage whose topics do not exist is left out. Raises KafkaError.

    Return {} while Kafka loads its topic of offsets, which a new one creates when it is first asked.
    """
    partitions = await partitions_by_topic(admin)
    groups = {one for stage in stages.values() for one in stage.groups}
    try:
        committed = {group: await _committed(admin, group) for group in groups}
    except COORDINATOR_LOADING:
        return {}
    found: dict[str, int] = {}
    for stage, source in stages.items():
        own = [partition for topic in source.topics for partition in partitions.get(topic, ())]
        if own:
            ends = await consumer.end_offsets(own)
            begins = await consumer.beginning_offsets(own)
            done = [committed[group] for group in source.groups]
            found[stage] = sum(_waiting(one, ends[one], begins[one], done) for one in own)
    return found


async def _committed(admin: AIOKafkaAdminClient, group: str) -> Mapping[TopicPartition, int]:
    offsets = await admin.list_consumer_group_offsets(group)
    return {partition: one.offset for partition, one in offsets.items()}


def _waiting(partition: TopicPartition, end: int, begin: int, committed: Sequence[Mapping[TopicPartition, int]]) -> int:
    furthest = max((one.get(partition, 0) for one in committed), default=0)
    return int(max(0, end - max(begin, furthest)))
