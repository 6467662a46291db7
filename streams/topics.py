"""All topics: name, key, number of partitions and retention of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.time import DAY_MS

TIMELINE_PARTITIONS: Final = 4
LARGEST_BLOCK_BYTES: Final = 8 * 1024 * 1024
_FOREVER: Final = "-1"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic with the configuration that Kafka gets when it is created.

    `may_expire` means that Touchline never reads it back, so an operator may also let old records expire.
    """

    name: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)
    may_expire: bool = False


@dataclass(frozen=True, slots=True)
class Topics:
    """The names and numbers of partitions of one site's topics."""

    channels: tuple[str, ...]
    prefix: str = ""
    raw_partitions: int = 4
    activity_partitions: int = 8
    raw_retention_days: int = 14
    timeline_partitions: int = TIMELINE_PARTITIONS

    def raw(self, channel: str) -> str:
        """The public topic of a channel: JSON with any key."""
        return f"{self.prefix}{channel}"

    @property
    def activity(self) -> str:
        """Touches and identity messages, keyed by identifier."""
        return f"{self.prefix}activity"

    @property
    def timeline(self) -> str:
        """Blocks of rows; those from activity partition p are in partition p mod `timeline_partitions`."""
        return f"{self.prefix}timeline"

    @property
    def quarantine(self) -> str:
        """Records that could not be read, with their original bytes and the reason in headers."""
        return f"{self.prefix}quarantine"

    @property
    def profiles(self) -> str:
        """Every profile as JSON for other systems, compacted, keyed by identifier."""
        return f"{self.prefix}profiles"

    @property
    def states(self) -> str:
        """Changelog of the states of identifiers."""
        return f"{self.prefix}states-changelog"

    @property
    def seen(self) -> str:
        """Changelog of remembered event ids."""
        return f"{self.prefix}seen-changelog"

    @property
    def pinned_settings(self) -> str:
        """Proposals of the settings that all workers must share, see `streams.identity.pinned_settings`."""
        return f"{self.prefix}terms"

    @property
    def write_keys(self) -> str:
        """Entries of the collector's write keys by the SHA-256 of the key, see `sources.collector.keys`."""
        return f"{self.prefix}write-keys"

    @property
    def api_tokens(self) -> str:
        """Entries of the tokens of the query API by the SHA-256 of the token."""
        return f"{self.prefix}api-tokens"

    def all(self) -> list[Topic]:
        """Return all topics. Records have the broker's time, so that retention does not depend on a source's clock."""
        broker_time = {"message.timestamp.type": "LogAppendTime"}
        kept = {**broker_time, "retention.ms": str(self.raw_retention_days * DAY_MS)}
        # `timeline` is kept as long as the raw topics, so that `touchline rebuild` reaches as far back as they do.
        blocks = {**kept, "max.message.bytes": str(LARGEST_BLOCK_BYTES)}
        # A worker that was paused may append a stale value late; until it is repaired, compaction must keep the newer
        # value before it.
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
            Topic(self.pinned_settings, 1, {"retention.ms": _FOREVER, "retention.bytes": _FOREVER}),
            Topic(self.write_keys, 1, {"cleanup.policy": "compact"}),
            Topic(self.api_tokens, 1, {"cleanup.policy": "compact"}),
            Topic(self.states, self.activity_partitions, table),
            Topic(self.seen, self.activity_partitions, table),
        ]
