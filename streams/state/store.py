"""Where the state of one partition is kept, and how far of its changelog is in it.

`position` is what makes a store worth more than its keys: it holds what the log says before that offset, so whoever
goes on from there reads the tail only. Reading a part of the log again changes nothing
(`streams.state.versioned_log`), so a position that is too low is harmless, and one that is too high must never be.
"""

import time
from collections.abc import Mapping
from typing import Any, Protocol

from streams.state.versioned_log import Repair, VersionOf

TRUSTED_S = 12 * 3600.0
"""For how long a store that nobody has looked at since can go on from its position: half of the time for which Kafka
keeps tombstones by default (`delete.retention.ms`). After that a deletion may be gone from the log."""


class Store(Protocol):
    """One partition's state. Everything here is done at once, without waiting."""

    @property
    def position(self) -> int:
        """Everything the log says before this offset is in the state."""

    @property
    def as_of_s(self) -> float:
        """When the end of the log was last reached, or reading it was begun from the start: Unix time."""

    @property
    def view(self) -> Mapping[bytes, bytes]:
        """The state, to be read only."""

    @property
    def size_bytes(self) -> int:
        """Bytes of keys and values."""

    @property
    def first_offset(self) -> int:
        """Where to begin to read: `position`, or a little before where the store wants to compare."""

    @property
    def attached(self) -> bool:
        """Whether it is known to be of the log that is read."""

    def attach(self, log_id: str | None) -> None:
        """Which log is going to be read; None: not known. A store of another log starts empty."""

    def absorb(self, records: Any, position: int) -> int:
        """Take in changelog records from `position` on; the position after them, 0 to read all of the log again."""

    def compare(self, records: Any, position: int) -> int:
        """Only look for records that something newer has followed in the state, though not in the log."""

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None, position: int) -> None:
        """Take in what the log has taken in; `position` is how far the state stands for the log now."""

    def mark(self, position: int) -> None:
        """The state was found to be what the log says up to `position`, now."""

    def repairs(self) -> list[Repair]:
        """What has to be appended to the log again, see `streams.state.versioned_log`."""

    def repaired(self, position: int) -> None:
        """That was appended."""

    def wipe(self) -> None:
        """Begin again with nothing."""

    def close(self) -> None:
        """Let go of files."""


class Stores(Protocol):
    """Where stores come from."""

    def open(self, changelog: str, partition: int, version_of: VersionOf | None) -> Store:
        """The store of a partition, as it was left."""

    def found(self, changelog: str) -> set[int]:
        """Partitions that were left here by an earlier process. May be called from any thread."""


def go_on(store: Store, end: int) -> int:
    """The offset to read on from, of a log that ends at `end` (-1: it has not got the position); wiped if need be."""
    unseen_s = time.time() - store.as_of_s
    if store.position > end or (store.position < end and not 0 <= unseen_s <= TRUSTED_S):
        store.wipe()
    return store.first_offset
