"""The fields a raw touch may have, by channel, as importers of tables see them. The schemas say which there are."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Final, get_args

from schemas.channels import CHANNELS
from schemas.column import REAL

NUMBERS: Final = frozenset(
    column.name for model in CHANNELS.values() for column in model.COLUMNS if column.type == REAL
)
TIMES: Final = frozenset(["occurred_at", "sent_at"])
NESTED: Final = ("ids.", "properties.")
"""A field may also be one of these and a name: `ids.crm`, `properties.plan`."""


@cache
def field_names(channel: str) -> frozenset[str]:
    """The plain fields of a channel's touches."""
    return frozenset(CHANNELS[channel].model_fields) - {"ids", "properties"}


@cache
def required_fields(channel: str) -> tuple[str, ...]:
    """Those that every touch of the channel must have."""
    return tuple(name for name, field in CHANNELS[channel].model_fields.items() if field.is_required())


@cache
def touch_types(channel: str) -> tuple[str, ...]:
    """The types a channel's touches may have, in the order of its schema."""
    return get_args(CHANNELS[channel].model_fields["type"].annotation)


def is_field(channel: str, name: str) -> bool:
    """Whether a column may be given to `name`: a plain field, `ids.NAME` or `properties.NAME`."""
    return name in field_names(channel) or (name.startswith(NESTED) and bool(name.partition(".")[2]))


def suggestion(name: str, names: Iterable[str]) -> str:
    """` (did you mean 'recipient'?)` where one of `names` is spelled nearly like `name`, otherwise nothing."""
    close = get_close_matches(name, [one for one in names if one], n=1, cutoff=0.7)
    return f" (did you mean {close[0]!r}?)" if close else ""
