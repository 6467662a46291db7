"""The row of a touch: its values in the column order of `events`, encoded once (schemas.columns)."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from schemas.columns import EVENT_HEAD
from schemas.items import Item
from schemas.property_values import numbers_of, texts_of
from schemas.raw_touch import RawTouch
from schemas.row_binary import encode_values

_COLUMNS: Final = frozenset(column.name for column in EVENT_HEAD)
# Fields of the contract that the row has in another form.
_NAMES: Final = {"event_id", "customer_id", "email", "phone", "anonymous_id", "ids"}
_ELSEWHERE: Final = frozenset({"tenant", "occurred_at", "sent_at", "properties"} | _NAMES)


def flat(raw: RawTouch, aside: Mapping[str, Any]) -> dict[str, Any]:
    """Return a raw touch by column.

    A field of the schema that has a column fills it, and so does a member of an object of the schema, such as the name
    of an `app`, or of a list of objects, such as the prices of `items`; everything else is a property, also `aside`
    (fields that could not be read, as they were sent) unless the message has a property of that name. A field of no
    schema is a property even if a column has its name: intake determines `bot` or `country`, no producer does.
    """
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for name, value in raw.fields.items():
        if name in _ELSEWHERE or value is None:
            continue
        if isinstance(value, BaseModel):
            fields |= {f"{name}_{inner}": part for inner, part in value.__dict__.items() if part is not None}
            if value.__pydantic_extra__:
                aside = {**aside, name: {**value.__pydantic_extra__, **aside.get(name, {})}}
        elif isinstance(value, dict):
            fields[name] = texts_of(value)
        elif isinstance(value, list):
            fields |= {f"{name}_{inner}": [_entry(one, inner) for one in value] for inner in Item.model_fields}
            if any(one.__pydantic_extra__ for one in value):
                aside = {**aside, name: [one.__pydantic_extra__ for one in value]}
        elif name in _COLUMNS:
            fields[name] = value
        else:
            given[name] = value
    for others in (raw.unnamed, raw.properties):
        given |= {name: value for name, value in others.items() if value is not None}
    fields["properties"] = texts_of(aside) | texts_of(given)
    fields["numbers"] = numbers_of(given)
    return fields


def _entry(item: Item, name: str) -> object:
    value = item.__dict__[name]
    return Item.EMPTY[name] if value is None else value


def encode_head(fields: Mapping[str, object]) -> bytes:
    """Return the first columns of the row, encoded."""
    return encode_values(EVENT_HEAD, [fields.get(column.name, column.empty) for column in EVENT_HEAD])
