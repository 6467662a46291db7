"""Rows of an identifier from its stored state, equal to those that the fold emitted last."""

from typing import NamedTuple

from schemas.row_binary import encode_int64, encode_uint64
from streams.engage.row_values import profile_values
from streams.engage.rows import encode_identifier, identity_row, profile_row
from streams.identity.ties import parent_of
from streams.profile.identifier_state import decode_state, total_of
from streams.profile.touch_fold import total


class StateRows(NamedTuple):
    """Rows of `profiles` and `identities` (schemas.columns).

    `touches` is a row of (tenant, identifier, touches of the local state, first_seen in ms).
    """

    profile: bytes
    identity: bytes
    touches: bytes


def rows_of_state(key: bytes, value: bytes, partition: int) -> StateRows:
    """Return the rows of one entry of the states' changelog. Raises NewerLayoutError."""
    state, identifier = decode_state(value), encode_identifier(key.decode())
    ties = state.known_ties
    values = profile_values(total_of(state))
    local = total(state.local)
    return StateRows(
        profile_row(identifier, parent_of(ties) or "", values, partition, state.offset),
        identity_row(identifier, ties, partition, state.offset),
        identifier.columns + encode_uint64(sum(local.touches.values())) + encode_int64(local.first_seen_ms),
    )
