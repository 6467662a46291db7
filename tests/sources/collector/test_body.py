"""Bodies: read and unpacked within their limits, whatever the headers say."""

import gzip
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sources.collector.body import DISCARDED_BYTES, MOST_MEMBERS, decompress, read_body
from sources.collector.refusal import Refusal, RefusalReason

LIMIT = 1_000_000
JSON = b'{"type":"page"}'
ZSTD = zstandard.ZstdCompressor().compress(JSON)
RAW_DEFLATE = zlib.compress(JSON, wbits=-15)


class Pieces:
    """ASGI's `receive` for a body in pieces; counts how many were asked for."""

    def __init__(self, pieces: Sequence[bytes], ends: bool = True) -> None:
        self.pieces, self.ends, self.read = list(pieces), ends, 0

    async def __call__(self) -> Any:
        if not self.pieces:
            return {"type": "http.disconnect"}
        self.read += 1
        piece = self.pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or not self.ends}


async def read(pieces: Sequence[bytes], headers: Mapping[bytes, bytes] = {}, ends: bool = True) -> bytes | Refusal:
    return await read_body(Pieces(pieces, ends), headers, 10)


async def test_pieces_are_joined() -> None:
    assert await read([b"abc", b"", b"def"]) == b"abcdef"
    assert await read([b"0123456789"]) == b"0123456789"


@pytest.mark.parametrize("pieces", [[b"x" * 11], [b"x" * 6, b"x" * 5], [b"x" * 11, b"x" * 1000]])
async def test_a_body_over_the_limit_is_refused(pieces: list[bytes]) -> None:
    refusal = await read(pieces)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefusalReason.TOO_LARGE


async def test_a_body_over_the_limit_is_read_to_its_end_but_an_endless_one_is_not() -> None:
    receive = Pieces([b"xxxx"] * 1000)
    await read_body(receive, {}, 10)
    assert receive.read == 1000
    receive = Pieces([bytes(1_000_000)] * 1000)
    await read_body(receive, {}, 10)
    assert receive.read == DISCARDED_BYTES // 1_000_000 + 1


@pytest.mark.parametrize(
    "headers",
    [
        {b"content-length": b"16000001"},
        {b"content-length": b"9" * 400},
        {b"content-length": b"999999999999999999"},
        {b"content-length": b"11", b"expect": b"100-continue"},
    ],
)
async def test_a_declared_length_far_over_the_limit_is_refused_unread(headers: dict[bytes, bytes]) -> None:
    receive = Pieces([b"x"])
    refusal = await read_body(receive, headers, 10)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, receive.read) == (RefusalReason.TOO_LARGE, 0)


@pytest.mark.parametrize("pieces", [[], [b"abc"]])
async def test_a_client_that_leaves_has_no_body(pieces: list[bytes]) -> None:
    refusal = await read(pieces, ends=False)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is RefusalReason.DISCONNECTED


UNPACKED = [
    ("no encoding", JSON, None),
    ("identity", JSON, b"identity"),
    ("gzip", gzip.compress(JSON), b"gzip"),
    ("gzip in capitals", gzip.compress(JSON), b" GZIP "),
    ("gzip without its header", gzip.compress(JSON), None),
    ("plain JSON called gzip", JSON, b"gzip"),
    ("gzip called zstd", gzip.compress(JSON), b"zstd"),
    ("two members of gzip", gzip.compress(JSON[:5]) + gzip.compress(JSON[5:]), b"gzip"),
    ("as many members as are read", gzip.compress(b"") * (MOST_MEMBERS - 1) + gzip.compress(JSON), b"gzip"),
    ("gzip with padding", gzip.compress(JSON) + b"\0" * 100, b"gzip"),
    ("zstd", ZSTD, b"zstd"),
    ("zstd without its header", ZSTD, None),
    ("deflate as zlib", zlib.compress(JSON), b"deflate"),
    ("deflate without zlib's header", RAW_DEFLATE, b"deflate"),
    ("plain JSON called deflate", JSON, b"deflate"),
    ("gzip in gzip", gzip.compress(gzip.compress(JSON)), b"gzip, gzip"),
    ("zstd in gzip", gzip.compress(ZSTD), b"zstd, gzip"),
    ("identity beside gzip", gzip.compress(JSON), b"gzip, identity"),
]


@pytest.mark.parametrize(("body", "encoding"), [row[1:] for row in UNPACKED], ids=[row[0] for row in UNPACKED])
def test_bodies_are_unpacked_by_their_first_bytes(body: bytes, encoding: bytes | None) -> None:
    assert decompress(body, encoding, LIMIT) == JSON


REFUSED = [
    ("an unknown encoding", JSON, b"br", RefusalReason.BAD_ENCODING),
    ("three encodings", JSON, b"gzip, gzip, gzip", RefusalReason.BAD_ENCODING),
    ("a hundred encodings", JSON, b"gzip," * 100, RefusalReason.BAD_ENCODING),
    ("gzip that is cut off", gzip.compress(JSON)[:-4], b"gzip", RefusalReason.BAD_ENCODING),
    ("gzip with a wrong checksum", gzip.compress(JSON)[:-8] + b"\0" * 8, b"gzip", RefusalReason.BAD_ENCODING),
    ("zstd that is cut off", ZSTD[:-2], b"zstd", RefusalReason.BAD_ENCODING),
    ("noise called deflate", b"\xff" * 40, b"deflate", RefusalReason.BAD_ENCODING),
    ("gzip over the limit", gzip.compress(bytes(range(256)) * 5_000), b"gzip", RefusalReason.TOO_LARGE),
    ("a gzip bomb", gzip.compress(bytes(100_000_000)), b"gzip", RefusalReason.TOO_LARGE),
    ("a gzip bomb under the limit", gzip.compress(bytes(900_000)), b"gzip", RefusalReason.TOO_LARGE),
    ("members without content", gzip.compress(b"") * 100_000, b"gzip", RefusalReason.BAD_ENCODING),
    (
        "one member too many",
        gzip.compress(b"") * MOST_MEMBERS + gzip.compress(JSON),
        b"gzip",
        RefusalReason.BAD_ENCODING,
    ),
    ("many members", gzip.compress(bytes(9_000)) * 200, b"gzip", RefusalReason.TOO_LARGE),
    ("a zstd bomb", zstandard.compress(bytes(100_000_000)), b"zstd", RefusalReason.TOO_LARGE),
    ("a bomb in a bomb", gzip.compress(gzip.compress(bytes(50_000_000))), b"gzip, gzip", RefusalReason.TOO_LARGE),
]


@pytest.mark.parametrize(("body", "encoding", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_damaged_and_too_large_bodies_are_refused(body: bytes, encoding: bytes, reason: RefusalReason) -> None:
    refusal = decompress(body, encoding, LIMIT)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


@given(st.binary(max_size=300), st.sampled_from([None, b"gzip", b"zstd", b"deflate", b"gzip, zstd", b"br", b",,"]))
def test_no_body_raises(body: bytes, encoding: bytes | None) -> None:
    assert isinstance(decompress(body, encoding, 1_000), bytes | Refusal)


@given(st.binary(max_size=2_000))
def test_what_is_packed_is_unpacked(content: bytes) -> None:
    assert decompress(gzip.compress(content), b"gzip", 2_000) == content
