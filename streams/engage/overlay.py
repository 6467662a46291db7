"""An identifier within a batch: its state as it becomes, and at the end what is told of what changed.

A row has the offset of the change it tells of, not of a later record that changed something else: the store passes over
offsets it has, and a replay tells of each change again where it happened.
"""

from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct, field

from schemas.identity_messages import Sum
from streams.engage.profile_message import publish_values
from streams.engage.row_values import own_values, profile_values
from streams.engage.rows import Name, Rows, identity_row, piece_row, profile_row
from streams.identity.hierarchy import notify_parent
from streams.identity.ties import parent_of
from streams.profile.identifier_state import IdentifierState, encode_total, total_of


class Overlay(Struct, gc=False):
    """`placed`: the offset at which its place last changed in the batch; `stirred`: its place or its total; -1: none.

    They count even if all is as before in the end: what was true in between may have been told before a crash.
    """

    key: str
    name: Name
    state: IdentifierState
    before: int  # the node's offset when the batch began, -1: nothing was known
    days: dict[int, int] = field(default_factory=dict)  # session days that changed and are still open -> offset
    placed: int = -1
    stirred: int = -1


class Published(NamedTuple):
    """For the topic `profiles`; `value` None: it is no profile any more."""

    key: bytes
    value: bytes | None


def advance(overlay: Overlay, offset: int) -> None:
    """The record at `offset` has had its effect on the identifier, which may have come to be by it."""
    if overlay.state.offset < 0:
        overlay.placed = overlay.stirred = offset
    overlay.state.offset = offset


def tell_closing(overlay: Overlay, oldest_open: int, partition: int, rows: Rows) -> None:
    """Rows of the days that the next touch closes: after it, their sessions are not known any more."""
    if min(overlay.days, default=oldest_open) < oldest_open:
        _tell_days(overlay, [day for day in overlay.days if day < oldest_open], partition, rows)


def tell(overlay: Overlay, partition: int, rows: Rows, words: list[Sum], profiles: list[Published]) -> None:
    """At the end of the batch parents hear, and rows are made, of what changed. Appends to the last three."""
    state, name, placed, stirred = overlay.state, overlay.name, overlay.placed, overlay.stirred
    ties = state.known_ties
    if overlay.days:
        _tell_days(overlay, tuple(overlay.days), partition, rows)
    if placed >= 0:
        rows.identities.append((placed, identity_row(name, ties, partition, placed)))
    if stirred < 0:
        return
    parent = parent_of(ties)
    if parent is None:
        values = profile_values(total_of(state)) if ties.children else own_values(state.local)
        rows.profiles.append((stirred, profile_row(name, "", values, partition, stirred)))
        profiles.append(Published(name.key, publish_values(name, values, stirred)))
        return
    whole = total_of(state)
    words += notify_parent(overlay.key, ties, encode_total(whole), state.offset)
    if placed >= 0:  # of a child that was one before only its parent need know
        rows.profiles.append((placed, profile_row(name, parent, profile_values(whole), partition, placed)))
        profiles.append(Published(name.key, None))


def _tell_days(overlay: Overlay, days: Iterable[int], partition: int, rows: Rows) -> None:
    for day in days:
        offset = overlay.days.pop(day)
        rows.session_pieces.append((offset, piece_row(overlay.name, overlay.state.local, day, partition, offset)))
