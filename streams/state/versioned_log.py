"""The current value of each key of a changelog in which a zombie may have appended old records after new ones.

The record with the highest version counts, not the last one. But compaction keeps the last one: a key whose last record
is outdated is *stale* until the current record has been appended again (`VersionedKeys.repairs`), and that must happen
before the log's `min.compaction.lag.ms` is over.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

VERSION_HEADER = "v"  # of a tombstone: the source offset that the deletion comes from
MAX_TOMBSTONES = 100_000  # versions of deleted keys that are kept for comparison; the oldest are forgotten first

VersionOf = Callable[[bytes], int]
Headers = list[tuple[str, bytes]]
Repair = tuple[bytes, bytes | None, Headers | None]


@dataclass(slots=True)
class VersionedKeys:
    """The keys of a changelog as far as it was read: all bookkeeping of a store, whatever keeps its values.

    `version_of` reads the version of a value; None means that records have no versions and the last one counts.
    `values` needs to hold only the keys that the next call concerns, so a store on disk loads these and writes back
    what differs. `deleted` has the versions of tombstones that carry one.
    """

    version_of: VersionOf | None = None
    values: dict[bytes, bytes] = field(default_factory=dict)
    deleted: dict[bytes, int] = field(default_factory=dict)
    stale: set[bytes] = field(default_factory=set)
    size_bytes: int = 0  # of all keys and values

    def absorb(self, records: Iterable[Any]) -> None:
        """Apply changelog records in the log's order.

        With versions, an outdated record changes nothing; a deletion without a version always applies. Absorbing the
        same records again changes nothing.
        """
        values, deleted, stale = self.values, self.deleted, self.stale
        added_bytes = 0
        for record in records:
            key, value = record.key, record.value
            if value is not None and key not in values and key not in deleted:
                values[key] = value
                added_bytes += len(key) + len(value)
                continue
            if self.is_outdated(record):
                stale.add(key)
                continue
            stale.discard(key)
            if value is None:
                self._delete(key, None if self.version_of is None else _read_version(record.headers))
            else:
                self._put(key, value)
        self.size_bytes += added_bytes

    def compare(self, records: Iterable[Any]) -> None:
        """Only note which keys are stale: those whose last record is older than their value here."""
        for record in records:
            (self.stale.add if self.is_outdated(record) else self.stale.discard)(record.key)

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None) -> None:
        """Apply changes that were appended to the log; None deletes a key, at `version`."""
        for key, value in changes.items():
            if value is None:
                self._delete(key, version)
            else:
                self._put(key, value)
        self.stale -= changes.keys()

    def is_outdated(self, record: Any) -> bool:
        """Return whether the key's value or deletion here is newer than this record."""
        if self.version_of is None:
            return False
        known = self.values.get(record.key)
        if record.value is None:
            version = _read_version(record.headers)
            return known is not None and version is not None and self.version_of(known) > version
        known_version = self.deleted.get(record.key, -1) if known is None else self.version_of(known)
        return self.version_of(record.value) < known_version

    def surplus(self) -> list[bytes]:
        """Return the deleted keys beyond `MAX_TOMBSTONES`, oldest first."""
        oldest = islice(self.deleted, max(0, len(self.deleted) - MAX_TOMBSTONES))
        return [key for key in oldest if key not in self.stale]

    def forget(self, keys: Iterable[bytes]) -> None:
        """Forget the versions of these deleted keys."""
        for key in keys:
            del self.deleted[key]

    def repairs(self) -> list[Repair]:
        """Return what to append so that the last record of each key is the current one: key, value, headers."""
        messages: list[Repair] = []
        for key in sorted(self.stale):
            if key in self.values:
                messages.append((key, self.values[key], None))
            elif key in self.deleted:
                messages.append((key, None, [(VERSION_HEADER, b"%d" % self.deleted[key])]))
        return messages

    def _put(self, key: bytes, value: bytes) -> None:
        before = self.values.get(key)
        self.size_bytes += len(value) + (len(key) if before is None else -len(before))
        self.values[key] = value
        if before is None:
            self.deleted.pop(key, None)

    def _delete(self, key: bytes, version: int | None) -> None:
        before = self.values.pop(key, None)
        if before is not None:
            self.size_bytes -= len(key) + len(before)
        if version is not None:
            self.deleted[key] = max(version, self.deleted.pop(key, -1))


def _read_version(headers: Any) -> int | None:
    """Return the version in a tombstone's headers, None if it has none."""
    return next((int(value) for name, value in headers if name == VERSION_HEADER), None)


def read_batches(records: Any, position: int) -> Iterator[tuple[Iterable[Any], int]]:
    """Yield the records of aiokafka's `MemoryRecords` from `position` on, by batch, with the position after each."""
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
    """Return what `read_batches` yields as one list, with the position after it."""
    found: list[Any] = []
    for batch, after in read_batches(records, position):
        found += batch
        position = after
    return found, position
