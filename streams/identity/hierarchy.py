"""Totals travelling up the hierarchy: each identifier sends the total of itself and its subtree to its parent.

A total replaces the one before it. Versions (offsets in the child's partition) tell which one is newer, so repeated,
late and reordered messages do no harm. A child that left is kept as a tombstone, for the same reason.

After each record: `notify_former_parent`. At the end of a batch: `notify_parent`, if a record of the batch made
`changes_parent_or_total` true. Comparing the total at the end of the batch with the one at its beginning would not do:
after a crash the same records may be cut into other batches, and parents may hold a total from in between.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from schemas.identity_messages import Sum
from streams.identity.ties import Ties, parent_of


def fold_sum(ties: Ties, sum_: Sum) -> Ties:
    """Store the total of a child, or that it left.

    A sum is ignored if it is not newer than the stored one, and if the child is not linked (never was, or displaced).
    """
    if sum_.child not in ties.linked:
        return ties
    known = ties.children.get(sum_.child)
    if known is not None and sum_.version <= known[0]:
        return ties
    return replace(ties, children={**ties.children, sum_.child: (sum_.version, sum_.value)})


def totals_below(ties: Ties) -> list[bytes]:
    """Return the encoded totals of the current children; with the identifier's own they add up to its total."""
    return [value for _, value in ties.children.values() if value is not None]


def changes_parent_or_total(before: Ties, after: Ties) -> bool:
    """Return whether a record that turned `before` into `after` makes `notify_parent` due.

    A repeated link from the parent counts as a change of parent: the parent may have displaced this identifier and
    deleted its total in between. A counted touch changes the total, too; the ties do not show that.
    """
    if before is after:
        return False
    parent = (after.claims, after.vetoes, after.shared) != (before.claims, before.vetoes, before.shared)
    return parent or totals_below(after) != totals_below(before)


def notify_former_parent(me: str, before: Ties, after: Ties, version: int) -> list[Sum]:
    """After each record: tell the parent that `me` left, even if it was the parent between two records only."""
    former = parent_of(before)
    return [] if former is None or former == parent_of(after) else [Sum(former, me, version, None)]


def notify_parent(me: str, ties: Ties, total: bytes, version: int) -> list[Sum]:
    """At the end of a batch that changed `me`: send the total to the parent. `version` is the last offset folded."""
    parent = parent_of(ties)
    return [] if parent is None else [Sum(parent, me, version, total)]


def latest_sums(sums: Iterable[Sum]) -> list[Sum]:
    """Return the last sum per parent and child of one batch, in order; the earlier ones are superseded."""
    last = {(sum_.to, sum_.child): sum_ for sum_ in sums}
    return list(last.values())
