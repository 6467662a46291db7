"""State that may be larger than memory: a RocksDB for each partition of a table, on this machine's disk.

A database holds what its changelog says before an offset, and that offset, written in one step: the two agree at
whatever moment the process or the machine ends. The next process reads only the rest of the changelog, provided that it
is the same log: Kafka's id of the topic is kept, and so is a digest of the last record that was absorbed, with which
reading begins. In doubt the database is emptied and the changelog read from its start: the changelog always has all of
the state.

Nothing is synced to the disk: after a power cut RocksDB opens at an earlier moment, and more of the changelog is read.
"""

import logging
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import msgspec

from streams.state.rocksdb_values import DATA, RocksValues
from streams.state.versioned_log import Repair, VersionedKeys, VersionOf, read_records

DELETED, STALE, META = b"d", b"s", b"m"  # prefixes of keys, besides DATA
MARK_EVERY_S = 600.0  # how often the time of an unchanged state is written

log = logging.getLogger(__name__)


class Meta(msgspec.Struct, array_like=True):
    """A database's description. `last_offset` and `digest` are of the last record; -1 means unknown."""

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
    """Return eight bytes that distinguish a record from others."""
    return blake2b(b"%d %s %s" % (len(key), key, b"-" if value is None else b"+" + value), digest_size=8).digest()


class RocksStore:
    """A store in a RocksDB; see `streams.state.store.StateStore`. Used by one thread."""

    def __init__(self, engine: Any, options: Any, folder: Path, version_of: VersionOf | None) -> None:
        """`engine` is the module rocksdict, `options` are its `Options` in raw mode."""
        self._engine, self._options, self._folder, self._version_of = engine, options, folder, version_of
        self._db: Any = None
        self._meta, self.attached = Meta(), False
        try:
            self._open()
        except Exception as error:  # rocksdict has no exception type of its own
            log.warning("State in %s cannot be read (%s); it is restored from its changelog.", folder, error)
            self.wipe()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._db = self._engine.Rdict(str(self._folder), self._options)
        meta = self._db.get(META)
        self._meta = Meta(as_of_s=time.time()) if meta is None else _read_meta(meta)
        self.attached = False
        self._verified = self._meta.last_offset < 0
        self._keys = VersionedKeys(self._version_of, size_bytes=self._meta.size_bytes)
        self._values = RocksValues(self._db, self._meta.count)
        self._keys.deleted = {key: int(version) for key, version in self._values.scan(DELETED)}
        self._keys.stale = {key for key, _ in self._values.scan(STALE)}

    @property
    def view(self) -> Mapping[bytes, bytes]:
        """See `StateStore`."""
        return self._values

    @property
    def position(self) -> int:
        """See `StateStore`."""
        return self._meta.position

    @property
    def as_of_s(self) -> float:
        """See `StateStore`."""
        return self._meta.as_of_s

    @property
    def size_bytes(self) -> int:
        """See `StateStore`."""
        return self._meta.size_bytes

    @property
    def first_offset(self) -> int:
        """See `StateStore`: the offset of the last record, in order to compare it."""
        return self.position if self._meta.last_offset < 0 else self._meta.last_offset

    def _change(self, keys: Collection[bytes], change: Callable[[VersionedKeys], None]) -> None:
        """Have `change` change what is known of `keys`, and write the differences and the description in one step."""
        known = self._keys
        before = self._values.load(keys)
        deleted, stale = {key: known.deleted.get(key) for key in keys}, known.stale.intersection(keys)
        known.values = dict(before)
        change(known)
        batch = self._engine.WriteBatch(raw_mode=True)
        for key in keys:
            value = known.values.get(key)
            if value is not before.get(key):
                _write(batch, DATA + key, value)
                self._values.forget(key)
            if (version := known.deleted.get(key)) != deleted[key]:
                _write(batch, DELETED + key, None if version is None else b"%d" % version)
            if (key in known.stale) != (key in stale):
                _write(batch, STALE + key, b"" if key in known.stale else None)
        self._values.count += len(known.values) - len(before)
        self._meta.count = self._values.count
        self._meta.size_bytes = known.size_bytes
        known.values = {}
        batch.put(META, _encode(self._meta))
        self._db.write(batch)

    def attach(self, log_id: str | None) -> None:
        """See `StateStore`."""
        if self.attached and log_id in (None, self._meta.log_id):
            return
        if self.position and (log_id is None or log_id != self._meta.log_id):
            log.warning("State in %s is of another changelog than the one in Kafka; it is restored.", self._folder)
            self.wipe()
        self._meta.log_id = log_id
        self.attached = True

    def absorb(self, records: Any, position: int) -> int:
        """See `StateStore`."""
        found, position = read_records(records, position)
        meta = self._meta
        if found and not self._verified:
            first = found[0]
            if first.offset == meta.last_offset and digest_of(first.key, first.value) != meta.digest:
                log.warning("State in %s does not match its changelog; it is restored.", self._folder)
                self.wipe()
                return 0
            self._verified = True
        if found:
            meta.last_offset, meta.digest = found[-1].offset, digest_of(found[-1].key, found[-1].value)
        meta.position = position
        self._change({record.key for record in found}, lambda keys: keys.absorb(found))
        return position

    def compare(self, records: Any, position: int) -> int:
        """See `StateStore`."""
        found, position = read_records(records, position)
        self._change({record.key for record in found}, lambda keys: keys.compare(found))
        return position

    def apply(self, changes: Mapping[bytes, bytes | None], version: int | None, position: int) -> None:
        """See `StateStore`."""
        meta = self._meta
        if position > meta.position:
            meta.last_offset, meta.digest = position - 1, digest_of(*list(changes.items())[-1])
        elif position < meta.position:
            meta.last_offset = -1
        meta.position, meta.as_of_s = position, time.time()
        self._verified = True
        self._change(changes.keys(), lambda keys: keys.apply(changes, version))
        for key, value in changes.items():
            self._values.keep(key, value)

    def mark(self, position: int) -> None:
        """See `StateStore`."""
        now_s, meta = time.time(), self._meta
        if position == meta.position and 0 <= now_s - meta.as_of_s < MARK_EVERY_S:
            return
        if position != meta.position:
            meta.last_offset = -1
        meta.position, meta.as_of_s = position, now_s
        surplus = self._keys.surplus()
        self._change(surplus, lambda keys: keys.forget(surplus))

    def repairs(self) -> list[Repair]:
        """See `StateStore`."""
        self._keys.values = self._values.load(self._keys.stale)
        repairs = self._keys.repairs()
        self._keys.values = {}
        return repairs

    def repaired(self, position: int) -> None:
        """See `StateStore`."""
        self._meta.position, self._meta.last_offset = position, -1
        self._change(set(self._keys.stale), lambda keys: keys.stale.clear())

    def wipe(self) -> None:
        """See `StateStore`."""
        log_id, attached = self._meta.log_id, self.attached
        self.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._open()
        self._meta.log_id, self.attached = log_id, attached

    def close(self) -> None:
        """See `StateStore`."""
        if self._db is not None:
            self._db.close()
            self._db = None


def _write(batch: Any, key: bytes, value: bytes | None) -> None:
    """Add a key to a batch of writes; None deletes it."""
    if value is None:
        batch.delete(key)
    else:
        batch.put(key, value)
