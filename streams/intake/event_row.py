"""The row a touch becomes: its values in the column order of `events`, encoded once (schemas.columns)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from schemas.columns import EVENT_HEAD
from schemas.raw_touch import RawTouch

_encode: Final = msgspec.msgpack.Encoder().encode
_to_json: Final = msgspec.json.Encoder().encode
_HEAD: Final = tuple((column.name, column.empty) for column in EVENT_HEAD)
_COLUMNS: Final = frozenset(column.name for column in EVENT_HEAD)
# What is in the contract but stands in the row in another form.
_NAMES: Final = {"event_id", "customer_id", "email", "phone", "anonymous_id", "ids"}
_ELSEWHERE: Final = frozenset({"tenant", "occurred_at", "sent_at", "properties"} | _NAMES)
_SMALL_ARRAY: Final = 16  # from here on msgpack's array header is three bytes long, below it is one


def text_of(value: object) -> str:
    """Text as it is, everything else as JSON."""
    return value if isinstance(value, str) else _to_json(value).decode()


def texts_of(properties: Mapping[str, object]) -> dict[str, str]:
    """Properties as they are kept: every value a text, null left out."""
    return {name: text_of(value) for name, value in properties.items() if value is not None}


def encode_row(values: Iterable[object]) -> bytes:
    """Values one after another, as ClickHouse's `MsgPack` format has them: an array without its header."""
    row = list(values)
    return _encode(row)[1 if len(row) < _SMALL_ARRAY else 3 :]


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
