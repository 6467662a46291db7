"""State in memory: it begins empty with each process, and is read from the changelog."""

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from streams.state.store import Store
from streams.state.versioned_log import Book, Repair, VersionOf, absorb_records, is_outdated, read_batches, read_records


class MemoryStore:
    """A dictionary."""

    attached = True  # it does not outlive the process, and a log that is made anew meanwhile is shorter

    def __init__(self, version_of: VersionOf | None) -> None:
        self.position = 0
        self.as_of_s = time.time()
        self._version_of = version_of
        self._book = Book()

    @property
    def view(self) -> Mapping[bytes, bytes]:
        """See `Store`."""
        return MappingProxyType(self._book.state)

    @property
    def size_bytes(self) -> int:
        """See `Store`."""
        return self._book.size_bytes

    @property
    def first_offset(self) -> int:
        """See `Store`."""
        return self.position

    def attach(self, log_id: str | None) -> None:
        """See `Store`."""

    def absorb(self, records: Any, position: int) -> int:
        """See `Store`."""
        for batch, after in read_batches(records, position):
            absorb_records(self._book, batch, self._version_of)
            self.position = position = after
        return position

    def compare(self, records: Any, position: int) -> int:
        """See `Store`."""
        found, position = read_records(records, position)
        book = self._book
        for record in found:
            outdated = self._version_of is not None and is_outdated(
                book, record.key, record.value, record.headers, self._version_of
            )
            (book.stale.add if outdated else book.stale.discard)(record.key)
        return position

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None, position: int) -> None:
        """See `Store`."""
        book = self._book
        for key, value in changes.items():
            if value is None:
                book.remove(key, version)
            else:
                book.put(key, value)
        book.stale -= changes.keys()
        self.mark(position)

    def mark(self, position: int) -> None:
        """See `Store`."""
        self.position = position
        self.as_of_s = time.time()
        self._book.let_go()

    def repairs(self) -> list[Repair]:
        """See `Store`."""
        return self._book.repairs()

    def repaired(self, position: int) -> None:
        """See `Store`."""
        self._book.stale.clear()
        self.position = position

    def wipe(self) -> None:
        """See `Store`."""
        self.position = 0
        self.as_of_s = time.time()
        self._book = Book()

    def close(self) -> None:
        """See `Store`."""


class MemoryStores:
    """State in memory, empty at first."""

    def open(self, changelog: str, partition: int, version_of: VersionOf | None) -> Store:
        """See `Stores`."""
        return MemoryStore(version_of)

    def found(self, changelog: str) -> set[int]:
        """See `Stores`."""
        return set()
