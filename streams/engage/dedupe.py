"""Deduplication of touches: exact, within a window, in bounded memory.

An id is stored under the channel and the UTC day of the source's own time, which every retry repeats, so one bucket is
searched. A whole bucket is forgotten once no touch has arrived for it during the window (35 days by default, at least
48 hours). A touch for a forgotten bucket may be a retry or merely late. It is `beyond_window`: a row of `events` that
counts nowhere, so that no touch counts twice.

In a channel that counts by natural ids (`RawTouch.COUNTS_BY_NATURAL_ID`), copies may have different times, since each
sender sets its own. There all open buckets of the channel are searched, and an id is stored in the bucket of every day
that a copy of it names. A copy counts again only if it arrives after the window of all others and names another day.

Time is the partition's clock: the newest arrival up to a record. An arrival is never later than the broker's time
(schemas.arrival), so touches that waited in a spool let ids be forgotten later, never earlier. The verdict on a touch
therefore depends only on the records before it and not on how they were cut into batches, so a replay gives the same
verdicts.

The offset up to which ids are stored (`watermark`) is written with them and after every profile they changed. A
replayed record at or below it has had all its effects, and is skipped before its id is searched (docs/decisions/001).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from schemas.channels import CHANNELS
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
_ANY_DAY: Final = frozenset(name for name, model in CHANNELS.items() if model.COUNTS_BY_NATURAL_ID)


def bucket_of(channel: str, source_at_ms: int) -> str:
    """Return the name of the bucket that stores the id of a touch."""
    return _bucket(channel, source_at_ms // DAY_MS)


@lru_cache(4096)
def _bucket(channel: str, day: int) -> str:
    return f"{channel}/{day}"


def _channel_of(bucket: str) -> str:
    return bucket.rpartition("/")[0]


def counts_any_day(channel: str) -> bool:
    """Return whether copies of a touch of the channel may name different days."""
    return channel in _ANY_DAY


def day_of_id(channel: str, source_at_ms: int) -> int:
    """Return the UTC day within which an event id names one touch; 0 in a channel where it names one on all days."""
    return 0 if counts_any_day(channel) else source_at_ms // DAY_MS


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

    def __iter__(self) -> Iterator[bytes]:
        return (digest for shard in self.shards for digest in ids_in(shard))

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
        self.open_days: defaultdict[str, set[str]] = defaultdict(set)  # buckets by channel
        self._ids_of: dict[str, Bucket] = {}
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

    def ids_of(self, channel: str) -> Bucket:
        """Return all ids of a channel in one bucket, so that most new ids need one search instead of one per day."""
        ids = self._ids_of.get(channel)
        if ids is None:
            ids = self._ids_of[channel] = Bucket()
            for name in self.open_days[channel]:
                ids.add(self.buckets[name])
        return ids

    def close(self, names: Iterable[str]) -> None:
        """Forget the ids of these buckets, and mark the buckets closed."""
        for name in names:
            self._ids_of.pop(_channel_of(name), None)
            bucket = self.buckets.pop(name, None)
            self.open_days[_channel_of(name)].discard(name)
            self.count -= bucket.count if bucket else 0
            self.closed.add(name)

    def add(self, name: str, digests: Iterable[bytes], latest_ms: int) -> None:
        """Add ids to one bucket. An id that is in it already does no harm, but is counted again."""
        bucket = self.buckets.get(name)
        if bucket is None:
            bucket = self.buckets[name] = Bucket()
            self.open_days[_channel_of(name)].add(name)
        bucket.latest_ms = max(bucket.latest_ms, latest_ms)
        before = bucket.count
        all_ids = self._ids_of.get(_channel_of(name)) if self._ids_of else None
        if all_ids is not None:
            digests = list(digests)
            all_ids.add(digests)
        bucket.add(digests)
        self.count += bucket.count - before


class Dedupe:
    """One batch's view of an index: it includes the ids of the batch itself, and leaves the index unchanged."""

    def __init__(self, index: DedupeIndex, window_ms: int) -> None:
        self._index = index
        self._window_ms = window_ms
        self.clock_ms = index.clock_ms  # newest arrival, including the batch
        self._views: dict[str, _BucketView] = {}
        self._new_ids: dict[str, set[bytes]] = {}  # by channel whose copies may name any day

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

    def judge_any_day(self, bucket: str, digest: bytes, received_at_ms: int) -> DedupeVerdict:
        """Return the verdict on a touch whose copies may name other days; all open buckets of its channel are searched.

        The id is added to its own bucket too, and a bucket that has it stays open as after a retry: both make the
        verdict on a later copy right for as long as possible.
        """
        before_ms, channel = self.clock_ms, _channel_of(bucket)
        verdict = self.judge(bucket, digest, received_at_ms)
        new_ids = self._new_ids.setdefault(channel, set())
        found = False
        if digest in new_ids or digest in self._index.ids_of(channel):
            found = self._refresh(channel, bucket, digest, before_ms)
        if self._views[bucket].open:
            new_ids.add(digest)
        return _DUPLICATE if found else verdict

    def _refresh(self, channel: str, own: str, digest: bytes, before_ms: int) -> bool:
        """Keep the other open buckets that have an id open, and return whether there are any."""
        found = False
        mine = [name for name in self._views if _channel_of(name) == channel]
        for name in {*self._index.open_days[channel], *mine} - {own}:
            view = self._views.get(name) or self._view_of(name, before_ms)
            if digest in view and not view.closed and view.latest_ms + self._window_ms >= before_ms:
                view.latest_ms = self.clock_ms
                view.open = found = True
        return found

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

    def __contains__(self, digest: bytes) -> bool:
        return digest in self.new_ids or (self.known is not None and digest in self.known)
