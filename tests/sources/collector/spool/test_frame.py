"""Frames: what was written is read back, and damage costs only what it touches."""

from hypothesis import given
from hypothesis import strategies as st

from sources.collector.sink import RawRecord
from sources.collector.spool.frame import MARKER, Damage, encode_frame, read_frames

records = st.lists(
    st.builds(
        RawRecord,
        st.sampled_from(["visits", "shop-orders"]),
        st.text(max_size=60).map(str.encode),
        st.integers(0, 2**53),
        st.none() | st.binary(max_size=9),
        st.lists(st.tuples(st.text(max_size=5), st.binary(max_size=9)), max_size=2).map(tuple),
    ),
    max_size=8,
)


def segment_of(written: list[RawRecord]) -> bytes:
    return b"".join(map(encode_frame, written))


def split(segment: bytes) -> tuple[list[RawRecord], list[Damage]]:
    read = list(read_frames(segment))
    return [one for one in read if isinstance(one, RawRecord)], [one for one in read if isinstance(one, Damage)]


@given(records)
def test_records_are_read_back_in_order(written: list[RawRecord]) -> None:
    assert split(segment_of(written)) == (written, [])


@given(records, st.data())
def test_a_write_that_did_not_finish_loses_only_what_is_incomplete(
    written: list[RawRecord], data: st.DataObject
) -> None:
    segment = segment_of(written)
    cut = data.draw(st.integers(0, len(segment)))
    whole = [one for n, one in enumerate(written) if len(segment_of(written[: n + 1])) <= cut]
    end = len(segment_of(whole))
    assert split(segment[:cut]) == (whole, [Damage(end, cut, torn=True)] if end < cut else [])


@given(records, st.integers(1, 5000))
def test_zeros_after_the_last_frame_are_a_write_that_was_lost(written: list[RawRecord], zeros: int) -> None:
    segment = segment_of(written)
    assert split(segment + bytes(zeros)) == (written, [Damage(len(segment), len(segment) + zeros, torn=True)])


@given(records.filter(bool), st.data())
def test_a_changed_byte_costs_one_record(written: list[RawRecord], data: st.DataObject) -> None:
    segment = bytearray(segment_of(written))
    at = data.draw(st.integers(0, len(segment) - 1))
    segment[at] ^= data.draw(st.integers(1, 255))
    damaged = next(n for n in range(len(written)) if at < len(segment_of(written[: n + 1])))
    found, damage = split(bytes(segment))
    assert found == written[:damaged] + written[damaged + 1 :]
    start, end = len(segment_of(written[:damaged])), len(segment_of(written[: damaged + 1]))
    assert [one[:2] for one in damage] == [(start, end)]
    assert not damage[0].torn or damaged == len(written) - 1


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error_and_all_are_accounted_for(content: bytes) -> None:
    found, damage = split(content)
    assert len(segment_of(found)) + sum(one.end - one.start for one in damage) == len(content)


def test_the_marker_cannot_be_part_of_a_text() -> None:
    for byte in (MARKER[0], MARKER[-1]):
        assert bytes([byte]).decode("utf-8", "ignore") == ""
        assert byte >= 0xF5
