"""State in memory. It is empty when the process starts, and recovery reads it from the changelog."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from streams.state.store import StateStore
from streams.state.versioned_log import Repair, VersionedKeys, VersionOf, read_batches


class MemoryStore:
    """A store in a dictionary; see `streams.state.store.StateStore`."""

    attached = True  # it ends with the process, and a changelog that is created anew meanwhile is shorter

    def __init__(self, version_of: VersionOf | None) -> None:
        self._version_of = version_of
        self.wipe()

    def wipe(self) -> None:
        """See `StateStore`."""
        self.position = 0
        self.as_of_s = time.time()
        self._keys = VersionedKeys(self._version_of)

    @property
    def view(self) -> Mapping[bytes, bytes]:
        """See `StateStore`."""
        return MappingProxyType(self._keys.values)

    @property
    def size_bytes(self) -> int:
        """See `StateStore`."""
        return self._keys.size_bytes

    @property
    def first_offset(self) -> int:
        """See `StateStore`."""
        return self.position

    def attach(self, log_id: str | None) -> None:
        """See `StateStore`."""

    def absorb(self, records: Any, position: int) -> int:
        """See `StateStore`."""
        for batch, after in read_batches(records, position):
            self._keys.absorb(batch)
            self.position = position = after
        return position

    def compare(self, records: Any, position: int) -> int:
        """See `StateStore`."""
        for batch, after in read_batches(records, position):
            self._keys.compare(batch)
            position = after
        return position

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None, position: int) -> None:
        """See `StateStore`."""
        self._keys.apply(changes, version)
        self.mark(position)

    def mark(self, position: int) -> None:
        """See `StateStore`."""
        self.position = position
        self.as_of_s = time.time()
        self._keys.forget(self._keys.surplus())

    def repairs(self) -> list[Repair]:
        """See `StateStore`."""
        return self._keys.repairs()

    def repaired(self, position: int) -> None:
        """See `StateStore`."""
        self._keys.stale.clear()
        self.position = position

    def close(self) -> None:
        """See `StateStore`."""


class MemoryStores:
    """Stores in memory; see `streams.state.store.StateStores`."""

    def open(self, changelog: str, partition: int, version_of: VersionOf | None) -> StateStore:
        """See `StateStores`."""
        return MemoryStore(version_of)

    def found(self, changelog: str) -> set[int]:
        """See `StateStores`."""
        return set()
