"""Rows that the fold emits, in the column order of schemas.columns, each with the activity offset of its change.

A row is its values in msgpack, one after another (schemas.row_format), so groups of columns that repeat are encoded
once.
"""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

import msgspec

from schemas.identifiers.identifier import identifier_in
from schemas.pings import Ping
from schemas.row_format import encode_event_tail, encode_long, encode_row, encode_short, encode_source, encode_value
from streams.engage.row_values import ProfileValues, piece_values
from streams.identity.ties import NO_TIES, Ties, conflicts, placement_of
from streams.profile.local_state import LocalState

OffsetRow = tuple[int, bytes]  # activity offset, encoded row


class EncodedIdentifier(msgspec.Struct, frozen=True, gc=False):
    """An identifier in the forms that rows and messages need."""

    tenant: str
    identifier: str  # namespace:value
    key: bytes  # of its state and of its profile message
    column: bytes  # `identifier`, encoded
    columns: bytes  # `tenant` and `identifier`, encoded


@dataclass(slots=True)
class TableRows:
    """The rows of a batch by table."""

    events: list[OffsetRow] = field(default_factory=list)
    profiles: list[OffsetRow] = field(default_factory=list)
    session_pieces: list[OffsetRow] = field(default_factory=list)
    identities: list[OffsetRow] = field(default_factory=list)
    page_times: list[OffsetRow] = field(default_factory=list)

    def tables(self) -> dict[str, list[OffsetRow]]:
        """Return the rows of each table that has some, in the order of their offsets."""
        by_table = {
            "events": self.events,
            "profiles": self.profiles,
            "session_pieces": self.session_pieces,
            "identities": self.identities,
            "page_times": self.page_times,
        }
        return {table: sorted(rows, key=itemgetter(0)) for table, rows in by_table.items() if rows}


def encode_identifier(key: str) -> EncodedIdentifier:
    """Return the forms of a key `tenant|namespace:value`. The empty key stands for touches without an owner."""
    tenant, identifier = identifier_in(key)
    column = encode_value(identifier)
    return EncodedIdentifier(tenant, identifier, key.encode(), column, encode_value(tenant) + column)


NO_OWNER: Final = encode_identifier("")
_NO_TEXT: Final = encode_value("")


def event_row(
    head: bytes,
    owner: EncodedIdentifier,
    weight: float,
    too_late: bool,
    beyond_window: bool,
    change: int,
    partition: int,
    offset: int,
) -> bytes:
    """Return the row of a touch: the head that intake encoded, and the result of the fold.

    `change` is 1, or 2 if it is of a revision.
    """
    return head + owner.column + encode_event_tail(weight, too_late, beyond_window, change, partition, offset)


def profile_row(
    identifier: EncodedIdentifier, parent: str, values: ProfileValues, partition: int, offset: int
) -> bytes:
    """Return the row of a profile. `parent` is the key of its parent; an identifier that has one is no profile."""
    parent_column = encode_value(identifier_in(parent)[1]) if parent else _NO_TEXT
    return identifier.columns + parent_column + encode_long(values) + encode_source(partition, offset)


def piece_row(identifier: EncodedIdentifier, local: LocalState, day: int, partition: int, offset: int) -> bytes:
    """Return the row of all runs of an identifier on a UTC day."""
    return identifier.columns + encode_short((day, *piece_values(local, day))) + encode_source(partition, offset)


def identity_row(identifier: EncodedIdentifier, ties: Ties, partition: int, offset: int) -> bytes:
    """Return the row of an identifier's parent, and of the reason for it."""
    placement = _NO_PARENT if ties is NO_TIES else _encode_placement(ties)
    return identifier.columns + placement + encode_source(partition, offset)


def page_time_row(ping: Ping, partition: int, offset: int) -> bytes:
    """Return the row of a page view's time in the foreground, as one ping reports it."""
    identifier = identifier_in(ping.to)[1] if ping.to else ""
    return encode_short((ping.tenant, identifier, ping.page_id, ping.engaged_ms)) + encode_source(partition, offset)


def _encode_placement(ties: Ties) -> bytes:
    """Return the columns `parent` to `conflicts`."""
    placement = placement_of(ties)
    parent = identifier_in(placement.parent)[1] if placement.parent else ""
    lost = [identifier_in(target)[1] for target, _ in conflicts(ties)]
    return encode_row([parent, placement.since or 0, placement.why.value, lost])


_NO_PARENT: Final = _encode_placement(NO_TIES)
