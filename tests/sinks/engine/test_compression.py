"""Bodies of several frames, and the encoding an answer gets."""

import gzip
import zlib

import lz4.frame  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sinks.engine.compression import BadBodyError, choose, decode, encode

PACK = {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.compress, "lz4": lz4.frame.compress}


@given(st.sampled_from(sorted(PACK)), st.lists(st.binary(max_size=300), min_size=1, max_size=5))
def test_all_frames_are_decoded(encoding: str, parts: list[bytes]) -> None:
    assert decode(b"".join(PACK[encoding](part) for part in parts), encoding) == b"".join(parts)


@given(st.sampled_from(sorted(PACK)), st.binary(min_size=1, max_size=300), st.data())
def test_a_body_cut_within_a_frame_is_refused(encoding: str, part: bytes, data: st.DataObject) -> None:
    whole = PACK[encoding](part) * 2
    at = data.draw(st.integers(1, len(whole) - 1).filter(lambda place: place != len(whole) // 2))
    with pytest.raises(BadBodyError):
        decode(whole[:at], encoding)


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [("", ""), ("gzip", "gzip"), ("br, gzip;q=0.5, lz4", "lz4"), ("ZSTD;q=0, gzip", "gzip"),
     ("zstd, lz4", "zstd"), ("br", "")],
)  # fmt: skip
def test_an_answer_is_in_what_its_reader_takes(accepted: str, chosen: str) -> None:
    assert choose(accepted) == chosen
    assert decode(encode(b"data", chosen), chosen) == b"data"
