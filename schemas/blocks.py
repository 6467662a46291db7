"""A block: the rows that one activity batch brings to one table, as one record of the `timeline` topic.

Layout: two bytes length of the header (big endian), the header in msgpack, then one zstd frame with the joined rows.
Frames of several blocks follow each other in one insert as they are.
"""

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
_squeeze = zstandard.ZstdCompressor(level=1, write_content_size=True)


def encode_block(header: BlockHeader, rows: list[bytes]) -> bytes:
    """The record's value."""
    head = _header.encode(header)
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + _squeeze.compress(b"".join(rows))


def decode_block(value: bytes) -> tuple[BlockHeader, bytes]:
    """(header, zstd frame). Raises `msgspec.DecodeError` on what is not a block."""
    end = _LENGTH_BYTES + int.from_bytes(value[:_LENGTH_BYTES], "big")
    try:
        return _read_header.decode(value[_LENGTH_BYTES:end]), value[end:]
    except UnicodeDecodeError as error:  # msgspec's own word for a text that is none
        raise msgspec.DecodeError(f"the header is no UTF-8: {error}") from error


def rows_of(frame: bytes) -> bytes:
    """The joined rows of a block's frame."""
    return zstandard.ZstdDecompressor().decompress(frame)
