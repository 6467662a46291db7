"""Fields of raw touches by channel, derived from the schemas, for the mapping of columns."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Final, get_args

from schemas.channels import CHANNELS
from schemas.column import MOMENT, MONEY, REAL


def _columns_of(type_: str) -> frozenset[str]:
    return frozenset(column.name for model in CHANNELS.values() for column in model.COLUMNS if column.type == type_)


NUMBERS: Final = _columns_of(REAL)
WHOLE_NUMBERS: Final = frozenset(["schema_version", "revision"])
MONEY_FIELDS: Final = _columns_of(MONEY)
TIMES: Final = frozenset(["occurred_at", "sent_at"]) | _columns_of(MOMENT)
NESTED: Final = ("ids.", "app.", "properties.")
"""Prefixes of nested fields: `ids.crm`, `app.version`, `properties.plan`."""


@cache
def field_names(channel: str) -> frozenset[str]:
    """Return the fields of a channel's touches, except for nested ones."""
    return frozenset(CHANNELS[channel].model_fields) - {"ids", "properties"}


@cache
def required_fields(channel: str) -> tuple[str, ...]:
    """Return the fields that every touch of the channel must have."""
    return tuple(name for name, field in CHANNELS[channel].model_fields.items() if field.is_required())


def required_fields_of(channel: str, type_: object) -> list[str]:
    """Return the fields that every touch of the channel must have that has this type."""
    model = CHANNELS[channel]
    return [*required_fields(channel), *(name for name in model.REQUIRED_BY if model.requires(name, type_))]


@cache
def touch_types(channel: str) -> tuple[str, ...]:
    """Return the types of a channel's touches, in the order of its schema."""
    return get_args(CHANNELS[channel].model_fields["type"].annotation)


def is_field(channel: str, name: str) -> bool:
    """Return whether a column can be mapped to `name`: a field of the channel, or a nested one such as `ids.NAME`."""
    outer, _, inner = name.partition(".")
    return name in field_names(channel) or (
        name.startswith(NESTED) and bool(inner) and outer in CHANNELS[channel].model_fields
    )


def shared_field(field_of: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return (field, column, other column) of two columns with one field, or None. Dropped columns ('') have none."""
    column_of: dict[str, str] = {}
    for column, name in field_of.items():
        if name and name in column_of:
            return name, column_of[name], column
        column_of[name] = column
    return None


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return ` (did you mean 'recipient'?)` with the one of `names` most similar to `name`, '' if none is similar."""
    close = get_close_matches(name, [one for one in names if one], n=1, cutoff=0.7)
    return f" (did you mean {close[0]!r}?)" if close else ""
