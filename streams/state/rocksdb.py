"""State that may be larger than memory: a RocksDB for each partition of a table, on this machine's disk.

A database holds what its changelog says before an offset, and that offset, written in one step: whatever moment the
process or the machine ends at, the two agree. The next process reads the rest of the changelog and nothing else,
provided that it is the same log: Kafka's own id of the topic is kept, and so is a digest of the last record that went
in, with which the reading begins. In doubt the database is emptied and the changelog read from its start, as it would
be without one: nothing is ever only here.

Nothing is forced to the disk: after a power cut RocksDB finds an earlier moment, and more of the changelog is read.
"""

import logging
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec

from streams.state.rocksdb_view import RocksView
from streams.state.versioned_log import (
    MOST_TOMBSTONES,
    Book,
    Repair,
    VersionOf,
    absorb_records,
    is_outdated,
    read_records,
)

DATA, DELETED, STALE, META = b"k", b"d", b"s", b"m"  # what keys begin with
RECENT_BYTES = 1 << 20  # of a partition's values that are at hand: about what a batch needs
MARK_EVERY_S = 600.0  # how often it is noted that nothing has changed

log = logging.getLogger(__name__)


class Meta(msgspec.Struct, array_like=True):
    """What a database knows of itself. `last_offset` and `digest` are of the last record; -1 where it is not known."""

    log_id: str | None = None
    position: int = 0
    as_of_s: float = 0.0
    count: int = 0
    size_bytes: int = 0
    last_offset: int = -1
    digest: bytes = b""


_encode: Final = msgspec.msgpack.Encoder().encode
_read_meta: Final = msgspec.msgpack.Decoder(Meta).decode


def digest_of(key: bytes, value: bytes | None) -> bytes:
    """Eight bytes that tell a record from others."""
    return blake2b(b"%d %s %s" % (len(key), key, b"-" if value is None else b"+" + value), digest_size=8).digest()


