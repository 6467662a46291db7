"""Has this very touch been counted before? Exact, within a window, in bounded memory.

An id is remembered under the channel and the UTC day of the source's own time, which every retry repeats: one bucket to look into.
A bucket is forgotten, whole, once nothing has arrived in it for the window (48 h at least). A touch for a forgotten bucket may be a
retry or merely late, and nobody can tell: it is `beyond_window`, kept in `events` and counted nowhere, so that no touch counts twice.

The offset up to which ids are remembered (`watermark`) is written with them and after every profile they changed. So a replayed
record at or below it has had all its effects, and is passed over before anyone looks for its id (docs/decisions/001).
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from hashlib import blake2b
from typing import Final

from streams.fold.days import DAY_MS

ID_BYTES: Final = 16
_SHARDS: Final = 4096  # lists of about 250 ids per million, searched by the C of `bytes.find`


class Seen(Enum):
    """What dedupe says of a touch."""

    NEW = "new"
    DUPLICATE = "duplicate"
    BEYOND_WINDOW = "beyond_window"


def bucket_of(channel: str, source_at_ms: int) -> str:
    """Where a touch's id is remembered."""
    return f"{channel}/{source_at_ms // DAY_MS}"


def digest_of(owner: str, event_id: str) -> bytes:
    """16 bytes for an id in its owner: two persons' touches with the same id are two touches."""
    return blake2b(f"{owner}\x1f{event_id}".encode(), digest_size=ID_BYTES).digest()


class Bucket:
    """The ids of one channel and day, exact, about 20 bytes each where there are many."""

    __slots__ = ("count", "latest_ms", "shards")

    def __init__(self) -> None:
        self.shards: dict[int, bytes] = {}
        self.count = 0
        self.latest_ms = 0  # newest arrival

    def __contains__(self, digest: bytes) -> bool:
        ids = self.shards.get(int.from_bytes(digest[:2], "big") % _SHARDS)
        if ids is None:
            return False
        at = ids.find(digest)
        while at % ID_BYTES and at >= 0:  # found across two neighbours: look on
            at = ids.find(digest, at + 1)
        return at >= 0

    def add(self, digest: bytes) -> None:
        """Remember one that is not in here."""
        shard = int.from_bytes(digest[:2], "big") % _SHARDS
        self.shards[shard] = self.shards.get(shard, b"") + digest
        self.count += 1


class Memory:
    """What one activity partition remembers. A batch reads it, and adds to it once its effects and states are durable."""

    def __init__(self) -> None:
        self.watermark = -1  # offset up to which everything has been counted
        self.clock_ms = 0  # newest arrival
        self.buckets: dict[str, Bucket] = {}
        self.closed: set[str] = set()

    def idle(self, window_ms: int) -> Iterator[str]:
        """Buckets that may be forgotten: nothing arrived in them for the window."""
        return (name for name, bucket in self.buckets.items() if bucket.latest_ms + window_ms < self.clock_ms)

    def close(self, names: Iterable[str]) -> None:
        """Forget these buckets, and remember that they are forgotten."""
        for name in names:
            self.buckets.pop(name, None)
            self.closed.add(name)

    def add(self, name: str, digests: Iterable[bytes], latest_ms: int) -> None:
        """Remember ids of one bucket."""
        bucket = self.buckets.setdefault(name, Bucket())
        bucket.latest_ms = max(bucket.latest_ms, latest_ms)
        for digest in digests:
            bucket.add(digest)

    @property
    def count(self) -> int:
        """How many ids are remembered."""
        return sum(bucket.count for bucket in self.buckets.values())


class Dedupe:
    """One batch's view of a memory: what the batch itself brought is seen, too, and nothing is changed."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.fresh: dict[str, dict[bytes, None]] = {}  # bucket -> new ids in order of arrival
        self.latest_ms: dict[str, int] = {}

    def take(self, bucket: str, digest: bytes, received_at_ms: int) -> Seen:
        """Judge a touch, and remember it in this batch if it is new."""
        if bucket in self._memory.closed:
            return Seen.BEYOND_WINDOW
        known = self._memory.buckets.get(bucket)
        fresh = self.fresh.setdefault(bucket, {})
        # A retry keeps its bucket open: its source may well try again.
        self.latest_ms[bucket] = max(received_at_ms, self.latest_ms.get(bucket, 0))
        if digest in fresh or (known is not None and digest in known):
            return Seen.DUPLICATE
        fresh[digest] = None
        return Seen.NEW
