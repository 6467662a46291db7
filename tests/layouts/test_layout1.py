"""What was written before touches could be revised is read into the right values.

States had layout 1, records of `activity` layout 1, and layout 2 after pings were added.
"""

import pytest

from schemas.activity import Record, decode_record
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.row_layouts import EVENTS_LAYOUT
from schemas.touch import Touch
from streams.profile.identifier_state import decode_state, encode_state
from tests.schemas.test_value_layouts import TIES, own_of
from tests.streams.touches import START_MS
from tests.streams.touches import touch as make_touch

STATE_OF_ONE = (
    "019307919f01a165a6766973697473cf0000019254d38000c2cb3ff000000000000092cd0b29cb3ff1aa59c4115e7d01a36f6e65a3612f62a6676f"
    "6f676c65a3637063a081a46e616d65a141a27631c0"
)
STATE_OF_MANY = (
    "0193079193029b81a6766973697473020001cf0000019254d38000cf0000019254d38000808096cf0000019254d38000a165a6676f6f676c65a363"
    "7063a0a3612f6296cf0000019254d38000a166a6676f6f676c65a3637063a0a3612f629193cf0000019254d38000a16681a46e616d65a141a27631"
    "9381a676697369747392cd0b29cb3ff1aa59c4115e7d8081cd4e209481a676697369747392cd0b29cb3ff1aa59c4115e7d8081ac7669736974731f"
    "311f6f6e6593c40400000000c4083ff0000000000000a1659198000002a165a3612f62a6676f6f676c65c0c09581ac6d61696e7c656d61696c3a61"
    "9203c081a1620481a1639205c4010181a12a9206c3c3"
)
TOUCH = (  # its row's layout is put behind it below
    "01dc001701a46d61696ea165a6766973697473a470616765cf0000019254d38000cf0000019254d38000cf0000019254d3800091b86d61696e7c65"
    "6d61696c3a61406578616d706c652e6f7267c2a466726565cb3ff000000000000000a0a0a0a0a080aa7669736974732f302f31a27631c40101"
)


@pytest.mark.parametrize(
    ("written", "offset", "ids", "ties"), [(STATE_OF_ONE, 7, ("e",), None), (STATE_OF_MANY, 7, ("e", "f"), TIES)]
)
def test_a_state_is_read(written: str, offset: int, ids: tuple[str, ...], ties: object) -> None:
    state = decode_state(bytes.fromhex(written))
    assert (state.offset, state.ties) == (offset, ties)
    again = decode_state(encode_state(state))
    state.local = own_of(*ids)
    assert encode_state(again) == encode_state(state)


@pytest.mark.parametrize("layout", [1, 2])
def test_a_touch_is_read_as_one_that_cannot_be_revised(layout: int) -> None:
    touch = decode_record(bytes((layout,)) + bytes.fromhex(f"{TOUCH}{EVENTS_LAYOUT:02x}")[1:])
    assert isinstance(touch, Touch)
    assert touch == make_touch(START_MS, head=b"\x01")
    assert touch.revision is None


@pytest.mark.parametrize("layout", [1, 2])
@pytest.mark.parametrize(
    ("written", "record"),
    [
        ("019502a161a1620102", Link("a", "b", 1, 2)),
        ("019503a161a16201c40101", Sum("a", "b", 1, b"\x01")),
        ("019504a161a16201c3", Unlink("a", "b", 1, on=True)),
        ("019405a16192a162a16301", Claim("a", ("b", "c"), 1)),
    ],
)
def test_messages_about_identity_are_read(layout: int, written: str, record: Record) -> None:
    assert decode_record(bytes((layout,)) + bytes.fromhex(written)[1:]) == record
