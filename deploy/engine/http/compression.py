"""Bodies compressed on their way: every frame of a request's body decoded, an answer encoded when its reader asks.

A client may send a body as several frames one after the other (one per block); a decoder that stops at the end of the
first loses the rest without a word, so all are read, and a body that is cut within a frame is an error. A small body
may unpack to a very large one, so it is unpacked piece by piece and given up when it becomes longer than it may be.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import lz4.frame  # type: ignore[import-untyped]
import zstandard


class BadBodyError(Exception):
    """A body is not what its Content-Encoding says, or is cut short."""


class TooLongError(Exception):
    """A body is longer than it may be."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The request's body is longer than {most_bytes >> 20} MB, unpacked: send less at once.")


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
    """lz4's compressor with the methods of the others."""

    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._head = self._frame.begin()

    def compress(self, data: bytes) -> bytes:
        head, self._head = self._head, b""
        return bytes(head + self._frame.compress(data))

    def flush(self) -> bytes:
        return bytes(self._head + self._frame.flush())


# wbits 47 takes gzip and zlib alike, as "deflate" is sent both ways. Beside each, how many bytes it is given at once:
# at the best of their ratios (1032, 255, and 128 kB from 4 bytes) each then makes no more than 8 MB of them.
_DECODERS: Final[dict[str, tuple[Callable[[], _Decoder], int]]] = {
    "gzip": (lambda: zlib.decompressobj(47), 4 << 10),
    "deflate": (lambda: zlib.decompressobj(47), 4 << 10),
    "zstd": (lambda: zstandard.ZstdDecompressor().decompressobj(), 256),
    "lz4": (lambda: lz4.frame.LZ4FrameDecompressor(), 16 << 10),
}

# Made for a body of so many bytes; zstd's frame says how many, as some clients need to know.
_ENCODERS: Final[dict[str, Callable[[int], _Encoder]]] = {
    "zstd": lambda size_bytes: zstandard.ZstdCompressor(level=1).compressobj(size=size_bytes),
    "lz4": lambda _: _Lz4Encoder(),
    "gzip": lambda _: zlib.compressobj(1, wbits=31),
}
_ENCODED_AT_ONCE: Final = 1 << 20


def decode(body: bytes, encoding: str, most_bytes: int) -> bytes:
    """Return the body as it was before `encoding` (the Content-Encoding header, "" for none).

    Raises BadBodyError, and TooLongError when it would be longer than `most_bytes`.
    """
    if encoding in ("", "identity"):
        return body
    if encoding not in _DECODERS:
        raise BadBodyError(f"Content-Encoding {encoding!r:.40} is not supported: send {', '.join(_DECODERS)} or none.")
    unpacked = bytearray()
    start, at_once = _DECODERS[encoding]
    at_once *= max(1, most_bytes >> 24)  # a long body may be, so larger pieces do no harm and cost less
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
    """Return the encoding to answer in, of those the Accept-Encoding header takes: the fastest, or "" for none."""
    taken = set()
    for part in accept_encoding.lower().split(","):
        name, _, quality = part.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return next((name for name in _ENCODERS if name in taken), "")


def encode(data: bytes, encoding: str) -> bytes:
    """Return data in an encoding that `choose` returned."""
    return b"".join(encoded(data, encoding))


def encoded(data: bytes, encoding: str) -> Iterator[bytes]:
    """Return data in an encoding that `choose` returned, piece by piece; a piece may be empty."""
    if not encoding:
        yield data
        return
    encoder = _ENCODERS[encoding](len(data))
    for at in range(0, len(data), _ENCODED_AT_ONCE):
        yield encoder.compress(data[at : at + _ENCODED_AT_ONCE])
    yield encoder.flush()
