"""Names, topics and consumer groups of the stages. Light to import, because every command needs it."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from schemas.channels import CHANNELS
from streams.topics import Topics
from touchline.settings import Settings

STAGES: Final = ("intake", "engage", "store")
STAGE_CHOICES: Final = tuple(choice for size in range(1, len(STAGES) + 1) for choice in combinations(STAGES, size))
"""Every choice of stages that a worker can run."""


def topics_of(settings: Settings) -> Topics:
    """Return the topics that these settings describe."""
    return Topics(
        tuple(CHANNELS),
        settings.topic_prefix,
        settings.raw_partitions,
        settings.activity_partitions,
        settings.raw_retention_days,
        settings.timeline_partitions,
    )


def stage_topics(topics: Topics) -> dict[str, tuple[str, ...]]:
    """Return the topics that each stage reads."""
    return {
        "intake": tuple(topics.raw(channel) for channel in topics.channels),
        "engage": (topics.activity,),
        "store": (topics.timeline, topics.quarantine),
    }


def group_of(settings: Settings, stages: Sequence[str]) -> str:
    """Return the consumer group of a worker: one for workers that run all stages, one for each other choice."""
    return settings.group if set(stages) == set(STAGES) else f"{settings.group}-{'-'.join(stages)}"


def groups_running(settings: Settings, stage: str) -> list[str]:
    """Return the consumer groups of all workers that can run a stage."""
    return [group_of(settings, choice) for choice in STAGE_CHOICES if stage in choice]
