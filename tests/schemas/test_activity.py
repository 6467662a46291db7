"""Records of `activity` are decoded as they were encoded; others and later layouts are refused."""

import msgspec
import pytest

from schemas.activity import RECORD_MARK, Record, decode_record, encode_record
from schemas.columns import EVENT_HEAD
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.pings import Ping
from schemas.row_layouts import EVENTS_LAYOUT
from schemas.value_layouts import NewerLayoutError
from tests.schemas.column_types import read_row
from tests.streams.engage.stage_scenarios import make_touch
from tests.tables import table

TOUCH = msgspec.structs.replace(make_touch("e1", 1_795_852_800_000, ("email:ada@x.example",)), layout=EVENTS_LAYOUT)


@table(
    "record",
    [
        TOUCH,
        Link("main|anonymous_id:v", "main|email:a", 7, 1_795_852_800_000),
        Link("main|anonymous_id:v", "main|email:a", 7, None),
        Sum("main|email:a", "main|anonymous_id:v", 9, b"total"),
        Sum("main|email:a", "main|anonymous_id:v", 9, None),
        Unlink("main|anonymous_id:v", "*", 1_795_852_800_000, True),
        Claim("main|email:a", ("main|anonymous_id:v", "main|phone:+49"), 1_795_852_800_000),
        Ping("main|anonymous_id:v", "main", "visits", "p-1", 41_500),
        Ping("", "main", "visits", "p-1", 0),
    ],
)
def test_encoded_record_is_decoded(record: Record) -> None:
    encoded = encode_record(record)
    assert encoded.startswith(RECORD_MARK)
    assert decode_record(encoded) == record


@pytest.mark.parametrize("layout", [b"", b"\x01"])
def test_record_of_a_former_layout_is_decoded(layout: bytes) -> None:
    link = Link("main|anonymous_id:v", "main|email:a", 7, None)
    assert decode_record(layout + encode_record(link)[1:]) == link


@table("data", [b"", b"\x00", b"{}", b"\xc1", RECORD_MARK, RECORD_MARK + b"\x93\x02\xa1x"])
def test_bytes_that_are_not_a_record_are_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_record(data)


def test_a_touch_of_a_later_layout_is_refused() -> None:
    later = msgspec.structs.replace(TOUCH, layout=EVENTS_LAYOUT + 1)
    with pytest.raises(NewerLayoutError):
        decode_record(encode_record(later))


def test_the_head_of_a_touch_has_all_columns() -> None:
    found = decode_record(encode_record(TOUCH))
    assert read_row(getattr(found, "head", b""), EVENT_HEAD).keys() == {column.name for column in EVENT_HEAD}
