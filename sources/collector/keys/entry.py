"""A write key's entry, and what looks entries up."""

from typing import Protocol

import msgspec


class KeyEntry(msgspec.Struct, frozen=True):
    """What a write key allows. Touches that are sent with it belong to `tenant` and have the source `source`.

    `channels` and `origins`: empty means all. `rate_per_s`: touches a second, 0 means no limit. `created_at_ms`:
    milliseconds since 1970. `key_id` names the key where it must not be shown: in commands, logs and metrics.
    """

    key_id: str
    tenant: str
    source: str
    channels: tuple[str, ...]
    origins: tuple[str, ...]
    rate_per_s: int
    created_at_ms: int
    revoked: bool = False

    def permits_channel(self, channel: str) -> bool:
        """Return whether touches of a channel may be sent with the key."""
        return not self.channels or channel in self.channels


class KeyDirectory(Protocol):
    """The valid write keys."""

    def find(self, key: str) -> KeyEntry | None:
        """Return the entry of a write key; None if the key is unknown or revoked."""

    def ready(self) -> str | None:
        """Return why keys cannot be looked up yet, None if they can."""
