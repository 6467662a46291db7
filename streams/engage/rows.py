"""Rows that the fold emits, in the column order of schemas.columns, each with the activity offset of its change.

Columns that repeat are encoded once and joined (schemas.row_binary).
"""

from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from struct import Struct as Layout
from typing import Final

import msgspec

from schemas.identifiers.identifier import identifier_in
from schemas.pings import Ping
from schemas.row_binary import (
    EMPTY,
    NO_TEXT,
    encode_event_tail,
    encode_float64,
    encode_int64,
    encode_int64s,
    encode_length,
    encode_map,
    encode_source,
    encode_text,
    encode_text_map,
    encode_texts,
    encode_uint64,
)
from streams.engage.row_values import ProfileValues, piece_values
from streams.identity.ties import NO_TIES, Ties, conflicts, placement_of
from streams.profile.local_state import LocalState

OffsetRow = tuple[int, bytes]  # activity offset, encoded row
_LABELS: Final = 1_024  # of the tenants and channels, as many are kept encoded
_TEXTS: Final = 16_384  # of the sources of profiles, as many


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
    column = encode_text(identifier)
    return EncodedIdentifier(tenant, identifier, key.encode(), column, _encode_label(tenant) + column)


_encode_label: Final = lru_cache(_LABELS)(encode_text)  # of a text of few distinct values
_encode_counts: Final = Layout("<QQIqq").pack  # touches, bots, identifiers, first_seen, last_seen
_encode_run: Final = Layout("<HBqBqBIB").pack  # day, and lengths of arrays in front of their only entries
_ONE: Final = encode_length(1)
_encode_day: Final = Layout("<H").pack
_encode_uint32: Final = Layout("<I").pack
_encode_ranks: Final = Layout("<dd").pack


@lru_cache(_TEXTS)
def _encode_texts_of(*texts: str) -> bytes:
    """Return columns that many profiles have in common."""
    return b"".join(map(encode_text, texts))


NO_OWNER: Final = encode_identifier("")


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
    return b"".join(
        (
            identifier.columns,
            encode_text(identifier_in(parent)[1]) if parent else NO_TEXT,
            _encode_counts(values.touches, values.bots, values.identifiers, values.first_seen_ms, values.last_seen_ms),
            encode_map(values.touches_by, _encode_label, encode_uint64),
            _encode_ranks(values.rank_pos, values.rank_neg),
            encode_map(values.rank_pos_by, _encode_label, encode_float64) if values.rank_pos_by else EMPTY,
            encode_map(values.rank_neg_by, _encode_label, encode_float64) if values.rank_neg_by else EMPTY,
            _encode_texts_of(values.first_source, values.first_medium, values.first_campaign, values.first_page),
            _encode_texts_of(values.last_source, values.last_medium, values.last_campaign, values.last_page),
            encode_text_map(values.traits),
            _encode_texts_of(values.country, values.device, values.rules_version),
            encode_source(partition, offset),
        )
    )


def piece_row(identifier: EncodedIdentifier, local: LocalState, day: int, partition: int, offset: int) -> bytes:
    """Return the row of all runs of an identifier on a UTC day."""
    firsts, lasts, touches, entry_ids, landing_pages, sources = piece_values(local, day)
    if len(firsts) == 1:  # as on most days
        return b"".join(
            (
                identifier.columns,
                _encode_run(day, 1, firsts[0], 1, lasts[0], 1, touches[0], 1),
                encode_text(entry_ids[0]),
                _ONE,
                encode_text(landing_pages[0]),
                _ONE,
                encode_text(sources[0]),
                encode_source(partition, offset),
            )
        )
    return b"".join(
        (
            identifier.columns,
            _encode_day(day),
            encode_int64s(firsts),
            encode_int64s(lasts),
            encode_length(len(touches)),
            *map(_encode_uint32, touches),
            encode_texts(entry_ids),
            encode_texts(landing_pages),
            encode_texts(sources),
            encode_source(partition, offset),
        )
    )


def identity_row(identifier: EncodedIdentifier, ties: Ties, partition: int, offset: int) -> bytes:
    """Return the row of an identifier's parent, and of the reason for it."""
    placement = _NO_PARENT if ties is NO_TIES else _encode_placement(ties)
    return identifier.columns + placement + encode_source(partition, offset)


def page_time_row(ping: Ping, partition: int, offset: int) -> bytes:
    """Return the row of a page view's time in the foreground, as one ping reports it."""
    identifier = identifier_in(ping.to)[1] if ping.to else ""
    columns = _encode_label(ping.tenant) + encode_text(identifier) + encode_text(ping.page_id)
    return columns + encode_uint64(ping.engaged_ms) + encode_source(partition, offset)


def _encode_placement(ties: Ties) -> bytes:
    """Return the columns `parent` to `conflicts`."""
    placement = placement_of(ties)
    parent = identifier_in(placement.parent)[1] if placement.parent else ""
    lost = [identifier_in(target)[1] for target, _ in conflicts(ties)]
    columns = encode_text(parent) + encode_int64(placement.since or 0) + encode_text(placement.why.value)
    return columns + encode_texts(lost)


_NO_PARENT: Final = _encode_placement(NO_TIES)
