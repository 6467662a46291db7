"""Every topic: its name, what its key is, how many partitions it has, and how long it keeps what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.time import DAY_MS

TIMELINE_PARTITIONS: Final = 4
LARGEST_BLOCK_BYTES: Final = 8 * 1024 * 1024
_FOREVER: Final = "-1"


class TopicError(Exception):
    """Topics are not as they have to be; a line for each thing that is wrong: which topic, and what to do."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`config` is given to Kafka as it is, when the topic is made. `may_expire`: nothing of ours is read back from it,
    so whoever runs Kafka may let old records go as well."""

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)
    may_expire: bool = False


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

    @property
    def terms(self) -> str:
        """What every worker has to share, see `streams.identity.pinned_settings`: a proposal each."""
        return f"{self.prefix}terms"

    def all(self) -> list[Topic]:
        """As they are made. Times are the broker's, so that retention never goes by what a source said."""
        broker_time = {"message.timestamp.type": "LogAppendTime"}
        kept = {**broker_time, "retention.ms": str(self.raw_retention_days * DAY_MS)}
        # `timeline` is kept as long as the raw topics, so that `touchline rebuild` reaches as far back as they do.
        blocks = {**kept, "max.message.bytes": str(LARGEST_BLOCK_BYTES)}
        # A stale value may be appended late by a worker that was paused: the newer one before it stays readable
        # meanwhile.
        table = {
            "cleanup.policy": "compact",
            "max.message.bytes": str(LARGEST_BLOCK_BYTES),
            "min.compaction.lag.ms": "3600000",
        }
        return [
            *(Topic(self.raw(channel), self.raw_partitions, kept) for channel in self.channels),
            Topic(self.activity, self.activity_partitions, blocks),
            Topic(self.timeline, self.timeline_partitions, blocks),
            Topic(self.quarantine, 1, {**blocks, "retention.ms": _FOREVER}),
            Topic(self.profiles, self.activity_partitions, {"cleanup.policy": "compact"}, may_expire=True),
            Topic(self.terms, 1, {"retention.ms": _FOREVER, "retention.bytes": _FOREVER}),
            Topic(self.states, self.activity_partitions, table),
            Topic(self.seen, self.activity_partitions, table),
        ]


def check(
    found: Mapping[str, int], wanted: Iterable[Topic], settings: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Raises TopicError, with everything that is wrong, where a topic that is there cannot do its work.

    `found`: partitions by topic; state is partitioned by their number. `settings`: see `read_settings`; a setting that
    is not told of, as where Kafka does not let us look, is not judged.
    """
    faults: list[str] = []
    for topic in wanted:
        partitions = found.get(topic.name, topic.partitions)
        if partitions != topic.partitions:
            faults.append(
                f"Topic {topic.name} has {partitions} partitions, the settings say {topic.partitions}. Counts are "
                f"fixed at birth: set TOUCHLINE_RAW_PARTITIONS, TOUCHLINE_ACTIVITY_PARTITIONS and "
                f"TOUCHLINE_TIMELINE_PARTITIONS to what is there, or use another TOUCHLINE_TOPIC_PREFIX."
            )
        faults += _wrong_settings(topic, (settings or {}).get(topic.name, {}))
    if faults:
        raise TopicError("\n".join(faults))


_WHY: Final = {
    "message.timestamp.type": "a producer could set when its messages arrive, and ids would be forgotten too early",
    "cleanup.policy": "values that nothing has changed would be lost, or none ever let go",
    "max.message.bytes": "large records would be refused",
}
"""The settings that are judged, each with what another value would do."""


def _wrong_settings(topic: Topic, here: Mapping[str, str]) -> list[str]:
    """A sentence for each setting of an existing topic that would harm."""
    return [
        f"Topic {topic.name} has {name}={here[name]}: {why}. Set it right, then start again: kafka-configs.sh "
        f'--bootstrap-server "$TOUCHLINE_KAFKA" --alter --entity-type topics --entity-name {topic.name} '
        f"--add-config {name}={topic.config[name]}"
        for name, why in _WHY.items()
        if name in topic.config and name in here and not _fits(topic, name, here[name])
    ]


def _fits(topic: Topic, name: str, value: str) -> bool:
    if name == "max.message.bytes":
        return int(value) >= int(topic.config[name])
    if name == "cleanup.policy":
        policies = {policy.strip() for policy in value.split(",")}
        return "compact" in policies and (topic.may_expire or "delete" not in policies)
    return value == topic.config[name]


def read_settings(admin: KafkaAdminClient, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """What holds for each topic, by the topic's own word or the broker's; nothing of one that may not be looked at."""
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    if not asked:
        return {}
    told = admin.describe_configs(asked, config_filter="all")["topic"]
    return {topic: {name: str(one["value"]) for name, one in found.items()} for topic, found in told.items()}


def ensure(bootstrap: str, topics: Topics, replication: int) -> list[str]:
    """Make the topics that are missing; their names. Raises TopicError, or kafka-python's KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap, client_id="touchline-topics")
    try:
        wanted = topics.all()
        here = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
        check(here, wanted, read_settings(admin, [topic.name for topic in wanted if topic.name in here]))
        missing = [topic for topic in wanted if topic.name not in here]
        for topic in missing:
            _make(admin, topic, replication)
        return [topic.name for topic in missing]
    finally:
        admin.close()


def _make(admin: KafkaAdminClient, topic: Topic, replication: int) -> None:
    try:
        admin.create_topics([NewTopic(topic.name, topic.partitions, replication, topic_configs=dict(topic.config))])
    except TopicAlreadyExistsError:
        pass  # another worker was faster
    except KafkaError as error:
        raise TopicError(f"Kafka refused to make topic {topic.name}: {error}") from error
