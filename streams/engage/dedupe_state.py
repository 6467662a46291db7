"""How a partition's memory of ids is written to its changelog, and read back.

Keys: `w` the watermark, `c` the closed buckets, `b<bucket>#<n>` a block of ids. A block takes the ids of several
batches until it is full, so that a slow site does not write a record for ever per id.

A batch that did not finish may have left blocks with ids from above the watermark. They stay: a block is written after
everything its ids stand for (the rows, the words and the states), so when their records come again, however cut into
batches, they are duplicates and nothing is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from schemas.value_layouts import Codec, split_layout, unchanged
from streams.engage.dedupe import ID_BYTES, Dedupe, Memory, ids_in

FULL_IDS: Final = 256
WATERMARK: Final = b"w"
CLOSED: Final = b"c"


class Watermark(msgspec.Struct, array_like=True, frozen=True):
    """Written last, with every batch. What the partition's scores and ties are made with cannot change under them."""

    offset: int
    clock_ms: int
    half_life_ms: int
    order: tuple[str, ...]  # namespaces of identifiers, strongest first


class Block(msgspec.Struct, array_like=True, frozen=True):
    """Ids of one bucket, 16 bytes each, that came up to the offset `upto`."""

    upto: int
    latest_ms: int
    ids: bytes


class Closed(msgspec.Struct, array_like=True, frozen=True):
    """The buckets that are forgotten, as of the watermark `upto`."""

    upto: int
    buckets: list[str]


class _Head(msgspec.Struct, array_like=True):
    """The front of every value, in every layout: the activity offset it is from."""

    offset: int


# Step 0 of each numbered the layouts.
_WATERMARKS: Final = Codec("The watermark of a partition", msgspec.msgpack.Decoder(Watermark), (unchanged,))
_BLOCKS: Final = Codec("A block of event ids", msgspec.msgpack.Decoder(Block), (unchanged,))
_CLOSED: Final = Codec("The list of forgotten buckets", msgspec.msgpack.Decoder(Closed), (unchanged,))
_read_head = msgspec.msgpack.Decoder(_Head).decode


class Pending(NamedTuple):
    """Changes to be written, and what to do once they are durable: until then the memory does not know of them."""

    changes: dict[bytes, bytes | None]
    apply: Callable[[], None]


def block_key(bucket: str, number: int) -> bytes:
    """Where a block stands in the table."""
    return f"b{bucket}#{number}".encode()


def version_of(value: bytes) -> int:
    """The activity offset a value is from: of two under one key the higher one holds."""
    return _read_head(split_layout(value)[1]).offset


def read_watermark(state: Mapping[bytes, bytes]) -> Watermark | None:
    """Return where the partition stands; None means nothing was ever written. Raises NewerLayout."""
    value = state.get(WATERMARK)
    return None if value is None else _WATERMARKS.decode(value)


def read_block(value: bytes) -> Block:
    """Return a block of ids. Raises NewerLayout."""
    return _BLOCKS.decode(value)


class Remembered:
    """A partition's memory, and which block of each bucket is filling. `state`: what its table holds at that time."""

    def __init__(self, state: Mapping[bytes, bytes]) -> None:
        self.memory = Memory()
        self._last: dict[str, int] = {}  # bucket -> number of its last block
        self._leftover: list[bytes] = []  # blocks of closed buckets: forgetting them was cut short
        mark = read_watermark(state)
        if mark is not None:
            self.memory.watermark, self.memory.clock_ms = mark.offset, mark.clock_ms
        if CLOSED in state:
            self.memory.closed.update(_CLOSED.decode(state[CLOSED]).buckets)
        for key, value in state.items():
            if key.startswith(b"b"):
                self._load(key, read_block(value))

    def _load(self, key: bytes, block: Block) -> None:
        name, _, number = key[1:].decode().rpartition("#")
        if name in self.memory.closed:
            self._leftover.append(key)
            return
        self._last[name] = max(int(number), self._last.get(name, 0))
        self.memory.add(name, ids_in(block.ids), block.latest_ms)

    def forget_idle(self, window_ms: int, state: Mapping[bytes, bytes]) -> Pending | None:
        """What forgetting the idle buckets comes to, if there are any. Asked before a batch: when does not matter."""
        idle = self.memory.idle(window_ms)
        if not idle and not self._leftover:
            return None
        # First they are closed, then their ids may go: between the two none of them is new.
        closed = Closed(self.memory.watermark, sorted({*self.memory.closed, *idle}))
        changes: dict[bytes, bytes | None] = {CLOSED: _CLOSED.encode(closed)}
        changes |= dict.fromkeys(self._leftover)
        for bucket in idle:
            changes |= {key: None for key in self._keys(bucket) if key in state}

        def apply() -> None:
            self.memory.close(idle)
            self._leftover.clear()
            for bucket in idle:
                self._last.pop(bucket, None)

        return Pending(changes, apply)

    def _keys(self, bucket: str) -> Iterable[bytes]:
        return (block_key(bucket, number) for number in range(self._last.get(bucket, -1) + 1))

    def remember(self, dedupe: Dedupe, watermark: Watermark, state: Mapping[bytes, bytes]) -> Pending:
        """What a finished batch comes to; the watermark is written last."""
        numbers: dict[str, int] = {}
        changes: dict[bytes, bytes | None] = {}
        for bucket, latest_ms, fresh in dedupe.arrived():
            number, block = self._extend(bucket, fresh, latest_ms, watermark.offset, state)
            numbers[bucket] = number
            changes[block_key(bucket, number)] = _BLOCKS.encode(block)
        changes[WATERMARK] = _WATERMARKS.encode(watermark)

        def apply() -> None:
            for bucket, latest_ms, fresh in dedupe.arrived():
                self.memory.add(bucket, fresh, latest_ms)
            self._last.update(numbers)
            self.memory.watermark, self.memory.clock_ms = watermark.offset, watermark.clock_ms

        return Pending(changes, apply)

    def _extend(
        self, bucket: str, fresh: Iterable[bytes], latest_ms: int, offset: int, state: Mapping[bytes, bytes]
    ) -> tuple[int, Block]:
        """The block that takes the new ids, as it becomes: the last one of the bucket, or a new one if that is full."""
        number = self._last.get(bucket, 0)
        value = state.get(block_key(bucket, number))
        ids = b"" if value is None else read_block(value).ids
        if len(ids) >= FULL_IDS * ID_BYTES:
            number, ids = number + 1, b""
        return number, Block(offset, latest_ms, ids + b"".join(fresh))
