"""Offset adoption: a worker in a new consumer group continues from the offsets of the groups that ran its stages.

One group runs all stages by default; a large site gives each stage a group of its own. Without adoption, changing
between the two would read every topic from its start: the result is exact all the same, since ids, versions and
positions prevent duplicates, but it takes long.
"""

from collections.abc import Iterable, Mapping, Sequence

from kafka import KafkaAdminClient
from kafka.structs import OffsetAndMetadata, TopicPartition

from touchline.settings import Settings
from touchline.worker.kafka_setup import request_admin
from touchline.worker.stages import STAGE_CHOICES, group_of, stage_topics, topics_of

Offsets = Mapping[TopicPartition, OffsetAndMetadata]


def other_groups(settings: Settings, stages: Sequence[str]) -> list[str]:
    """Return the groups that may have run some of these stages before."""
    groups = [group_of(settings, choice) for choice in STAGE_CHOICES if set(choice) & set(stages)]
    return [group for group in groups if group != group_of(settings, stages)]


def missing_offsets(mine: Offsets, others: Iterable[Offsets], topics: Iterable[str]) -> dict[TopicPartition, int]:
    """Return the offsets that the new group lacks and another has, the furthest of each partition."""
    wanted, found = set(topics), dict[TopicPartition, int]()
    for other in others:
        for partition, committed in other.items():
            is_missing = partition.topic in wanted and partition not in mine
            if is_missing and committed.offset > found.get(partition, -1):
                found[partition] = committed.offset
    return found


def adopt_offsets(settings: Settings, stages: Sequence[str]) -> int:
    """Commit the offsets that this worker's group lacks, and return for how many partitions.

    A group that has members lacks none.
    """
    read = stage_topics(topics_of(settings))
    topics = [topic for stage in stages for topic in read[stage]]
    group, others = group_of(settings, stages), other_groups(settings, stages)

    def adopt(admin: KafkaAdminClient) -> int:
        known = {name: admin.list_group_offsets({name: None})[name] for name in (group, *others)}
        found = missing_offsets(known[group], (known[name] for name in others), topics)
        if found:
            offsets = {partition: OffsetAndMetadata(offset, "", -1) for partition, offset in found.items()}
            admin.alter_group_offsets(group, offsets)
        return len(found)

    return request_admin(settings.kafka, adopt)


def has_committed(settings: Settings, stages: Sequence[str], topic: str) -> bool:
    """Return whether this worker's group has processed records of a topic before."""
    group = group_of(settings, stages)

    def look(admin: KafkaAdminClient) -> bool:
        known = admin.list_group_offsets({group: None})[group]
        return any(partition.topic == topic and committed.offset > 0 for partition, committed in known.items())

    return request_admin(settings.kafka, look)
