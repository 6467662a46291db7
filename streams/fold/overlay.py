"""An identifier within a batch: its state as it becomes, and at the end what is told of what changed.

A row has the offset of the change it tells of, not of a later record that changed something else: the store passes over
offsets it has, and a replay tells of each change again where it happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.records import Sum
from streams.fold.facts import Rows, identity_row, piece_row, profile_row
from streams.fold.identity import parent_of
from streams.fold.node import Node, encode_total, total_of
from streams.fold.summary import Summary
from streams.fold.tree import report


@dataclass(slots=True)
class Overlay:
    """`placed`: the offset at which its place last changed in the batch; `stirred`: its place or its total; -1: none.

    They count even if all is as before in the end: what was true in between may have been told before a crash.
    """

    node: Node
    before: int  # the node's offset when the batch began, -1: nothing was known
    days: dict[int, int] = field(default_factory=dict)  # session days that changed and are still open -> offset
    placed: int = -1
    stirred: int = -1


class Published(NamedTuple):
    """For the topic `profiles`; `whole` None: it is no profile any more."""

    key: str
    whole: Summary | None
    offset: int


class Told(NamedTuple):
    """What others hear of an identifier."""

    words: list[Sum]
    profiles: list[Published]


def advance(overlay: Overlay, offset: int) -> None:
    """The record at `offset` has had its effect on the identifier, which may have come to be by it."""
    if overlay.node.offset < 0:
        overlay.placed = overlay.stirred = offset
    overlay.node.offset = offset


def tell_closing(key: str, overlay: Overlay, oldest_open: int, partition: int, rows: Rows) -> None:
    """Rows of the days that the next touch closes: after it, their sessions are not known any more."""
    if min(overlay.days, default=oldest_open) < oldest_open:
        _tell_days(key, overlay, [day for day in overlay.days if day < oldest_open], partition, rows)


def tell(key: str, overlay: Overlay, partition: int, rows: Rows) -> Told:
    """At the end of the batch parents hear, and rows are made, of what changed. Appends to `rows`."""
    node, placed, stirred = overlay.node, overlay.placed, overlay.stirred
    ties = node.known_ties
    _tell_days(key, overlay, list(overlay.days), partition, rows)
    if placed >= 0:
        rows.identities.append((placed, identity_row(key, ties, partition, placed)))
    if stirred < 0:
        return Told([], [])
    whole, parent = total_of(node), parent_of(ties)
    if parent is None:
        rows.profiles.append((stirred, profile_row(key, "", whole, partition, stirred)))
        return Told([], [Published(key, whole, stirred)])
    words = report(key, ties, encode_total(whole), node.offset)
    if placed < 0:  # a child that was one before: only its parent need know
        return Told(words, [])
    rows.profiles.append((placed, profile_row(key, parent, whole, partition, placed)))
    return Told(words, [Published(key, None, placed)])


def _tell_days(key: str, overlay: Overlay, days: Iterable[int], partition: int, rows: Rows) -> None:
    for day in days:
        offset = overlay.days.pop(day)
        rows.session_pieces.append((offset, piece_row(key, overlay.node.own, day, partition, offset)))
