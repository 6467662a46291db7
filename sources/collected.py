"""A touch that an adapter made of a client's event, before the collector encodes it for a raw topic."""

from typing import NamedTuple


class Collected(NamedTuple):
    """A touch that an adapter made of a client's event.

    `channel` names the raw topic (a key of `schemas.channels.CHANNELS`); `touch` has the fields of its message, in the
    forms that the contract takes.
    """

    channel: str
    touch: dict[str, object]
