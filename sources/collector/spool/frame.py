"""The frame of a record in a segment: a marker, its length, a checksum and the record.

offset  bytes  content
0       4      marker F5 54 4C FF; F5 and FF occur in no UTF-8 text, so not in a touch either
4       4      length of the payload, little-endian
8       4      CRC-32 (zlib) of the four bytes of the length and the payload, little-endian
12             payload: MessagePack array of topic, received_at_ms and value, and of key and headers if there are any
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from sources.collector.sink import RawRecord

MARKER: Final = b"\xf5TL\xff"
_HEADER: Final = struct.Struct("<4sII")
_LENGTH: Final = struct.Struct("<I")
_encoder = msgspec.msgpack.Encoder()


class _Payload(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    topic: str
    received_at_ms: int
    value: bytes
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


_decoder = msgspec.msgpack.Decoder(_Payload)


class Damage(NamedTuple):
    """Bytes `start` to `end` of a segment that are no frame.

    `torn` means that the last frame is incomplete: its write did not finish, so it was never acknowledged.
    """

    start: int
    end: int
    torn: bool


def encode_frame(record: RawRecord) -> bytes:
    """Return the frame of a record."""
    topic, value, received_at_ms, key, headers = record
    more = (key, headers) if headers or key is not None else ()
    payload = _encoder.encode((topic, received_at_ms, value, *more))
    length = _LENGTH.pack(len(payload))
    return _HEADER.pack(MARKER, len(payload), zlib.crc32(payload, zlib.crc32(length))) + payload


def read_frames(segment: bytes) -> Iterator[RawRecord | Damage]:
    """Yield the records of a segment in order, and each damaged range where it is."""
    at = 0
    while at < len(segment):
        read = _read_frame(segment, at)
        if read is not None:
            record, at = read
            yield record
            continue
        end = _find_frame(segment, at + 1)
        yield Damage(at, end, end == len(segment) and _is_torn(segment, at))
        at = end


def _read_frame(segment: bytes, at: int) -> tuple[RawRecord, int] | None:
    """Return the record at an offset and the offset after it, or None if no whole frame is there."""
    begin = at + _HEADER.size
    if begin > len(segment):
        return None
    marker, length, checksum = _HEADER.unpack_from(segment, at)
    end = begin + length
    if marker != MARKER or end > len(segment):
        return None
    payload = segment[begin:end]
    if zlib.crc32(payload, zlib.crc32(_LENGTH.pack(length))) != checksum:
        return None
    try:
        one = _decoder.decode(payload)
    except msgspec.MsgspecError:
        return None
    return RawRecord(one.topic, one.value, one.received_at_ms, one.key, one.headers), end


def _find_frame(segment: bytes, start: int) -> int:
    """Return the offset of the next whole frame, or the end of the segment."""
    at = segment.find(MARKER, start)
    while at >= 0 and _read_frame(segment, at) is None:
        at = segment.find(MARKER, at + 1)
    return at if at >= 0 else len(segment)


def _is_torn(segment: bytes, at: int) -> bool:
    """Return whether the bytes from an offset on are the beginning of a frame, or zeros of a write that was lost."""
    rest = segment[at:]
    if len(rest) < _HEADER.size:
        return MARKER.startswith(rest[: len(MARKER)]) or not rest.strip(b"\0")
    marker, length, _ = _HEADER.unpack_from(rest)
    return bool(marker == MARKER and _HEADER.size + length > len(rest)) or not rest.strip(b"\0")
