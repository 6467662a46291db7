"""Bodies of several frames, and the encoding of answers."""

import gzip
import tracemalloc
import zlib

import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from deploy.engine.http.compression import BadBodyError, TooLongError, choose, decode, encode

PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.compress, "lz4": lz4.frame.compress}


@given(st.sampled_from(sorted(PACK)), st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_all_frames_are_decoded(encoding: str, parts: list[bytes]) -> None:
    assert decode(b"".join(PACK[encoding](part) for part in parts), encoding, 10_000) == b"".join(parts)


@given(st.sampled_from(sorted(PACK)), st.binary(min_size=1, max_size=300), st.data())
def test_a_body_that_ends_within_a_frame_is_refused(encoding: str, part: bytes, data: st.DataObject) -> None:
    whole = PACK[encoding](part) * 2
    at = data.draw(st.integers(1, len(whole) - 1).filter(lambda place: place != len(whole) // 2))
    with pytest.raises(BadBodyError):
        decode(whole[:at], encoding, 10_000)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("", ""), ("gzip", "gzip"), ("br, gzip;q=0.5, lz4", "lz4"), ("ZSTD;q=0, gzip", "gzip"),
     ("zstd, lz4", "zstd"), ("br", "")],
)  # fmt: skip
def test_an_answer_has_an_encoding_that_the_client_accepts(accepted: str, chosen: str) -> None:
    assert choose(accepted) == chosen
    assert decode(encode(b"data", chosen), chosen, 10_000) == b"data"


@pytest.mark.parametrize("encoding", sorted(PACK))
@pytest.mark.parametrize("frames", [1, 3])
def test_a_body_that_decompresses_beyond_the_limit_is_refused(encoding: str, frames: int) -> None:
    body = PACK[encoding](bytes(120_000_000 // frames)) * frames
    tracemalloc.start()
    with pytest.raises(TooLongError, match="4 MB"):
        decode(body, encoding, 4 << 20)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 60_000_000


@pytest.mark.parametrize("encoding", ["zstd", "lz4", "gzip"])
@pytest.mark.parametrize("size_bytes", [0, 1, 3 << 20])
def test_an_answer_of_several_pieces_is_one_body(encoding: str, size_bytes: int) -> None:
    data = bytes(size_bytes)
    assert decode(encode(data, encoding), encoding, 10 << 20) == data
