"""The body of a request: read and decompressed within limits that hold before the memory is used."""

import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import zstandard

from sources.collector.refusal import Refusal, RefusalReason

Receive = Callable[[], Awaitable[Any]]

DISCARDED_BYTES: Final = 16_000_000  # of a body that is refused
MOST_ENCODINGS: Final = 2
LARGEST_RATIO: Final = 200  # JSON of equal touches compresses by up to this, a bomb by 1,000
_RATIO_FROM_BYTES: Final = 256_000  # smaller results are harmless, whatever their ratio
_ZSTD_WINDOW_BYTES: Final = 8 * 1024 * 1024  # what RFC 8878 recommends decoders to support
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_AS_SENT: Final = frozenset({b"", b"identity", b"none"})
_MOST_DIGITS: Final = 18
MOST_MEMBERS: Final = 1_000  # of a gzip body; a client that joins files has one for each
_PIECE_BYTES: Final = 64 * 1024
_GZIP_WBITS, _ZLIB_WBITS, _RAW_WBITS = 31, 15, -15


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], limit_bytes: int) -> bytes | Refusal:
    """Return the body as it was sent.

    Of a larger one the rest is discarded, up to a limit, before it is refused: a client that is still sending when the
    connection is closed sees a reset connection instead of the answer, and tries again for ever.
    """
    declared = headers.get(b"content-length")
    if declared is not None:
        longest = limit_bytes if b"expect" in headers else DISCARDED_BYTES  # such a client waits before it sends
        if len(declared) > _MOST_DIGITS or int(declared) > max(limit_bytes, longest):
            return _too_large(limit_bytes)
    event = await receive()
    if not event.get("more_body", False) and event["type"] == "http.request":
        body: bytes = event["body"]
        return body if len(body) <= limit_bytes else _too_large(limit_bytes)
    parts: list[bytes] = []
    size = 0
    while event["type"] == "http.request":
        size += len(event["body"])
        if size <= limit_bytes:
            parts.append(event["body"])
        elif size > DISCARDED_BYTES:
            return _too_large(limit_bytes)
        else:
            parts.clear()
        if not event["more_body"]:
            return b"".join(parts) if size <= limit_bytes else _too_large(limit_bytes)
        event = await receive()
    return Refusal(RefusalReason.DISCONNECTED, "the connection ended before the request")


def decompress(body: bytes, encoding: bytes | None, limit_bytes: int) -> bytes | Refusal:
    """Return the content of a body. `encoding` is the header Content-Encoding.

    The first bytes decide, since some SDKs send gzip without its header and some proxies unpack without removing it: no
    JSON begins like gzip or zstd. The header decides only on deflate, which has no mark.
    """
    if encoding is None and body[:1] not in (_GZIP[:1], _ZSTD[:1]):
        return body
    names = [name.strip().lower() for name in (encoding or b"").split(b",")]
    for name in names:
        if name not in _AS_SENT and name not in (b"gzip", b"x-gzip", b"zstd", b"deflate"):
            return Refusal(RefusalReason.BAD_ENCODING, "the content encoding is unknown; send gzip, zstd or deflate")
    names = [name for name in reversed(names) if name not in _AS_SENT]
    if len(names) > MOST_ENCODINGS:
        return Refusal(RefusalReason.BAD_ENCODING, f"more than {MOST_ENCODINGS} content encodings; send one")
    for name in names or [b""]:
        unpacked = _unpack(body, name, limit_bytes)
        if isinstance(unpacked, Refusal):
            return unpacked
        body = unpacked
    return body


def _unpack(body: bytes, name: bytes, limit_bytes: int) -> bytes | Refusal:
    """Return a body without one encoding."""
    try:
        if body.startswith(_GZIP):
            unpacked = _inflate(body, _GZIP_WBITS, limit_bytes)
        elif body.startswith(_ZSTD):
            unpacked = _unpack_zstd(body, limit_bytes)
        elif name == b"deflate" and body.lstrip()[:1] not in (b"{", b"["):
            # RFC 9110 means the zlib format, but some clients send deflate without its header.
            is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            unpacked = _inflate(body, _ZLIB_WBITS if is_zlib else _RAW_WBITS, limit_bytes)
        else:
            return body
    except (zlib.error, zstandard.ZstdError, EOFError):
        return Refusal(RefusalReason.BAD_ENCODING, "the compressed body is damaged or incomplete")
    if len(unpacked) > limit_bytes:
        return _too_large(limit_bytes)
    if len(unpacked) > max(_RATIO_FROM_BYTES, LARGEST_RATIO * len(body)):
        return Refusal(RefusalReason.TOO_LARGE, f"the body unpacks to more than {LARGEST_RATIO} times its size")
    return unpacked


def _inflate(body: bytes, wbits: int, limit_bytes: int) -> bytes:
    """Return at most one byte more than the limit. A gzip body may have several members (RFC 1952, section 2.2).

    The body is read in pieces: an unpacker copies all that follows its member, and members may be 20 bytes each.
    """
    parts, room, at = list[bytes](), limit_bytes + 1, 0
    for _ in range(MOST_MEMBERS):
        unpacker = zlib.decompressobj(wbits)
        while room > 0 and not unpacker.eof:
            piece = body[at : at + _PIECE_BYTES]
            if not piece:
                raise EOFError
            parts.append(unpacker.decompress(piece, room))
            room -= len(parts[-1])
            at += len(piece) - len(unpacker.unused_data)
        if room <= 0 or wbits != _GZIP_WBITS or not body.startswith(_GZIP, at):
            return b"".join(parts)  # what follows is padding
    raise EOFError


def _unpack_zstd(body: bytes, limit_bytes: int) -> bytes:
    """Return at most one byte more than the limit."""
    size = zstandard.get_frame_parameters(body).content_size  # of the first frame
    unpacker = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW_BYTES)
    with unpacker.stream_reader(body, read_across_frames=True) as reader:
        unpacked = reader.read(limit_bytes + 1)
    if not unpacked or (size != zstandard.CONTENTSIZE_UNKNOWN and len(unpacked) < min(size, limit_bytes + 1)):
        raise EOFError
    return unpacked


def _too_large(limit_bytes: int) -> Refusal:
    return Refusal(RefusalReason.TOO_LARGE, f"the body has more than {limit_bytes} bytes; send smaller batches")
