"""What travels up the tree: each identifier sends the sum of itself and all below it to its parent.

A summary replaces the one before it; versions (offsets in the child's partition) tell which is newer, so repeated,
late and reordered ones do no harm. A child that left stays as a tombstone, for the same reason.

For each record folded: `leave`, and remember whether it `stirs` anything. At the end of a batch, if one did: `report`.
It must not be asked instead whether the total at the end differs from the one at the beginning: after a crash the same
records may come in another batch, and parents may hold what was true in between.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from schemas.identity_messages import Sum
from streams.identity.ties import Ties, parent_of


def take_sum(ties: Ties, sum_: Sum) -> Ties:
    """Keep what a child comes to, or that it left. Ignored: what is not newer, and who was never told, or put out."""
    if sum_.child not in ties.told:
        return ties
    known = ties.children.get(sum_.child)
    if known is not None and sum_.version <= known[0]:
        return ties
    return replace(ties, children={**ties.children, sum_.child: (sum_.version, sum_.value)})


def totals_below(ties: Ties) -> list[bytes]:
    """The encoded totals of the children this identifier has now; with its own they add up to its total."""
    return [value for _, value in ties.children.values() if value is not None]


def stirs(before: Ties, after: Ties) -> bool:
    """Whether a record that made `after` of `before` changed the place or the total, so that `report` is due.

    A parent that told an identifier again counts as a change of place: it may have put it out and forgotten its total
    in between. A touch that counts is always due as well; that is not seen here.
    """
    if before is after:
        return False
    place = (after.claims, after.vetoes, after.shared) != (before.claims, before.vetoes, before.shared)
    return place or totals_below(after) != totals_below(before)


def leave(me: str, before: Ties, after: Ties, version: int) -> list[Sum]:
    """After each record: the parent that `me` had and has no longer hears so, even if it was parent for a moment."""
    left = parent_of(before)
    return [] if left is None or left == parent_of(after) else [Sum(left, me, version, None)]


def report(me: str, ties: Ties, total: bytes, version: int) -> list[Sum]:
    """At the end of a batch that stirred `me`: the parent hears the total. `version`: offset of the last fold."""
    parent = parent_of(ties)
    return [] if parent is None else [Sum(parent, me, version, total)]


def latest(sums: Iterable[Sum]) -> list[Sum]:
    """Of the summaries of one batch, in order, only the last per parent and child: the others are overtaken."""
    last = {(sum_.to, sum_.child): sum_ for sum_ in sums}
    return list(last.values())
