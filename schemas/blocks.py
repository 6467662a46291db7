"""A block: the rows of one activity batch for one table, as one record of the `timeline` topic.

Layout: two bytes length of the header (big endian), the header in msgpack, then one zstd frame with the joined rows.
Frames of several blocks follow each other in one insert as they are.
"""

import threading
from collections.abc import Iterable

import msgspec
import zstandard

_LENGTH_BYTES = 2


class BlockHeader(msgspec.Struct, array_like=True, frozen=True):
    """The header of a block: its table and the activity offsets that it covers, `first` to `last` inclusive.

    The blocks of one table and activity partition have growing `last`; a smaller one is a replay. `rows` is the number
    of rows, `received_at_ms` the oldest arrival among them (for the latency histogram). `layout` is that of the rows
    (schemas.row_layouts); blocks from before layouts were numbered have the first.
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
    """Return the value of the record."""
    head = _header.encode(header)
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + compress_rows(rows)


def decode_block(value: bytes) -> tuple[BlockHeader, bytes]:
    """Return (header, zstd frame). Raises `msgspec.DecodeError` if the bytes are not a block."""
    end = _LENGTH_BYTES + int.from_bytes(value[:_LENGTH_BYTES], "big")
    try:
        return _read_header.decode(value[_LENGTH_BYTES:end]), value[end:]
    except UnicodeDecodeError as error:  # raised by msgspec for a text that is not UTF-8
        raise msgspec.DecodeError(f"the header is not UTF-8: {error}") from error


def compress_rows(rows: Iterable[bytes]) -> bytes:
    """Return the encoded rows, joined, as one zstd frame that names its content size."""
    return _zstd.compress(b"".join(rows))


def decompress_rows(frame: bytes) -> bytes:
    """Return the joined rows of a block's frame. Raises `zstandard.ZstdError`."""
    return _zstd.decompress(frame)
