"""Every topic: its name, what its key is, how many partitions it has, and how long it keeps what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.time import DAY_MS

TIMELINE_PARTITIONS: Final = 4
LARGEST_BLOCK_BYTES: Final = 8 * 1024 * 1024
_FOREVER: Final = "-1"


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
