"""An identifier within a batch: its changed state, and the effects of the changes at the end of the batch.

A row has the offset of the change that it shows, not of a later record that changed something else: the store skips
offsets that it has, and a replay emits each change again at its own offset.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field

from schemas.identity_messages import Sum
from streams.engage.profile_message import encode_profile
from streams.engage.row_values import local_values, profile_values
from streams.engage.rows import EncodedIdentifier, TableRows, identity_row, piece_row, profile_row
from streams.identity.hierarchy import notify_parent
from streams.identity.ties import parent_of
from streams.profile.identifier_state import IdentifierState, encode_total, total_of


class Overlay(Struct, gc=False):
    """`parent_changed_at` and `total_changed_at`: offset of the last change in the batch, -1 if unchanged.

    A change counts even if a later one in the batch undoes it: the state in between may have been emitted before a
    crash. A change of the parent is also one of the total.
    """

    key: str
    identifier: EncodedIdentifier
    state: IdentifierState
    before: int  # the state's offset when the batch began; -1 means that there was no state
    days: dict[int, int] = field(default_factory=dict)  # changed session days that are still open -> offset
    parent_changed_at: int = -1
    total_changed_at: int = -1


class ProfileRecord(NamedTuple):
    """A record for the topic `profiles`. `value` None means that the identifier is no longer a profile.

    `version` is the offset of the change. A value has it inside, too.
    """

    key: bytes
    value: bytes | None
    version: int


def advance(overlay: Overlay, offset: int) -> None:
    """Mark the record at `offset` as folded. The first record of an identifier changes its parent and total."""
    if overlay.state.offset < 0:
        overlay.parent_changed_at = overlay.total_changed_at = offset
    overlay.state.offset = offset


def emit_closing_days(overlay: Overlay, oldest_open: int, partition: int, rows: TableRows) -> None:
    """Append the rows of the days that the next touch closes, whose runs are dropped from the state then."""
    if min(overlay.days, default=oldest_open) < oldest_open:
        _emit_days(overlay, [day for day in overlay.days if day < oldest_open], partition, rows)


def emit_effects(
    overlay: Overlay, partition: int, rows: TableRows, sums: list[Sum], profiles: list[ProfileRecord]
) -> None:
    """At the end of the batch: append the rows, sums and profiles of what changed to the last three arguments."""
    state, identifier, parent_changed_at = overlay.state, overlay.identifier, overlay.parent_changed_at
    ties, total_changed_at = state.known_ties, overlay.total_changed_at
    if overlay.days:
        _emit_days(overlay, tuple(overlay.days), partition, rows)
    if parent_changed_at >= 0:
        row = identity_row(identifier, ties, partition, parent_changed_at)
        rows.identities.append((parent_changed_at, row))
    if total_changed_at < 0:
        return
    parent = parent_of(ties)
    if parent is None:
        values = profile_values(total_of(state)) if ties.children else local_values(state.local)
        rows.profiles.append((total_changed_at, profile_row(identifier, "", values, partition, total_changed_at)))
        value = encode_profile(identifier, values, total_changed_at)
        profiles.append(ProfileRecord(identifier.key, value, total_changed_at))
        return
    whole = total_of(state)
    sums += notify_parent(overlay.key, ties, encode_total(whole), state.offset)
    if parent_changed_at >= 0:  # otherwise it was a child before, and only its parent needs the new total
        row = profile_row(identifier, parent, profile_values(whole), partition, parent_changed_at)
        rows.profiles.append((parent_changed_at, row))
        profiles.append(ProfileRecord(identifier.key, None, parent_changed_at))


def _emit_days(overlay: Overlay, days: Iterable[int], partition: int, rows: TableRows) -> None:
    for day in days:
        offset = overlay.days.pop(day)
        row = piece_row(overlay.identifier, overlay.state.local, day, partition, offset)
        rows.session_pieces.append((offset, row))
