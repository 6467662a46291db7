"""Compression of bodies: decodes every frame of a request's body, and encodes an answer if its client accepts that.

A client may send a body as several frames (one per block). A decoder that stops at the end of the first frame would
lose the rest silently, so all frames are read, and a body that ends within a frame is an error. A small body may
decompress to a very large one, so it is decompressed piece by piece, up to a limit.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import lz4.frame  # type: ignore[import-untyped]
import zstandard


class BadBodyError(Exception):
    """A body does not have the encoding of its Content-Encoding header, or ends early."""


class TooLongError(Exception):
    """A body is longer than the limit."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The request's body is longer than {most_bytes >> 20} MB, decompressed: send less at once.")


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Encoder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Lz4Encoder:
    """lz4's compressor with the interface of the others."""

    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._head = self._frame.begin()

    def compress(self, data: bytes) -> bytes:
        head, self._head = self._head, b""
        return bytes(head + self._frame.compress(data))

    def flush(self) -> bytes:
        return bytes(self._head + self._frame.flush())


# wbits 47 accepts gzip and zlib, since clients send either as "deflate". The second value is the bytes per step: at the
# greatest ratios (1032, 255, and 128 kB from 4 bytes) a step then makes at most 8 MB.
_DECODERS: Final[dict[str, tuple[Callable[[], _Decoder], int]]] = {
    "gzip": (lambda: zlib.decompressobj(47), 4 << 10),
    "deflate": (lambda: zlib.decompressobj(47), 4 << 10),
    "zstd": (lambda: zstandard.ZstdDecompressor().decompressobj(), 256),
    "lz4": (lambda: lz4.frame.LZ4FrameDecompressor(), 16 << 10),
}

# Called with the size of the body, which the zstd frame states because some clients need it.
_ENCODERS: Final[dict[str, Callable[[int], _Encoder]]] = {
    "zstd": lambda size_bytes: zstandard.ZstdCompressor(level=1).compressobj(size=size_bytes),
    "lz4": lambda _: _Lz4Encoder(),
    "gzip": lambda _: zlib.compressobj(1, wbits=31),
}
_ENCODED_AT_ONCE: Final = 1 << 20


def decode(body: bytes, encoding: str, most_bytes: int) -> bytes:
    """Decode a body; `encoding` is the Content-Encoding header, "" for none.

    Raises BadBodyError, and TooLongError if the result would be longer than `most_bytes`.
    """
    if encoding in ("", "identity"):
        return body
    if encoding not in _DECODERS:
        raise BadBodyError(f"Content-Encoding {encoding!r:.40} is not supported: send {', '.join(_DECODERS)} or none.")
    unpacked = bytearray()
    start, at_once = _DECODERS[encoding]
    at_once *= max(1, most_bytes >> 24)  # where a long body is allowed, larger pieces do no harm and cost less
    try:
        for piece in _pieces(body, start, at_once):
            unpacked += piece
            if len(unpacked) > most_bytes:
                raise TooLongError(most_bytes)
    except (zlib.error, zstandard.ZstdError, RuntimeError, EOFError) as error:
        raise BadBodyError(f"The body is not {encoding}, as its Content-Encoding says: {error}.") from error
    return bytes(unpacked)


def _pieces(body: bytes, start: Callable[[], _Decoder], at_once: int) -> Iterator[bytes]:
    decoder = None
    at = 0
    while at < len(body):
        decoder = decoder or start()
        given = body[at : at + at_once]
        yield decoder.decompress(given)
        at += len(given)
        if decoder.eof:
            at -= len(decoder.unused_data or b"")
            decoder = None
    if decoder is not None:
        raise EOFError("it ends within a frame")


def choose(accept_encoding: str) -> str:
    """Return the fastest encoding that the Accept-Encoding header accepts, "" if it accepts none."""
    taken = set()
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return next((name for name in _ENCODERS if name in taken), "")


def encode(data: bytes, encoding: str) -> bytes:
    """Encode data in an encoding that `choose` returned."""
    return b"".join(encoded(data, encoding))


def encoded(data: bytes, encoding: str) -> Iterator[bytes]:
    """Yield data in an encoding that `choose` returned, piece by piece; a piece may be empty."""
    if not encoding:
        yield data
        return
    encoder = _ENCODERS[encoding](len(data))
    for at in range(0, len(data), _ENCODED_AT_ONCE):
        yield encoder.compress(data[at : at + _ENCODED_AT_ONCE])
    yield encoder.flush()
