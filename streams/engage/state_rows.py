"""Rows of an identifier from its stored state, equal to those that the fold emitted last. Pure."""

from typing import NamedTuple

from schemas.row_format import encode_row
from streams.engage.row_values import profile_values
from streams.engage.rows import identity_row, name_of, profile_row
from streams.identity.ties import parent_of
from streams.profile.identifier_state import decode_state, total_of
from streams.profile.touch_fold import total


class StateRows(NamedTuple):
    """Rows of `profiles` and `identities` (schemas.columns), and a row of (tenant, identifier, touches of its own,
    first_seen in ms)."""

    profile: bytes
    identity: bytes
    touches: bytes


def rows_of_state(key: bytes, value: bytes, partition: int) -> StateRows:
    """The rows of one entry of the states' changelog. Raises NewerLayout."""
    state, name = decode_state(value), name_of(key.decode())
    ties = state.known_ties
    values = profile_values(total_of(state))
    own = total(state.local)
    return StateRows(
        profile_row(name, parent_of(ties) or "", values, partition, state.offset),
        identity_row(name, ties, partition, state.offset),
        encode_row([name.tenant, name.identifier, sum(own.touches.values()), own.first_seen_ms]),
    )
