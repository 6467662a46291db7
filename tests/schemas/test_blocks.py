"""The header and the rows of a block are decoded as they were encoded."""

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.blocks import BlockHeader, decode_block, decompress_rows, encode_block

offsets = st.integers(0, 2**63)
headers = st.builds(
    BlockHeader,
    table=st.text(max_size=20),
    partition=st.integers(0, 0xFFFF),
    first=offsets,
    last=offsets,
    rows=offsets,
    received_at_ms=offsets,
)


@given(headers, st.lists(st.binary(max_size=100), max_size=20))
@settings(deadline=None)
def test_round_trip(header: BlockHeader, rows: list[bytes]) -> None:
    found, frame = decode_block(encode_block(header, rows))
    assert found == header
    assert decompress_rows(frame) == b"".join(rows)


def test_frames_of_several_blocks_follow_each_other() -> None:
    header = BlockHeader("events", 0, 1, 2, 1, 0)
    frames = b"".join(decode_block(encode_block(header, [row]))[1] for row in (b"one", b"two"))
    with zstandard.ZstdDecompressor().stream_reader(frames, read_across_frames=True) as reader:
        assert reader.read() == b"onetwo"


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_a_block_or_a_decode_error(value: bytes) -> None:
    try:
        header, _ = decode_block(value)
    except msgspec.DecodeError:
        return
    assert isinstance(header, BlockHeader)


@pytest.mark.parametrize("value", [b"", b"\x00", b"\x00\x01", b"\xff\xff\x96", b"\x00\x03\x96\xa1\xff"])
def test_bytes_that_are_not_a_block_are_refused(value: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_block(value)
