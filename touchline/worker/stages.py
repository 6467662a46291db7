"""What the stages are called, which topics and which consumer group they have. Light: every command needs it."""

from collections.abc import Sequence
from typing import Final

from schemas.channels import CHANNELS
from streams.topics import Topics
from touchline.settings import Settings

STAGES: Final = ("intake", "engage", "store")


def topics_of(settings: Settings) -> Topics:
    """The topics these settings mean."""
    return Topics(
        tuple(CHANNELS),
        settings.topic_prefix,
        settings.raw_partitions,
        settings.activity_partitions,
        settings.raw_retention_days,
        settings.timeline_partitions,
    )


def group_of(settings: Settings, stages: Sequence[str]) -> str:
    """The consumer group: one for workers that run everything, one of its own for each other choice of stages."""
    return settings.group if set(stages) == set(STAGES) else f"{settings.group}-{'-'.join(stages)}"
