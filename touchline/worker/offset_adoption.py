"""From one form to the other: a worker whose group is new goes on where its stages stood in their former groups.

One group runs all stages by default; a large site gives each stage a group of its own. Without this, changing the form
would read every topic from its start: exact all the same (ids, versions and positions see to that), but late and noisy.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations

from kafka import KafkaAdminClient
from kafka.structs import OffsetAndMetadata, TopicPartition

from touchline.ops.lag import stage_topics
from touchline.settings import Settings
from touchline.worker.kafka_setup import ask_admin
from touchline.worker.stages import STAGES, group_of, topics_of

Offsets = Mapping[TopicPartition, OffsetAndMetadata]


def other_groups(settings: Settings, stages: Sequence[str]) -> list[str]:
    """The groups that may have run some of these stages before."""
    forms = chain.from_iterable(combinations(STAGES, size) for size in range(1, len(STAGES) + 1))
    groups = [group_of(settings, form) for form in forms if set(form) & set(stages)]
    return [group for group in groups if group != group_of(settings, stages)]


def missing_offsets(mine: Offsets, others: Iterable[Offsets], topics: Iterable[str]) -> dict[TopicPartition, int]:
    """What the new group lacks and another has: the furthest of each partition."""
    wanted, found = set(topics), dict[TopicPartition, int]()
    for other in others:
        for place, at in other.items():
            if place.topic in wanted and place not in mine and at.offset > found.get(place, -1):
                found[place] = at.offset
    return found


def adopt_offsets(settings: Settings, stages: Sequence[str]) -> int:
    """Give this worker's group the offsets it lacks; how many partitions that were. Nothing if the group is at work."""
    read = stage_topics(topics_of(settings))
    topics = [topic for stage in stages for topic in read[stage]]
    group, others = group_of(settings, stages), other_groups(settings, stages)

    def adopt(admin: KafkaAdminClient) -> int:
        known = {name: admin.list_group_offsets({name: None})[name] for name in (group, *others)}
        found = missing_offsets(known[group], (known[name] for name in others), topics)
        if found:
            admin.alter_group_offsets(group, {place: OffsetAndMetadata(at, "", -1) for place, at in found.items()})
        return len(found)

    return ask_admin(settings.kafka, adopt)


def has_committed(settings: Settings, stages: Sequence[str], topic: str) -> bool:
    """Whether this worker's group has finished records of a topic before."""
    group = group_of(settings, stages)

    def look(admin: KafkaAdminClient) -> bool:
        known = admin.list_group_offsets({group: None})[group]
        return any(place.topic == topic and at.offset > 0 for place, at in known.items())

    return ask_admin(settings.kafka, look)
