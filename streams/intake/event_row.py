"""The row of a touch: its values in the column order of `events`, encoded once (schemas.columns)."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.columns import EVENT_HEAD
from schemas.raw_touch import RawTouch
from schemas.row_format import encode_row, text_of, texts_of

_HEAD: Final = tuple((column.name, column.empty) for column in EVENT_HEAD)
_COLUMNS: Final = frozenset(column.name for column in EVENT_HEAD)
# Fields of the contract that the row has in another form.
_NAMES: Final = {"event_id", "customer_id", "email", "phone", "anonymous_id", "ids"}
_ELSEWHERE: Final = frozenset({"tenant", "occurred_at", "sent_at", "properties"} | _NAMES)


def flat(raw: RawTouch, aside: Mapping[str, object]) -> dict[str, Any]:
    """Return a raw touch by column.

    A field of the schema that has a column fills it; everything else is a property, also `aside` (fields that could
    not be read, as they were sent) unless the message has a property of that name. A field of no schema is a property
    even if a column has its name: intake determines `bot` or `country`, no producer does.
    """
    fields: dict[str, Any] = {}
    properties: dict[str, str] = {}
    for name, value in raw.fields.items():
        if name in _ELSEWHERE or value is None:
            continue
        if name in _COLUMNS:
            fields[name] = value
        else:
            properties[name] = text_of(value)
    for others in (aside, raw.unnamed, raw.properties):
        properties |= texts_of(others)
    fields["properties"] = properties
    return fields


def encode_head(fields: Mapping[str, object]) -> bytes:
    """Return the first columns of the row, encoded."""
    return encode_row([fields.get(name, empty) for name, empty in _HEAD])
