"""Stores: where the state of one partition is kept, and up to which offset of its changelog.

The `position` is what makes a store more than its keys: the store holds what the log says before that offset, so the
next owner reads only the tail. Reading a part of the log again changes nothing (`streams.state.versioned_log`), so a
position that is too low is harmless. A position that is too high loses records and must never occur.
"""

import time
from collections.abc import Mapping
from typing import Any, Protocol

from streams.state.versioned_log import Repair, VersionOf

TRUSTED_S = 12 * 3600.0
"""How long a store may go without reading before its position is distrusted: half of the time for which Kafka keeps
tombstones by default (`delete.retention.ms`). After that a deletion may have been removed from the log."""


class StateStore(Protocol):
    """One partition's state. No method waits."""

    @property
    def position(self) -> int:
        """Everything the log says before this offset is in the state."""

    @property
    def as_of_s(self) -> float:
        """When the end of the log was last reached, or reading began from the start: Unix time."""

    @property
    def view(self) -> Mapping[bytes, bytes]:
        """The state, read-only."""

    @property
    def size_bytes(self) -> int:
        """Bytes of keys and values."""

    @property
    def first_offset(self) -> int:
        """Where to begin to read: `position`, or a little earlier when the store compares the last record."""

    @property
    def attached(self) -> bool:
        """Whether the state is known to come from the log that is read."""

    def attach(self, log_id: str | None) -> None:
        """Name the log that is going to be read; None means unknown. A store of another log starts empty."""

    def absorb(self, records: Any, position: int) -> int:
        """Apply changelog records from `position` on. Return the position after them, or 0 to read all of the log."""

    def compare(self, records: Any, position: int) -> int:
        """Only find records that are outdated by a newer value in the state. Return the position after them."""

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None, position: int) -> None:
        """Apply changes that were appended to the log; `position` is the state's position from now on."""

    def mark(self, position: int) -> None:
        """Note that the state is what the log says up to `position` at this moment."""

    def repairs(self) -> list[Repair]:
        """Return what to append to the log again, see `streams.state.versioned_log`."""

    def repaired(self, position: int) -> None:
        """Note that the repairs were appended."""

    def wipe(self) -> None:
        """Start again with an empty state."""

    def close(self) -> None:
        """Close files."""


class StateStores(Protocol):
    """A factory of stores."""

    def open(self, changelog: str, partition: int, version_of: VersionOf | None) -> StateStore:
        """Return the store of a partition as it was left."""

    def found(self, changelog: str) -> set[int]:
        """Return the partitions that an earlier process left here. May be called from any thread."""


def continue_from(store: StateStore, end: int) -> int:
    """Return the offset to read on from, in a log that ends at `end`; -1 means that the log lacks the position.

    The store is wiped if the log is shorter than its position, or was not read for too long.
    """
    unread_s = time.time() - store.as_of_s
    if store.position > end or (store.position < end and not 0 <= unread_s <= TRUSTED_S):
        store.wipe()
    return store.first_offset
