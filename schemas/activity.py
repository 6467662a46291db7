"""Encoding of the records on `activity`: touches, pings, and messages and commands about identity."""

from typing import Final

import msgspec

from schemas.columns import EVENT_HEAD
from schemas.identity_messages import Claim, Link, Sum, Unlink
from schemas.pings import Ping
from schemas.row_layouts import EVENTS_LAYOUT, upgrade_rows
from schemas.touch import Touch
from schemas.value_layouts import Codec, check_layout, unchanged

Record = Touch | Link | Sum | Unlink | Claim | Ping
# Step 0 numbered the layouts, step 1 added pings, step 2 the revision of a touch.
_STEPS: Final = (unchanged, unchanged, unchanged)
_CODEC: Final[Codec[Record]] = Codec("A record of `activity`", msgspec.msgpack.Decoder(Record), _STEPS)

RECORD_MARK: Final = _CODEC.mark  # the byte in front of every record
encode_record: Final = _CODEC.encode


def decode_record(data: bytes) -> Record:
    """Return a record; the `head` of a touch has all columns, whichever layout it was written in.

    Raises NewerLayoutError, and `msgspec.DecodeError` if the bytes are not a record.
    """
    record = _CODEC.decode(data)
    if type(record) is Touch and record.layout != EVENTS_LAYOUT:
        return _fill_head(record)
    return record


def _fill_head(touch: Touch) -> Touch:
    check_layout("The row of a touch on `activity`", touch.layout, EVENTS_LAYOUT)
    head = upgrade_rows("events", touch.head, EVENT_HEAD, touch.layout, count=1)
    return msgspec.structs.replace(touch, head=head, layout=EVENTS_LAYOUT)
