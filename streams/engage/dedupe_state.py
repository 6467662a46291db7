"""Dedupe state of a partition: how its ids are written to the changelog `seen`, and read back.

Keys: `w` the watermark, `c` the closed buckets, `b<bucket>#<n>` a block of ids. A block is extended by several batches
until it is full, so that a slow site does not write one record per id that is kept for ever.

An unfinished batch may leave blocks with ids from above the watermark. They are kept: a block is written after all
effects of its ids (rows, messages and states), so when the records arrive again, however they are cut into batches,
they are duplicates and nothing is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from schemas.value_layouts import Codec, split_layout, unchanged
from streams.engage.dedupe import ID_BYTES, Dedupe, DedupeIndex, ids_in

FULL_IDS: Final = 256
WATERMARK: Final = b"w"
CLOSED: Final = b"c"


class Watermark(msgspec.Struct, array_like=True, frozen=True):
    """The last value written in every batch, with the settings that the partition's scores and ties were made with."""

    offset: int
    clock_ms: int
    half_life_ms: int
    order: tuple[str, ...]  # namespaces of identifiers, strongest first


class IdBlock(msgspec.Struct, array_like=True, frozen=True):
    """Ids of one bucket, 16 bytes each, of records up to the offset `upto`."""

    upto: int
    latest_ms: int
    ids: bytes


class ClosedBuckets(msgspec.Struct, array_like=True, frozen=True):
    """The forgotten buckets, as of the watermark `upto`."""

    upto: int
    buckets: list[str]


class _Head(msgspec.Struct, array_like=True):
    """The front of every value, in every layout: the activity offset at which it was written."""

    offset: int


# Step 0 of each numbered the layouts.
_WATERMARKS: Final = Codec("The watermark of a partition", msgspec.msgpack.Decoder(Watermark), (unchanged,))
_BLOCKS: Final = Codec("A block of event ids", msgspec.msgpack.Decoder(IdBlock), (unchanged,))
_CLOSED: Final = Codec("The list of forgotten buckets", msgspec.msgpack.Decoder(ClosedBuckets), (unchanged,))
_read_head = msgspec.msgpack.Decoder(_Head).decode


class PendingChanges(NamedTuple):
    """Changes to write, and the function that applies them to the index once they are durable."""

    changes: dict[bytes, bytes | None]
    apply: Callable[[], None]


def block_key(bucket: str, number: int) -> bytes:
    """Return the key of a block in the table."""
    return f"b{bucket}#{number}".encode()


def version_of(value: bytes) -> int:
    """Return the activity offset at which a value was written: the highest of one key is valid."""
    return _read_head(split_layout(value)[1]).offset


def read_watermark(state: Mapping[bytes, bytes]) -> Watermark | None:
    """Return the watermark; None means that no batch was ever finished. Raises NewerLayoutError."""
    value = state.get(WATERMARK)
    return None if value is None else _WATERMARKS.decode(value)


def read_block(value: bytes) -> IdBlock:
    """Return a block of ids. Raises NewerLayoutError."""
    return _BLOCKS.decode(value)


class DedupeState:
    """The index of a partition, and which block of each bucket is being filled. `state` is the content of its table."""

    def __init__(self, state: Mapping[bytes, bytes]) -> None:
        self.index = DedupeIndex()
        self._last: dict[str, int] = {}  # bucket -> number of its last block
        self._leftover: list[bytes] = []  # blocks of closed buckets, whose deletion was interrupted
        mark = read_watermark(state)
        if mark is not None:
            self.index.watermark, self.index.clock_ms = mark.offset, mark.clock_ms
        if CLOSED in state:
            self.index.closed.update(_CLOSED.decode(state[CLOSED]).buckets)
        for key, value in state.items():
            if key.startswith(b"b"):
                self._load(key, read_block(value))

    def _load(self, key: bytes, block: IdBlock) -> None:
        name, _, number = key[1:].decode().rpartition("#")
        if name in self.index.closed:
            self._leftover.append(key)
            return
        self._last[name] = max(int(number), self._last.get(name, 0))
        self.index.add(name, ids_in(block.ids), block.latest_ms)

    def forget_idle(self, window_ms: int, state: Mapping[bytes, bytes]) -> PendingChanges | None:
        """Return the changes that forget the idle buckets, if any. Called before a batch; when makes no difference."""
        idle = self.index.idle_buckets(window_ms)
        if not idle and not self._leftover:
            return None
        # The buckets are closed before their ids are deleted: in between none of the ids is new.
        closed = ClosedBuckets(self.index.watermark, sorted({*self.index.closed, *idle}))
        changes: dict[bytes, bytes | None] = {CLOSED: _CLOSED.encode(closed)}
        changes |= dict.fromkeys(self._leftover)
        for bucket in idle:
            changes |= {key: None for key in self._keys(bucket) if key in state}

        def apply() -> None:
            self.index.close(idle)
            self._leftover.clear()
            for bucket in idle:
                self._last.pop(bucket, None)

        return PendingChanges(changes, apply)

    def _keys(self, bucket: str) -> Iterable[bytes]:
        return (block_key(bucket, number) for number in range(self._last.get(bucket, -1) + 1))

    def remember_batch(self, dedupe: Dedupe, watermark: Watermark, state: Mapping[bytes, bytes]) -> PendingChanges:
        """Return the changes of a finished batch, the watermark last."""
        numbers: dict[str, int] = {}
        changes: dict[bytes, bytes | None] = {}
        for bucket, latest_ms, new_ids in dedupe.arrivals():
            number, block = self._extend(bucket, new_ids, latest_ms, watermark.offset, state)
            numbers[bucket] = number
            changes[block_key(bucket, number)] = _BLOCKS.encode(block)
        changes[WATERMARK] = _WATERMARKS.encode(watermark)

        def apply() -> None:
            for bucket, latest_ms, new_ids in dedupe.arrivals():
                self.index.add(bucket, new_ids, latest_ms)
            self._last.update(numbers)
            self.index.watermark, self.index.clock_ms = watermark.offset, watermark.clock_ms

        return PendingChanges(changes, apply)

    def _extend(
        self, bucket: str, new_ids: Iterable[bytes], latest_ms: int, offset: int, state: Mapping[bytes, bytes]
    ) -> tuple[int, IdBlock]:
        """Return the number and the content of the block with the new ids: the last of the bucket, or a new one."""
        number = self._last.get(bucket, 0)
        value = state.get(block_key(bucket, number))
        ids = b"" if value is None else read_block(value).ids
        if len(ids) >= FULL_IDS * ID_BYTES:
            number, ids = number + 1, b""
        return number, IdBlock(offset, latest_ms, ids + b"".join(new_ids))
