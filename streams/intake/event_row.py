"""The row a touch becomes: its values in the column order of `events`, encoded once (schemas.columns)."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.columns import EVENT_HEAD
from schemas.raw_touch import RawTouch
from schemas.row_format import encode_row, text_of, texts_of

_HEAD: Final = tuple((column.name, column.empty) for column in EVENT_HEAD)
_COLUMNS: Final = frozenset(column.name for column in EVENT_HEAD)
# What is in the contract but stands in the row in another form.
_NAMES: Final = {"event_id", "customer_id", "email", "phone", "anonymous_id", "ids"}
_ELSEWHERE: Final = frozenset({"tenant", "occurred_at", "sent_at", "properties"} | _NAMES)


def flat(raw: RawTouch, aside: Mapping[str, object]) -> dict[str, Any]:
    """A raw touch by column: a field of the schema that has a column fills it, everything else is a property, `aside`
    too (fields that could not be read, as they came), unless the message has a property of that name.

    What no schema names is a property even if there is a column of that name: `bot` or `country` are ours to tell.
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
    """The first columns of the row."""
    return encode_row([fields.get(name, empty) for name, empty in _HEAD])
