"""The rows that leave the fold, in the column order of schemas.columns, each with the offset it came from.

A row is its values one after another in msgpack, so its parts are encoded by themselves, those that repeat only once.
"""

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

import msgspec

from schemas.identifiers.identifier import identifier_in
from schemas.row_format import encode_event_tail, encode_long, encode_row, encode_short, encode_source, encode_value
from streams.engage.row_values import piece_values
from streams.identity.ties import NO_TIES, Ties, conflicts, placement_of
from streams.profile.local_state import LocalState

Fact = tuple[int, bytes]  # activity offset, encoded row


class Name(msgspec.Struct, frozen=True, gc=False):
    """An identifier as rows and messages have it."""

    tenant: str
    identifier: str  # namespace:value
    key: bytes  # of its state and of what is published
    column: bytes  # `identifier`, encoded
    columns: bytes  # `tenant` and `identifier`, encoded


@dataclass(slots=True)
class Rows:
    """What a batch brings to each table."""

    events: list[Fact] = field(default_factory=list)
    profiles: list[Fact] = field(default_factory=list)
    session_pieces: list[Fact] = field(default_factory=list)
    identities: list[Fact] = field(default_factory=list)

    def tables(self) -> dict[str, list[Fact]]:
        """Facts by table, in the order of their offsets."""
        named = {
            "events": self.events,
            "profiles": self.profiles,
            "session_pieces": self.session_pieces,
            "identities": self.identities,
        }
        return {table: sorted(facts, key=itemgetter(0)) for table, facts in named.items() if facts}


def name_of(key: str) -> Name:
    """The parts of a key `tenant|namespace:value`; of the empty one, too, which is nobody's."""
    tenant, identifier = identifier_in(key)
    column = encode_value(identifier)
    return Name(tenant, identifier, key.encode(), column, encode_value(tenant) + column)


NOBODY: Final = name_of("")


def event_row(
    head: bytes, owner: Name, weight: float, too_late: bool, beyond_window: bool, partition: int, offset: int
) -> bytes:
    """A touch's row: what intake encoded, and what the fold found out."""
    return head + owner.column + encode_event_tail(weight, too_late, beyond_window, partition, offset)


def profile_row(name: Name, parent: str, values: list[object], partition: int, offset: int) -> bytes:
    """A profile as it is now, of `profile_values`; `parent` is not empty if it is none any more."""
    place = identifier_in(parent)[1] if parent else ""
    return name.columns + encode_long([place, *values]) + encode_source(partition, offset)


def piece_row(name: Name, local: LocalState, day: int, partition: int, offset: int) -> bytes:
    """All runs of one identifier's UTC day."""
    return name.columns + encode_short((day, *piece_values(local, day))) + encode_source(partition, offset)


def identity_row(name: Name, ties: Ties, partition: int, offset: int) -> bytes:
    """Whose an identifier is, and why."""
    standing = _ALONE if ties is NO_TIES else _standing(ties)
    return name.columns + standing + encode_source(partition, offset)


def _standing(ties: Ties) -> bytes:
    """The columns `parent` to `conflicts`."""
    place = placement_of(ties)
    parent = identifier_in(place.parent)[1] if place.parent else ""
    lost = [identifier_in(target)[1] for target, _ in conflicts(ties)]
    return encode_row([parent, place.since or 0, place.why.value, lost])


_ALONE: Final = _standing(NO_TIES)
