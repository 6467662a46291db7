"""How a partition's memory of ids is written to its changelog, and read back.

Keys: `w` the watermark, `c` the closed buckets, `b<bucket>#<n>` a block of ids. A block takes the ids of several batches until it is
full, so that a slow site does not write a record for ever per id. It says which ids came up to which offset: those above the
watermark belong to a batch that did not finish and comes again, so they are left out when a memory is read back.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import msgspec

from streams.fold.dedupe import ID_BYTES, Dedupe, Memory

FULL_IDS: Final = 256
WATERMARK: Final = b"w"
CLOSED: Final = b"c"


class Watermark(msgspec.Struct, array_like=True, frozen=True):
    """Written last, with every batch. `half_life_ms` is what the partition's scores are made with: it cannot change under them."""

    offset: int
    clock_ms: int
    half_life_ms: int


class Block(msgspec.Struct, array_like=True):
    """Ids of one bucket, 16 bytes each. The first `settled` of them came with batches that finished, the rest with offsets to `upto`."""

    upto: int
    latest_ms: int
    settled: int
    ids: bytes


class Closed(msgspec.Struct, array_like=True, frozen=True):
    """The buckets that are forgotten, as of the watermark `upto`."""

    upto: int
    buckets: list[str]


class _Head(msgspec.Struct, array_like=True):
    """The front of every value: the activity offset it is from."""

    offset: int


_encode = msgspec.msgpack.Encoder().encode
_read_block = msgspec.msgpack.Decoder(Block).decode
_read_watermark = msgspec.msgpack.Decoder(Watermark).decode
_read_closed = msgspec.msgpack.Decoder(Closed).decode
_read_head = msgspec.msgpack.Decoder(_Head).decode


_EMPTY: Final = Block(0, 0, 0, b"")


def _block_key(bucket: str, number: int) -> bytes:
    return f"b{bucket}#{number}".encode()


def _bucket_in(block_key: bytes) -> tuple[str, int]:
    bucket, _, number = block_key[1:].decode().rpartition("#")
    return bucket, int(number)


def version_of(value: bytes) -> int:
    """The activity offset a value is from: of two under one key the higher one holds."""
    return _read_head(value).offset


def read_watermark(state: Mapping[bytes, bytes]) -> Watermark | None:
    """Where the partition stands; None: nothing was ever written."""
    value = state.get(WATERMARK)
    return None if value is None else _read_watermark(value)


class Remembered:
    """A partition's memory together with the blocks that are still filling."""

    def __init__(self, state: Mapping[bytes, bytes]) -> None:
        self.memory = Memory()
        self._open: dict[str, tuple[int, Block]] = {}  # bucket -> (number, block)
        mark = read_watermark(state)
        if mark is not None:
            self.memory.watermark, self.memory.clock_ms = mark.offset, mark.clock_ms
        if CLOSED in state:
            self.memory.closed.update(_read_closed(state[CLOSED]).buckets)
        for key, value in state.items():
            if key.startswith(b"b"):
                self._load(key, _read_block(value))

    def _load(self, key: bytes, block: Block) -> None:
        bucket, number = _bucket_in(key)
        if bucket in self.memory.closed:
            return
        if block.upto > self.memory.watermark:
            block.ids = block.ids[: block.settled * ID_BYTES]
        if number >= self._open.get(bucket, (-1,))[0]:
            self._open[bucket] = number, block
        ids = block.ids
        self.memory.add(bucket, (ids[at : at + ID_BYTES] for at in range(0, len(ids), ID_BYTES)), block.latest_ms)

    def forget_idle(self, window_ms: int, state: Mapping[bytes, bytes]) -> "Pending | None":
        """What forgetting the idle buckets comes to, if there are any. Asked before a batch, never within one."""
        idle = list(self.memory.idle(window_ms))
        if not idle:
            return None
        changes: dict[bytes, bytes | None] = {
            CLOSED: _encode(Closed(self.memory.watermark, sorted({*self.memory.closed, *idle})))
        }
        for bucket in idle:
            last, _ = self._open.get(bucket, (-1, None))
            changes |= {key: None for n in range(last + 1) if (key := _block_key(bucket, n)) in state}

        def apply() -> None:
            self.memory.close(idle)
            for bucket in idle:
                self._open.pop(bucket, None)

        return Pending(changes, apply)

    def remember(self, dedupe: Dedupe, watermark: Watermark) -> "Pending":
        """What a finished batch comes to; the watermark is written last."""
        blocks = {
            bucket: self._extend(bucket, b"".join(dedupe.fresh[bucket]), latest_ms, watermark.offset)
            for bucket, latest_ms in dedupe.latest_ms.items()
        }
        changes: dict[bytes, bytes | None] = {
            _block_key(bucket, number): _encode(block) for bucket, (number, block) in blocks.items()
        }
        changes[WATERMARK] = _encode(watermark)

        def apply() -> None:
            for bucket, latest_ms in dedupe.latest_ms.items():
                self.memory.add(bucket, dedupe.fresh[bucket], latest_ms)
            self._open.update(blocks)
            self.memory.watermark, self.memory.clock_ms = watermark.offset, watermark.clock_ms

        return Pending(changes, apply)

    def _extend(self, bucket: str, ids: bytes, latest_ms: int, offset: int) -> tuple[int, Block]:
        """The block that takes `ids`, as it becomes: the last one of the bucket, or a new one if that is full."""
        number, block = self._open.get(bucket, (0, _EMPTY))
        if ids and len(block.ids) >= FULL_IDS * ID_BYTES:
            number, block = number + 1, _EMPTY
        # Batches are written one after another: all that stands here already has its watermark written.
        return number, Block(offset, max(block.latest_ms, latest_ms), len(block.ids) // ID_BYTES, block.ids + ids)


class Pending(NamedTuple):
    """Changes to be written, and what to do once they are durable: until then the memory does not know of them."""

    changes: dict[bytes, bytes | None]
    apply: Callable[[], None]
