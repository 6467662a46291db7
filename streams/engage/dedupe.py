"""Has this very touch been counted before? Exact, within a window, in bounded memory.

An id is remembered under the channel and the UTC day of the source's own time, which every retry repeats: one bucket
to look into. A bucket is forgotten, whole, once nothing has arrived in it for the window (35 days; 48 h at least). A
touch for a forgotten bucket may be a retry or merely late, and nobody can tell: it is `beyond_window`, kept in `events`
and counted nowhere, so that no touch counts twice.

Time here is the partition's clock, the newest arrival up to a record. So what becomes of a touch depends on the records
before it alone, not on how they came in batches: a replay comes to the same.

The offset up to which ids are remembered (`watermark`) is written with them and after every profile they changed. So a
replayed record at or below it has had all its effects, and is passed over before anyone looks for its id
(docs/decisions/001).
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
SHARD_IDS: Final = 64  # ids per shard on average: few enough to be searched, enough to make the overhead small


class Seen(Enum):
    """What dedupe says of a touch."""

    NEW = "new"
    DUPLICATE = "duplicate"
    BEYOND_WINDOW = "beyond_window"


_NEW, _DUPLICATE, _BEYOND_WINDOW = Seen  # an enum's own attributes are slow to look up


def bucket_of(channel: str, source_at_ms: int) -> str:
    """Where a touch's id is remembered."""
    return _bucket(channel, source_at_ms // DAY_MS)


@lru_cache(4096)
def _bucket(channel: str, day: int) -> str:
    return f"{channel}/{day}"


def digest_of(owner: str, event_id: str) -> bytes:
    """16 bytes for an id in its owner: two persons' touches with the same id are two touches."""
    return blake2b(f"{owner}{SEPARATOR}{event_id}".encode(), digest_size=ID_BYTES).digest()


def ids_in(joined: bytes) -> Iterator[bytes]:
    """The ids of a joined string of them."""
    return (joined[at : at + ID_BYTES] for at in range(0, len(joined), ID_BYTES))


class Bucket:
    """The ids of one channel and day, exact, about 17 bytes each.

    Shards of joined ids, searched by the C of `bytes.find`. They grow one at a time by linear hashing (W. Litwin, VLDB
    1980), so that a bucket of ten ids is as dense as one of ten million and no insert has to wait for a rebuild.
    """

    __slots__ = ("_mask", "count", "latest_ms", "shards")

    def __init__(self) -> None:
        self.shards = [b""]
        self.count = 0
        self.latest_ms = 0  # the partition's clock when something last arrived
        self._mask = 0  # the smallest 2^n - 1 that reaches every shard

    def __contains__(self, digest: bytes) -> bool:
        place = _number(digest[:4]) & self._mask
        shards = self.shards
        ids = shards[place if place < len(shards) else place & (self._mask >> 1)]
        at = ids.find(digest)
        while at % ID_BYTES and at >= 0:  # found across two neighbours: look on
            at = ids.find(digest, at + 1)
        return at >= 0

    def add(self, digests: Iterable[bytes]) -> None:
        """Remember these, none of which is in here."""
        shards, mask, room = self.shards, self._mask, SHARD_IDS * len(self.shards) - self.count
        for digest in digests:
            place = _number(digest[:4]) & mask
            shards[place if place < len(shards) else place & (mask >> 1)] += digest
            self.count += 1
            room -= 1
            if room < 0:
                self._grow()
                mask, room = self._mask, room + SHARD_IDS

    def _shard_of(self, digest: bytes) -> int:
        place = _number(digest[:4]) & self._mask
        return place if place < len(self.shards) else place & (self._mask >> 1)

    def _grow(self) -> None:
        """One more shard, which takes its share of the ids of the one that stood for it."""
        new = len(self.shards)
        self._mask = (1 << new.bit_length()) - 1
        old = new & (self._mask >> 1)
        ids = list(ids_in(self.shards[old]))
        self.shards.append(b"")
        places = [self._shard_of(digest) for digest in ids]
        for shard in (old, new):
            self.shards[shard] = b"".join(digest for digest, place in zip(ids, places, strict=True) if place == shard)


class Memory:
    """What one activity partition remembers. A batch reads it, and adds to it once all it did is durable."""

    def __init__(self) -> None:
        self.watermark = -1  # offset up to which everything has been counted
        self.clock_ms = 0  # newest arrival
        self.count = 0  # ids remembered
        self.buckets: dict[str, Bucket] = {}
        self.closed: set[str] = set()
        self._none_idle_until_ms = 0

    def idle(self, window_ms: int) -> list[str]:
        """Buckets that may be forgotten: nothing arrived in them for the window."""
        if self.clock_ms <= self._none_idle_until_ms:  # arrivals only grow: no need to look at every bucket
            return []
        idle = [name for name, bucket in self.buckets.items() if bucket.latest_ms + window_ms < self.clock_ms]
        if not idle:
            oldest_ms = min((bucket.latest_ms for bucket in self.buckets.values()), default=self.clock_ms)
            self._none_idle_until_ms = oldest_ms + window_ms
        return idle

    def close(self, names: Iterable[str]) -> None:
        """Forget these buckets, and remember that they are forgotten."""
        for name in names:
            bucket = self.buckets.pop(name, None)
            self.count -= bucket.count if bucket else 0
            self.closed.add(name)

    def add(self, name: str, digests: Iterable[bytes], latest_ms: int) -> None:
        """Remember ids of one bucket. One that is in it already does no harm, but is counted again."""
        bucket = self.buckets.setdefault(name, Bucket())
        bucket.latest_ms = max(bucket.latest_ms, latest_ms)
        before = bucket.count
        bucket.add(digests)
        self.count += bucket.count - before


class Dedupe:
    """One batch's view of a memory: what the batch itself brought is seen, too, and nothing is changed."""

    def __init__(self, memory: Memory, window_ms: int) -> None:
        self._memory = memory
        self._window_ms = window_ms
        self.clock_ms = memory.clock_ms  # newest arrival, the batch included
        self._views: dict[str, _View] = {}

    def arrived(self) -> Iterator[tuple[str, int, dict[bytes, None]]]:
        """(bucket, the clock when the batch last brought something for it, its new ids in order of arrival)."""
        return ((name, view.latest_ms, view.fresh) for name, view in self._views.items() if view.open)

    def take(self, bucket: str, digest: bytes, received_at_ms: int) -> Seen:
        """Judge a touch, and remember it in this batch if it is new."""
        before_ms = self.clock_ms
        if received_at_ms > before_ms:
            self.clock_ms = received_at_ms
        view = self._views.get(bucket) or self._look(bucket, before_ms)
        if view.closed or view.latest_ms + self._window_ms < before_ms:
            return _BEYOND_WINDOW
        # A retry keeps its bucket open: its source may well try again.
        view.latest_ms = self.clock_ms
        view.open = True
        fresh, known = view.fresh, view.known
        if digest in fresh or (known is not None and digest in known):
            return _DUPLICATE
        fresh[digest] = None
        return _NEW

    def _look(self, bucket: str, clock_ms: int) -> "_View":
        known = self._memory.buckets.get(bucket)
        latest_ms = clock_ms if known is None else known.latest_ms
        view = self._views[bucket] = _View(known, bucket in self._memory.closed, latest_ms)
        return view


class _View:
    """A bucket as a batch sees it. `open`: the batch brought something for it."""

    __slots__ = ("closed", "fresh", "known", "latest_ms", "open")

    def __init__(self, known: Bucket | None, closed: bool, latest_ms: int) -> None:
        self.known = known
        self.closed = closed
        self.latest_ms = latest_ms
        self.open = False
        self.fresh: dict[bytes, None] = {}