class RocksStore:
    """See `streams.state.store.Store`. Used by one thread."""

    def __init__(self, engine: Any, options: Any, folder: Path, version_of: VersionOf | None) -> None:
        """`engine` is the module rocksdict, `options` are its `Options` in raw mode."""
        self._engine, self._options, self._folder, self._version_of = engine, options, folder, version_of
        self._db: Any = None
        self._meta, self.attached = Meta(), False  # see `Store`
        self.view: Mapping[bytes, bytes] = RocksView(self)
        try:
            self._open()
        except Exception as error:  # rocksdict has no kind of its own for it
            log.warning("State in %s cannot be read (%s); it is made again from its changelog.", folder, error)
            self.wipe()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._db = self._engine.Rdict(str(self._folder), self._options)
        told = self._db.get(META)
        self._meta = Meta(as_of_s=time.time()) if told is None else _read_meta(told)
        self.attached = False
        self._proven = self._meta.last_offset < 0
        self._deleted = {key: int(version) for key, version in self.scan(DELETED)}
        self._stale = {key for key, _ in self.scan(STALE)}
        self._recent: dict[bytes, bytes | None] = {}
        self._recent_bytes = 0

    # -- reading

    @property
    def position(self) -> int:
        """See `Store`."""
        return self._meta.position

    @property
    def as_of_s(self) -> float:
        """See `Store`."""
        return self._meta.as_of_s

    @property
    def size_bytes(self) -> int:
        """See `Store`."""
        return self._meta.size_bytes

    @property
    def count(self) -> int:
        """Keys."""
        return self._meta.count

    @property
    def first_offset(self) -> int:
        """See `Store`: that of the last record, to see whether it is still the same."""
        return self.position if self._meta.last_offset < 0 else self._meta.last_offset

    def find(self, key: bytes) -> bytes | None:
        """The value of a key. It stays at hand for the write that often follows."""
        recent = self._recent
        if key in recent:
            return recent[key]
        value: bytes | None = self._db.get(DATA + key)
        self._keep(key, value)
        return value

    def _keep(self, key: bytes, value: bytes | None) -> None:
        if self._recent_bytes > RECENT_BYTES:
            self._recent.clear()
            self._recent_bytes = 0
        self._recent[key] = value
        self._recent_bytes += len(key) + len(value or b"") + 100

    def scan(self, prefix: bytes) -> Iterator[tuple[bytes, bytes]]:
        """All keys with a prefix, without it, and their values, by key."""
        for key, value in self._db.items(from_key=prefix):
            if not key.startswith(prefix):
                return
            yield key[len(prefix) :], value

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys with their values."""
        return self.scan(DATA)

    def _load(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """What some keys have."""
        wanted = list(keys)
        values = self._db.get([DATA + key for key in wanted]) if wanted else []
        return {key: value for key, value in zip(wanted, values, strict=True) if value is not None}

    # -- the log

    def attach(self, log_id: str | None) -> None:
        """See `Store`."""
        if self.attached and log_id in (None, self._meta.log_id):
            return
        if self.position and (log_id is None or log_id != self._meta.log_id):
            log.warning("State in %s is not of the changelog that Kafka has now; it is made again.", self._folder)
            self.wipe()
        self._meta.log_id = log_id
        self.attached = True

    def absorb(self, records: Any, position: int) -> int:
        """See `Store`."""
        found, position = read_records(records, position)
        if found and not self._proven:
            first = found[0]
            same = first.offset != self._meta.last_offset or digest_of(first.key, first.value) == self._meta.digest
            if not same:
                log.warning("State in %s is not what its changelog says; it is made again.", self._folder)
                self.wipe()
                return 0
            self._proven = True
        keys = {record.key for record in found}
        before = self._load(keys)
        book = Book(dict(before), self._deleted, self._stale, self.size_bytes)
        deleted = {key: book.deleted[key] for key in keys & book.deleted.keys()}
        stale = keys & book.stale
        absorb_records(book, found, self._version_of)
        batch = self._engine.WriteBatch(raw_mode=True)
        for key in keys:
            now = book.state.get(key)
            if now is not before.get(key):
                _put(batch, DATA + key, now)
                self._recent.pop(key, None)
            if (version := book.deleted.get(key)) != deleted.get(key):
                _put(batch, DELETED + key, None if version is None else b"%d" % version)
            if (key in book.stale) != (key in stale):
                _put(batch, STALE + key, b"" if key in book.stale else None)
        self._meta.count += len(book.state) - len(before)
        self._meta.size_bytes = book.size_bytes
        if found:
            self._meta.last_offset, self._meta.digest = found[-1].offset, digest_of(found[-1].key, found[-1].value)
        self._meta.position = position
        self._write(batch)
        return position

    def compare(self, records: Any, position: int) -> int:
        """See `Store`."""
        found, position = read_records(records, position)
        book = Book(self._load({record.key for record in found}), self._deleted)
        batch = self._engine.WriteBatch(raw_mode=True)
        for record in found:
            key = record.key
            outdated = self._version_of is not None and is_outdated(
                book, key, record.value, record.headers, self._version_of
            )
            if outdated != (key in self._stale):
                (self._stale.add if outdated else self._stale.discard)(key)
                _put(batch, STALE + key, b"" if outdated else None)
        self._write(batch)
        return position

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None, position: int) -> None:
        """See `Store`."""
        batch = self._engine.WriteBatch(raw_mode=True)
        meta = self._meta
        before = self._load(changes.keys() - self._recent.keys())
        for key, value in changes.items():
            known = self._recent[key] if key in self._recent else before.get(key)
            if known is not None:
                meta.count -= 1
                meta.size_bytes -= len(key) + len(known)
            if value is not None:
                meta.count += 1
                meta.size_bytes += len(key) + len(value)
                if self._deleted.pop(key, None) is not None:
                    _put(batch, DELETED + key, None)
            elif version is not None:
                self._deleted[key] = max(version, self._deleted.pop(key, -1))
                _put(batch, DELETED + key, b"%d" % self._deleted[key])
            _put(batch, DATA + key, value)
            if key in self._stale:
                self._stale.discard(key)
                _put(batch, STALE + key, None)
        if position > meta.position:
            meta.last_offset, meta.digest = position - 1, digest_of(key, value)
        elif position < meta.position:
            meta.last_offset = -1
        meta.position, meta.as_of_s = position, time.time()
        self._proven = True
        self._write(batch)
        for key, value in changes.items():
            self._keep(key, value)

    def _write(self, batch: Any) -> None:
        batch.put(META, _encode(self._meta))
        self._db.write(batch)

    def mark(self, position: int) -> None:
        """See `Store`."""
        now_s, meta = time.time(), self._meta
        if position == meta.position and 0 <= now_s - meta.as_of_s < MARK_EVERY_S:
            return
        if position != meta.position:
            meta.last_offset = -1
        meta.position, meta.as_of_s = position, now_s
        batch = self._engine.WriteBatch(raw_mode=True)
        for key in list(islice(self._deleted, max(0, len(self._deleted) - MOST_TOMBSTONES))):
            if key not in self._stale:
                del self._deleted[key]
                _put(batch, DELETED + key, None)
        self._write(batch)

    # -- repairs

    def repairs(self) -> list[Repair]:
        """See `Store`."""
        return Book(self._load(self._stale), self._deleted, self._stale).repairs()

    def repaired(self, position: int) -> None:
        """See `Store`."""
        batch = self._engine.WriteBatch(raw_mode=True)
        for key in self._stale:
            _put(batch, STALE + key, None)
        self._stale.clear()
        self._meta.position, self._meta.last_offset = position, -1
        self._write(batch)

    def wipe(self) -> None:
        """See `Store`."""
        log_id, attached = self._meta.log_id, self.attached
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()
        self._meta.log_id, self.attached = log_id, attached

    def close(self) -> None:
        """See `Store`."""
        if self._db is not None:
            self._db.close()
            self._db = None


def _put(batch: Any, key: bytes, value: bytes | None) -> None:
    """Have a key written, or deleted."""
    if value is None:
        batch.delete(key)
    else:
        batch.put(key, value)
