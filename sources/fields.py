"""The fields a raw touch may have, by channel, as importers of tables see them. The schemas say which there are."""

from functools import cache
from typing import Final

from schemas.channels import CHANNELS

NUMBERS: Final = frozenset(["engaged_ms", "duration_s", "wait_s"])
TIMES: Final = frozenset(["occurred_at", "sent_at"])
NESTED: Final = ("ids.", "properties.")
"""A field may also be one of these and a name: `ids.crm`, `properties.plan`."""


@cache
def known(channel: str) -> frozenset[str]:
    """The plain fields of a channel's touches."""
    return frozenset(CHANNELS[channel].model_fields) - {"ids", "properties"}


@cache
def needed(channel: str) -> tuple[str, ...]:
    """Those that every touch of the channel must have."""
    return tuple(name for name, field in CHANNELS[channel].model_fields.items() if field.is_required())
