"""Which record of a changelog holds, when a zombie may have appended old ones after new ones.

The highest version holds, not the last record. But compaction keeps the last one: a key whose last record is not the
one that holds is *stale* until what holds has been appended again (`Book.repairs`), and that must happen before the
log's `min.compaction.lag.ms` is over.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

VERSION_HEADER = "v"  # of a tombstone: the source offset that the deletion comes from
MOST_TOMBSTONES = 100_000  # versions of deleted keys that are kept for comparing; the oldest are let go first

VersionOf = Callable[[bytes], int]
Headers = list[tuple[str, bytes]]
Repair = tuple[bytes, bytes | None, Headers | None]


@dataclass(slots=True)
class Book:
    """What a changelog says of its keys, as far as it was read. `deleted`: versions of tombstones that said theirs."""

    state: dict[bytes, bytes] = field(default_factory=dict)
    deleted: dict[bytes, int] = field(default_factory=dict)
    stale: set[bytes] = field(default_factory=set)
    size_bytes: int = 0

    def put(self, key: bytes, value: bytes) -> None:
        """This value holds."""
        before = self.state.get(key)
        self.size_bytes += len(value) + (len(key) if before is None else -len(before))
        self.state[key] = value
        if before is None:
            self.deleted.pop(key, None)

    def remove(self, key: bytes, version: int | None) -> None:
        """The key is deleted, by what comes from the source offset `version`."""
        before = self.state.pop(key, None)
        if before is not None:
            self.size_bytes -= len(key) + len(before)
        if version is not None:
            self.deleted[key] = max(version, self.deleted.pop(key, -1))

    def let_go(self) -> None:
        """Keep no more tombstones than `MOST_TOMBSTONES`."""
        for key in list(islice(self.deleted, max(0, len(self.deleted) - MOST_TOMBSTONES))):
            if key not in self.stale:
                del self.deleted[key]

    def repairs(self) -> list[Repair]:
        """What has to be appended again for the log's last records to be those that hold: key, value, headers."""
        messages: list[Repair] = []
        for key in sorted(self.stale):
            if key in self.state:
                messages.append((key, self.state[key], None))
            elif key in self.deleted:
                messages.append((key, None, [(VERSION_HEADER, b"%d" % self.deleted[key])]))
        return messages


def read_batches(records: Any, position: int) -> Iterator[tuple[Iterable[Any], int]]:
    """The records of aiokafka's `MemoryRecords` from `position` on, by batch, and the position after each batch."""
    while records.has_next():
        batch = records.next_batch()
        wanted: Iterable[Any] = batch
        if batch.is_control_batch:
            wanted = ()
        elif batch.base_offset < position:
            wanted = [record for record in batch if record.offset >= position]
        position = max(position, batch.next_offset)
        yield wanted, position


def read_records(records: Any, position: int) -> tuple[list[Any], int]:
    """The same, all in one."""
    found: list[Any] = []
    for batch, after in read_batches(records, position):
        found += batch
        position = after
    return found, position


def absorb_records(book: Book, records: Iterable[Any], version_of: VersionOf | None) -> None:
    """Apply changelog records, in the log's order.

    With `version_of`, a value older than what the key has (or than the deletion of the key) changes nothing. So does a
    deletion that says it is older; one that does not say applies. Absorbing the same records again changes nothing.
    """
    state, deleted, stale = book.state, book.deleted, book.stale
    grown = 0
    for record in records:
        key, value = record.key, record.value
        if value is not None and key not in state and key not in deleted:
            state[key] = value
            grown += len(key) + len(value)
            continue
        if version_of is not None and is_outdated(book, key, value, record.headers, version_of):
            stale.add(key)
            continue
        stale.discard(key)
        if value is None:
            book.remove(key, _told(record.headers) if version_of is not None else None)
        else:
            book.put(key, value)
    book.size_bytes += grown


def is_outdated(book: Book, key: bytes, value: bytes | None, headers: Any, version_of: VersionOf) -> bool:
    """Whether something newer than this record holds for the key."""
    known = book.state.get(key)
    if value is None:
        told = _told(headers)
        return known is not None and told is not None and version_of(known) > told
    return version_of(value) < (book.deleted.get(key, -1) if known is None else version_of(known))


def _told(headers: Any) -> int | None:
    """The version that a tombstone says it has."""
    return next((int(value) for name, value in headers if name == VERSION_HEADER), None)
