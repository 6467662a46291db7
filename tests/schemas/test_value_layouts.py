"""A value is read whichever layout it was written in, and one of a later version is refused in a sentence."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.activity import decode_record, encode_record
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.pings import Ping
from schemas.value_layouts import Codec, NewerLayoutError, split_layout, unchanged
from streams.engage.dedupe import Dedupe, DedupeIndex, bucket_of, digest_of
from streams.engage.dedupe_state import DedupeState, Watermark, read_block, read_watermark
from streams.identity.ties import Ties
from streams.profile.identifier_state import IdentifierState, decode_state, decode_total, encode_state, encode_total
from streams.profile.local_state import LocalState, RevisableTouch
from streams.profile.revisable_touches import fold_revisable
from streams.profile.score import Component
from streams.profile.single_touch import single_touch_of
from streams.profile.summary import Source, Summary
from streams.profile.touch_fold import fold_touch
from streams.profile.traits import TouchTraits
from tests.streams.touches import DAY_MS, GAP_MS, HALF_LIFE_MS, START_MS
from tests.streams.touches import touch as make_touch


class Point(msgspec.Struct, array_like=True):
    """A value whose third layout is read here: the first had x alone, the second named it by its text."""

    x: int
    y: int


def _as_number(values: list[object]) -> list[object]:
    return [int(str(values[0])), *values[1:]]


def _with_y(values: list[object]) -> list[object]:
    return [values[0], 0, *values[1:]]


CODEC: Codec[Point] = Codec("A point", msgspec.msgpack.Decoder(Point), (unchanged, _as_number, _with_y))
encode = msgspec.msgpack.encode


@pytest.mark.parametrize(
    ("value", "point"),
    [
        (encode(["7"]), Point(7, 0)),
        (b"\x01" + encode(["7"]), Point(7, 0)),
        (b"\x02" + encode([7]), Point(7, 0)),
        (b"\x03" + encode([7, 8]), Point(7, 8)),
        (CODEC.encode(Point(7, 8)), Point(7, 8)),
    ],
)
def test_every_layout_is_read(value: bytes, point: Point) -> None:
    assert CODEC.decode(value) == point


@pytest.mark.parametrize("value", [b"\x04\x92\x01\x02", b"\x7f\x90", b"\x05\xdc\x00\x10", b"\x05\xdd\x00\x00\x00\x01"])
def test_a_later_layout_is_refused(value: bytes) -> None:
    with pytest.raises(NewerLayoutError, match=f"^A point has layout {value[0]}, .* up to 3: update this worker"):
        CODEC.decode(value)


@pytest.mark.parametrize(
    "value", [b"", b"\x01", b"\x04", b"{}", b'{"a": 1}', b"7\xc1", b"\x02\x91\xa1a", encode(["x"])]
)
def test_invalid_value_is_distinguished_from_a_later_layout(value: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        CODEC.decode(value)


@given(st.text(min_size=1))
def test_no_text_is_taken_for_a_later_layout(text: str) -> None:
    assert split_layout(text.encode()) == (0, text.encode())


LATER = b"\x7e"
RECORD = "A record of `activity`"


@pytest.mark.parametrize(
    ("read", "value", "what"),
    [
        (decode_record, encode_record(make_touch(START_MS)), RECORD),
        (decode_record, encode_record(Link("a", "b", 1, 2)), RECORD),
        (decode_record, encode_record(Sum("a", "b", 1, None)), RECORD),
        (decode_record, encode_record(Unlink("a", "b", 1, True)), RECORD),
        (decode_record, encode_record(Claim("a", ("b",), 1)), RECORD),
        (decode_state, encode_state(IdentifierState(1, LocalState())), "The state of an identifier"),
        (decode_total, encode_total(Summary()), "The total of an identifier"),
        (read_block, b"\x01" + encode([1, 2, b""]), "A block of event ids"),
        (lambda value: read_watermark({b"w": value}), b"\x01" + encode([1, 2, 3, ()]), "The watermark of a partition"),
    ],
)
def test_everything_that_is_kept_or_sent_has_a_layout(read: Callable[[bytes], object], value: bytes, what: str) -> None:
    read(value)
    with pytest.raises(NewerLayoutError, match=f"{what} has layout 126, .* update this worker"):
        read(LATER + value[1:])


def own_of(*event_ids: str) -> LocalState:
    """Return the state of one identifier after these touches; the first is capped and has every field."""
    own = LocalState()
    for event_id in event_ids:
        touch = make_touch(
            START_MS, event_id, cap=1, cap_value="one", page="a/b", source="google", medium="cpc", traits={"name": "A"}
        )
        fold_touch(own, touch, HALF_LIFE_MS, 30, GAP_MS)
    return own


def revisable() -> LocalState:
    """Return the state of one identifier whose only touch may be revised."""
    own = LocalState()
    single = single_touch_of(make_touch(START_MS, "e", page="a/b"), HALF_LIFE_MS)
    fold_revisable(own, RevisableTouch(3, b"digest", 20_000, ("page", "ad"), single), HALF_LIFE_MS, 30, GAP_MS)
    return own


TIES = Ties({"main|email:a": (3, None)}, {"b": 4}, {"c": (5, b"\x01")}, {"*": (6, True)}, shared=True)
COMPONENT = Component(0.5, 3)
SUMMARY = Summary(
    {"visits": 2}, 1, 1, 3, 4, {"visits": COMPONENT}, {"emails": COMPONENT}, Source(3, "e", "s", "m", "c", "p"),
    Source(4, "f", "s", "m", "c", "p"), [TouchTraits(3, "e", {"name": "A"})], "v1",
)  # fmt: skip
# As they are encoded today. When the test below fails, a layout has changed: add a step to its codec, keep the bytes of
# the former layout, with what they must be read as, in `tests/layouts`, and put the new ones here.
ENCODED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "state of one touch": (
        "039307919f01a165a6766973697473cf0000019254d38000c2cb3ff000000000000092cd0b29cb3ff1aa59c4115e7d01a36f6e65a3612f62a6676f6f676c65a3637063a081a46e616d65a141a27631c0",
        lambda: encode_state(IdentifierState(7, own_of("e"))),
    ),
    "state of many touches": (
        "0393079193029b81a6766973697473020001cf0000019254d38000cf0000019254d38000808096cf0000019254d38000a165a6676f6f676c65a3637063a0a3612f6296cf0000019254d38000a166a6676f6f676c65a3637063a0a3612f629193cf0000019254d38000a16681a46e616d65a141a276319381a676697369747392cd0b29cb3ff1aa59c4115e7d8081cd4e209481a676697369747392cd0b29cb3ff1aa59c4115e7d8081ac7669736974731f311f6f6e6593c40400000000c4083ff0000000000000a1659198000002a165a3612f62a6676f6f676c65c0c09581ac6d61696e7c656d61696c3a619203c081a1620481a1639205c4010181a12a9206c3c3",
        lambda: encode_state(IdentifierState(7, own_of("e", "f"), TIES)),
    ),
    "state of a touch that may be revised": (
        "0393079195039b81a6766973697473010001cf0000019254d38000cf0000019254d3800081a676697369747392cd0b29cb3ff1aa59c4115e7d80c0c090a2763193808081cd4e20948080809198000001a165a3612f62a0c0c093029b81a6766973697473010001cf0000019254d38000cf0000019254d380008080c0c090a2763193808080919503c406646967657374cd4e2092a470616765a261649f01a165a6766973697473cf0000019254d38000c2cb3ff000000000000092cd0b29cb3ff1aa59c4115e7d00a0a3612f62a0a0a080a27631c0",
        lambda: encode_state(IdentifierState(7, revisable())),
    ),
    "total": (
        "019b81a6766973697473020101030481a676697369747392cb3fe00000000000000381a6656d61696c7392cb3fe0000000000000039603a165a173a16da163a1709604a166a173a16da163a170919303a16581a46e616d65a141a27631",
        lambda: encode_total(SUMMARY),
    ),
    "touch": (
        "03dc001801a46d61696ea165a6766973697473a470616765cf0000019254d38000cf0000019254d38000cf0000019254d3800091b86d61696e7c656d61696c3a61406578616d706c652e6f7267c2a466726565cb3ff000000000000000a0a0a0a0a080aa7669736974732f302f31a27631c4010101c0",
        lambda: encode_record(make_touch(START_MS, head=b"\x01", layout=1)),
    ),
    "link": ("039502a161a1620102", lambda: encode_record(Link("a", "b", 1, 2))),
    "sum": ("039503a161a16201c40101", lambda: encode_record(Sum("a", "b", 1, b"\x01"))),
    "unlink": ("039504a161a16201c3", lambda: encode_record(Unlink("a", "b", 1, on=True))),
    "claim": ("039405a16192a162a16301", lambda: encode_record(Claim("a", ("b", "c"), 1))),
    "ping": ("039606a161a16da176a17001", lambda: encode_record(Ping("a", "m", "v", "p", 1))),
    "watermark": ("019405cf0000019254d38000ce240c840092a5656d61696ca570686f6e65", lambda: remembered(b"w")),
    "block of ids": (
        "019305cf0000019254d38000c41079ae8bd9baab748fe88cc1169e76349d",
        lambda: remembered(b"bvisits/20000#0"),
    ),
    "forgotten buckets": ("01920591a87669736974732f31", lambda: forgotten()),
}


def remembered(key: bytes) -> bytes:
    """What a batch of one touch writes under a key of the dedupe state."""
    dedupe = Dedupe(DedupeIndex(), DAY_MS)
    dedupe.judge(bucket_of("visits", START_MS), digest_of("main|email:a", "e"), START_MS)
    changes = (
        DedupeState({}).remember_batch(dedupe, Watermark(5, START_MS, HALF_LIFE_MS, ("email", "phone")), {}).changes
    )
    return changes[key] or b""


def forgotten() -> bytes:
    """What is written when the bucket of an old touch is forgotten."""
    state = {b"bvisits/1#0": remembered(b"bvisits/20000#0"), b"w": encode([5, START_MS + 2 * DAY_MS, 1, []])}
    pending = DedupeState(state).forget_idle(DAY_MS, state)
    assert pending is not None
    return pending.changes[b"c"] or b""


@pytest.mark.parametrize("kind", ENCODED)
def test_no_layout_of_a_value_changes(kind: str) -> None:
    encoded, make = ENCODED[kind]
    assert make().hex() == encoded, f"the layout of a {kind} has changed: see the comment above"
