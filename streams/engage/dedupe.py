"""Deduplication of touches: exact, within a window, in bounded memory.

An id is stored under the channel and the UTC day of the source's own time, which every retry repeats, so one bucket is
searched. A whole bucket is forgotten once no touch has arrived for it during the window (35 days by default, at least
48 hours). A touch for a forgotten bucket may be a retry or merely late. It is `beyond_window`: a row of `events` that
counts nowhere, so that no touch counts twice.

Time is the partition's clock: the newest arrival up to a record. The verdict on a touch therefore depends only on the
records before it and not on how they were cut into batches, so a replay gives the same verdicts.

The offset up to which ids are stored (`watermark`) is written with them and after every profile they changed. A
replayed record at or below it has had all its effects, and is skipped before its id is searched (docs/decisions/001).
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from schemas.column import SEPARATOR
from schemas.time import DAY_MS

ID_BYTES: Final = 16
_number: Final = int.from_bytes  # big-endian
SHARD_IDS: Final = 64  # ids per shard on average: few enough to search, enough to keep the overhead small


class DedupeVerdict(Enum):
    """Whether a touch is new. The values are labels of a metric."""

    NEW = "new"
    DUPLICATE = "duplicate"
    BEYOND_WINDOW = "beyond_window"


_NEW, _DUPLICATE, _BEYOND_WINDOW = DedupeVerdict  # an enum's own attributes are slow to look up


def bucket_of(channel: str, source_at_ms: int) -> str:
    """Return the name of the bucket that stores the id of a touch."""
    return _bucket(channel, source_at_ms // DAY_MS)


@lru_cache(4096)
def _bucket(channel: str, day: int) -> str:
    return f"{channel}/{day}"


def digest_of(owner: str, event_id: str) -> bytes:
    """Return 16 bytes for an event id within its owner: the same id of two identifiers means two touches."""
    return blake2b(f"{owner}{SEPARATOR}{event_id}".encode(), digest_size=ID_BYTES).digest()


def ids_in(joined: bytes) -> Iterator[bytes]:
    """Yield the ids that are joined in a byte string."""
    return (joined[at : at + ID_BYTES] for at in range(0, len(joined), ID_BYTES))


class Bucket:
    """An exact set of the ids of one channel and day, about 17 bytes each.

    The ids are joined in shards, which `bytes.find` searches in C. Shards are added one at a time by linear hashing (W.
    Litwin, VLDB 1980), so that a bucket of ten ids is as dense as one of ten million and no insert rebuilds all shards.
    """

    __slots__ = ("_mask", "count", "latest_ms", "shards")

    def __init__(self) -> None:
        self.shards = [b""]
        self.count = 0
        self.latest_ms = 0  # the partition's clock at the last arrival
        self._mask = 0  # the smallest 2^n - 1 that reaches every shard

    def __contains__(self, digest: bytes) -> bool:
        slot = _number(digest[:4]) & self._mask
        shards = self.shards
        ids = shards[slot if slot < len(shards) else slot & (self._mask >> 1)]
        at = ids.find(digest)
        while at % ID_BYTES and at >= 0:  # a match across two ids: search on
            at = ids.find(digest, at + 1)
        return at >= 0

    def add(self, digests: Iterable[bytes]) -> None:
        """Add ids that are not in the bucket."""
        shards, mask, room = self.shards, self._mask, SHARD_IDS * len(self.shards) - self.count
        for digest in digests:
            slot = _number(digest[:4]) & mask
            shards[slot if slot < len(shards) else slot & (mask >> 1)] += digest
            self.count += 1
            room -= 1
            if room < 0:
                self._grow()
                mask, room = self._mask, room + SHARD_IDS

    def _shard_of(self, digest: bytes) -> int:
        slot = _number(digest[:4]) & self._mask
        return slot if slot < len(self.shards) else slot & (self._mask >> 1)

    def _grow(self) -> None:
        """Add a shard and move its share of the ids from the shard that held them."""
        new = len(self.shards)
        self._mask = (1 << new.bit_length()) - 1
        old = new & (self._mask >> 1)
        ids = list(ids_in(self.shards[old]))
        self.shards.append(b"")
        slots = [self._shard_of(digest) for digest in ids]
        for shard in (old, new):
            self.shards[shard] = b"".join(digest for digest, slot in zip(ids, slots, strict=True) if slot == shard)


class DedupeIndex:
    """The ids of one activity partition. A batch reads it, and adds to it once all its effects are durable."""

    def __init__(self) -> None:
        self.watermark = -1  # offset up to which every record has had its effects
        self.clock_ms = 0  # newest arrival
        self.count = 0  # ids
        self.buckets: dict[str, Bucket] = {}
        self.closed: set[str] = set()
        self._none_idle_until_ms = 0

    def idle_buckets(self, window_ms: int) -> list[str]:
        """Return the buckets that may be forgotten: without an arrival for the window."""
        if self.clock_ms <= self._none_idle_until_ms:  # arrival times only grow, so no bucket can be idle yet
            return []
        idle = [name for name, bucket in self.buckets.items() if bucket.latest_ms + window_ms < self.clock_ms]
        if not idle:
            oldest_ms = min((bucket.latest_ms for bucket in self.buckets.values()), default=self.clock_ms)
            self._none_idle_until_ms = oldest_ms + window_ms
        return idle

    def close(self, names: Iterable[str]) -> None:
        """Forget the ids of these buckets, and mark the buckets closed."""
        for name in names:
            bucket = self.buckets.pop(name, None)
            self.count -= bucket.count if bucket else 0
            self.closed.add(name)

    def add(self, name: str, digests: Iterable[bytes], latest_ms: int) -> None:
        """Add ids to one bucket. An id that is in it already does no harm, but is counted again."""
        bucket = self.buckets.setdefault(name, Bucket())
        bucket.latest_ms = max(bucket.latest_ms, latest_ms)
        before = bucket.count
        bucket.add(digests)
        self.count += bucket.count - before


class Dedupe:
    """One batch's view of an index: it includes the ids of the batch itself, and leaves the index unchanged."""

    def __init__(self, index: DedupeIndex, window_ms: int) -> None:
        self._index = index
        self._window_ms = window_ms
        self.clock_ms = index.clock_ms  # newest arrival, including the batch
        self._views: dict[str, _BucketView] = {}

    def arrivals(self) -> Iterator[tuple[str, int, dict[bytes, None]]]:
        """Yield (bucket, clock at its last arrival in the batch, its new ids in order of arrival)."""
        return ((name, view.latest_ms, view.new_ids) for name, view in self._views.items() if view.open)

    def judge(self, bucket: str, digest: bytes, received_at_ms: int) -> DedupeVerdict:
        """Return the verdict on a touch, and add its id to the batch if it is new."""
        before_ms = self.clock_ms
        if received_at_ms > before_ms:
            self.clock_ms = received_at_ms
        view = self._views.get(bucket) or self._view_of(bucket, before_ms)
        if view.closed or view.latest_ms + self._window_ms < before_ms:
            return _BEYOND_WINDOW
        # A retry keeps its bucket open, since the source may retry again.
        view.latest_ms = self.clock_ms
        view.open = True
        new_ids, known = view.new_ids, view.known
        if digest in new_ids or (known is not None and digest in known):
            return _DUPLICATE
        new_ids[digest] = None
        return _NEW

    def _view_of(self, bucket: str, clock_ms: int) -> "_BucketView":
        known = self._index.buckets.get(bucket)
        latest_ms = clock_ms if known is None else known.latest_ms
        view = self._views[bucket] = _BucketView(known, bucket in self._index.closed, latest_ms)
        return view


class _BucketView:
    """A bucket as one batch sees it. `open` means that a touch of the batch arrived for it."""

    __slots__ = ("closed", "known", "latest_ms", "new_ids", "open")

    def __init__(self, known: Bucket | None, closed: bool, latest_ms: int) -> None:
        self.known = known
        self.closed = closed
        self.latest_ms = latest_ms
        self.open = False
        self.new_ids: dict[bytes, None] = {}
