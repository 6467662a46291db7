"""Every topic: its name, what its key is, how many partitions it has, and how long it keeps what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

TIMELINE_PARTITIONS: Final = 4
LARGEST_BLOCK_BYTES: Final = 8 * 1024 * 1024
_DAY_MS: Final = 86_400_000
_FOREVER: Final = "-1"


class TopicError(Exception):
    """A topic is not as it has to be; the sentence says which, and what to do."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`config` is given to Kafka as it is, when the topic is made."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topics:
    """The names everything else uses."""

    channels: tuple[str, ...]
    prefix: str = ""
    raw_partitions: int = 4
    activity_partitions: int = 8
    raw_retention_days: int = 14
    timeline_partitions: int = TIMELINE_PARTITIONS

    def raw(self, channel: str) -> str:
        """A channel's public topic: JSON, any key."""
        return f"{self.prefix}{channel}"

    @property
    def activity(self) -> str:
        """Touches and the words about identity, keyed by identifier."""
        return f"{self.prefix}activity"

    @property
    def timeline(self) -> str:
        """Blocks of rows; what activity partition p brings is in partition p mod `timeline_partitions`."""
        return f"{self.prefix}timeline"

    @property
    def quarantine(self) -> str:
        """What could not be read, as it came, with the reason in its headers."""
        return f"{self.prefix}quarantine"

    @property
    def profiles(self) -> str:
        """Every profile as JSON, compacted, keyed by identifier: for other systems."""
        return f"{self.prefix}profiles"

    @property
    def states(self) -> str:
        """Changelog of the identifiers' states."""
        return f"{self.prefix}states-changelog"

    @property
    def seen(self) -> str:
        """Changelog of the remembered event ids."""
        return f"{self.prefix}seen-changelog"

    def all(self) -> list[Topic]:
        """As they are made. Times are the broker's, so that retention never goes by what a source said."""
        broker_time = {"message.timestamp.type": "LogAppendTime"}
        kept = {**broker_time, "retention.ms": str(self.raw_retention_days * _DAY_MS)}
        blocks = {**broker_time, "max.message.bytes": str(LARGEST_BLOCK_BYTES), "retention.ms": str(7 * _DAY_MS)}
        # A stale value may be appended late by a worker that was paused: the newer one before it stays readable
        # meanwhile.
        table = {
            "cleanup.policy": "compact",
            "max.message.bytes": str(LARGEST_BLOCK_BYTES),
            "min.compaction.lag.ms": "3600000",
        }
        return [
            *(Topic(self.raw(channel), self.raw_partitions, kept) for channel in self.channels),
            Topic(self.activity, self.activity_partitions, {**kept, "max.message.bytes": str(LARGEST_BLOCK_BYTES)}),
            Topic(self.timeline, self.timeline_partitions, blocks),
            Topic(self.quarantine, 1, {**blocks, "retention.ms": _FOREVER}),
            Topic(self.profiles, self.activity_partitions, {"cleanup.policy": "compact"}),
            Topic(self.states, self.activity_partitions, table),
            Topic(self.seen, self.activity_partitions, table),
        ]


def check(found: Mapping[str, int], wanted: Iterable[Topic]) -> None:
    """Raises TopicError where a topic that is there has another number of partitions: state is partitioned by it."""
    for topic in wanted:
        partitions = found.get(topic.name, topic.partitions)
        if partitions != topic.partitions:
            raise TopicError(
                f"Topic {topic.name} has {partitions} partitions, the settings say {topic.partitions}. Counts are "
                f"fixed at birth: set TOUCHLINE_RAW_PARTITIONS, TOUCHLINE_ACTIVITY_PARTITIONS and "
                f"TOUCHLINE_TIMELINE_PARTITIONS to what is there, or use another TOUCHLINE_TOPIC_PREFIX."
            )


def ensure(bootstrap: str, topics: Topics, replication: int) -> list[str]:
    """Make the topics that are missing; their names. Raises TopicError, or kafka-python's KafkaError if Kafka is away.
    """
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, client_id="touchline-topics")
    try:
        wanted = topics.all()
        here = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
        check(here, wanted)
        missing = [topic for topic in wanted if topic.name not in here]
        for topic in missing:
            try:
                admin.create_topics(
                    [NewTopic(topic.name, topic.partitions, replication, topic_configs=dict(topic.config))]
                )
            except TopicAlreadyExistsError:
                pass  # another worker was faster
            except KafkaError as error:
                raise TopicError(f"Kafka refused to make topic {topic.name}: {error}") from error
        return [topic.name for topic in missing]
    finally:
        admin.close()
