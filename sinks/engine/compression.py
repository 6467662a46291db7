"""Bodies compressed on their way: every frame of a request's body decoded, an answer encoded when its reader asks.

A client may send a body as several frames one after the other (one per block); a decoder that stops at the end of the
first loses the rest without a word, so all are read, and a body that is cut within a frame is an error.
"""

import gzip
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import lz4.frame  # type: ignore[import-untyped]
import zstandard


class BadBodyError(Exception):
    """A body is not what its Content-Encoding says, or is cut short."""


class _Decoder(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, /) -> bytes: ...


# wbits 47 takes gzip and zlib alike, as "deflate" is sent both ways.
_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "gzip": lambda: zlib.decompressobj(47),
    "deflate": lambda: zlib.decompressobj(47),
    "zstd": lambda: zstandard.ZstdDecompressor().decompressobj(),
    "lz4": lambda: lz4.frame.LZ4FrameDecompressor(),
}

_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: zstandard.ZstdCompressor(level=1).compress(data),
    "lz4": lambda data: bytes(lz4.frame.compress(data)),
    "gzip": lambda data: gzip.compress(data, compresslevel=1, mtime=0),
}


def decode(body: bytes, encoding: str) -> bytes:
    """Return the body as it was before `encoding` (the Content-Encoding header, "" for none); BadBodyError if not."""
    if encoding in ("", "identity"):
        return body
    if encoding not in _DECODERS:
        raise BadBodyError(f"Content-Encoding {encoding} is not known here: send {', '.join(_DECODERS)} or none.")
    try:
        return b"".join(_frames(body, _DECODERS[encoding]))
    except (zlib.error, zstandard.ZstdError, RuntimeError, EOFError) as error:
        raise BadBodyError(f"The body is not {encoding}, as its Content-Encoding says: {error}.") from error


def _frames(rest: bytes, start: Callable[[], _Decoder]) -> Iterator[bytes]:
    while rest:
        decoder = start()
        yield decoder.decompress(rest)
        if not decoder.eof:
            raise EOFError("it ends within a frame")
        rest = decoder.unused_data or b""


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
    return _ENCODERS[encoding](data) if encoding else data
