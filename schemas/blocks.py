"""A block: the rows that one activity batch brings to one table, as one record of the `timeline` topic.

Layout: two bytes length of the header (big endian), the header in msgpack, then one zstd frame with the joined rows.
Frames of several blocks follow each other in one insert as they are.
"""

import threading
from collections.abc import Iterable

import msgspec
import zstandard

_LENGTH_BYTES = 2


class BlockHeader(msgspec.Struct, array_like=True, frozen=True):
    """Which table, and which activity offsets (`first` to `last`, both included) of which partition the block answers
    for.

    Of one table, the blocks of one activity partition carry growing `last`; a smaller one is a replay. `rows` counts
    the rows, `received_at_ms` is the oldest arrival among them (for the latency histogram). `layout` says which columns
    the rows have (schemas.row_layouts); blocks from before layouts were numbered have the first.
    """

    table: str
    partition: int
    first: int
    last: int
    rows: int
    received_at_ms: int
    layout: int = 1


_header = msgspec.msgpack.Encoder()
_read_header = msgspec.msgpack.Decoder(BlockHeader)


class _Zstd(threading.local):
    """Contexts of zstd, one pair per thread: they must not be used by two threads at once."""

    def __init__(self) -> None:
        self.compress = zstandard.ZstdCompressor(level=1, write_content_size=True).compress
        self.decompress = zstandard.ZstdDecompressor().decompress


_zstd = _Zstd()


def encode_block(header: BlockHeader, rows: list[bytes]) -> bytes:
    """The record's value."""
    head = _header.encode(header)
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + compress_rows(rows)


def decode_block(value: bytes) -> tuple[BlockHeader, bytes]:
    """(header, zstd frame). Raises `msgspec.DecodeError` on what is not a block."""
    end = _LENGTH_BYTES + int.from_bytes(value[:_LENGTH_BYTES], "big")
    try:
        return _read_header.decode(value[_LENGTH_BYTES:end]), value[end:]
    except UnicodeDecodeError as error:  # msgspec's own word for a text that is none
        raise msgspec.DecodeError(f"the header is no UTF-8: {error}") from error


def compress_rows(rows: Iterable[bytes]) -> bytes:
    """Return the encoded rows, joined, as one zstd frame that names its content size."""
    return _zstd.compress(b"".join(rows))


def decompress_rows(frame: bytes) -> bytes:
    """Return the joined rows of a block's frame. Raises `zstandard.ZstdError`."""
    return _zstd.decompress(frame)
