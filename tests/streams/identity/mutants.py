"""Mutants: identity without one of its rules. The checks must fail for each, or the rule is not needed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace as with_rule
from typing import Final

from msgspec.structs import replace

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity import claims, hierarchy
from streams.identity.ties import TieLimits, Ties, parent_of
from tests.streams.identity.pipeline import Machine


def any_sum(ties: Ties, sum_: Sum) -> Ties:
    """Sums without versions: the one that arrives last is stored."""
    others = {child: known for child, known in ties.children.items() if child != sum_.child}
    return hierarchy.fold_sum(replace(ties, children=others), sum_)


def no_tombstone(ties: Ties, sum_: Sum) -> Ties:
    """A child that left is deleted together with its version."""
    after = hierarchy.fold_sum(ties, sum_)
    return replace(after, children={child: known for child, known in after.children.items() if known[1] is not None})


def sum_of_an_unlinked(ties: Ties, sum_: Sum) -> Ties:
    """Sums of displaced identifiers are stored, too."""
    linked = ties.linked
    return replace(hierarchy.fold_sum(replace(ties, linked={**linked, sum_.child: 0}), sum_), linked=linked)


def any_link(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """Links without versions."""
    known = ties.claims.get(link.target)
    if known is not None:
        ties = replace(ties, claims={**ties.claims, link.target: (-1, known[1])})
    return claims.fold_link(me, ties, link, version, limits)


def linked_once(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """A link is not sent again for an earlier time."""
    return claims.claim(me, ties, [key for key in weaker if key not in ties.linked], at_ms, version, limits)


def displaced_without_a_link(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """A displaced identifier receives no link."""
    after, links = claims.claim(me, ties, weaker, at_ms, version, limits)
    return after, [link for link in links if link.since is not None]


def displaced_total_kept(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """The total of a displaced identifier is kept."""
    after, links = claims.claim(me, ties, weaker, at_ms, version, limits)
    return replace(after, children=ties.children), links


def last_claim_refused(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """Over the limit an identifier refuses further claims instead of becoming shared."""
    if link.target not in ties.claims and len(ties.claims) >= limits.targets:
        return ties, []
    return claims.fold_link(me, ties, link, version, limits)


def no_answer(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """A claimant that does not become the parent gets no empty sum."""
    return claims.fold_link(me, ties, link, version, limits)[0], []


def last_arrived_command(ties: Ties, unlink: Unlink) -> Ties:
    """The command that arrives last wins, not the one with the latest time."""
    return replace(ties, vetoes={**ties.vetoes, unlink.target: (unlink.at, unlink.on)})


def former_parent_not_notified(me: str, before: Ties, after: Ties, version: int) -> list[Sum]:
    """A former parent is not notified."""
    return []


def parent_change_ignored(before: Ties, after: Ties) -> bool:
    """A new parent is notified only when the total changes."""
    return hierarchy.totals_below(before) != hierarchy.totals_below(after)


def total_change_ignored(before: Ties, after: Ties) -> bool:
    """A changed total of a child is not sent on to the parent."""
    return hierarchy.changes_parent_or_total(before, replace(after, children=before.children))


def repeated_link_ignored(before: Ties, after: Ties) -> bool:
    """A repeated link from the parent does not make the total due."""
    return parent_of(before) != parent_of(after) or hierarchy.totals_below(before) != hierarchy.totals_below(after)


def first_of_a_batch(sums: Iterable[Sum]) -> list[Sum]:
    """The first sum of a batch is sent, not the last."""
    return hierarchy.latest_sums(reversed(list(sums)))


PRODUCT: Final = Machine()
MUTANTS: Final[dict[str, Machine]] = {
    "versions on sums": with_rule(PRODUCT, fold_sum=any_sum),
    "tombstones": with_rule(PRODUCT, fold_sum=no_tombstone),
    "sums only of linked identifiers": with_rule(PRODUCT, fold_sum=sum_of_an_unlinked),
    "versions on links": with_rule(PRODUCT, fold_link=any_link),
    "a link sent again": with_rule(PRODUCT, claim=linked_once),
    "displaced identifiers receive a link": with_rule(PRODUCT, claim=displaced_without_a_link),
    "displaced totals are deleted": with_rule(PRODUCT, claim=displaced_total_kept),
    "too many claims make shared": with_rule(PRODUCT, fold_link=last_claim_refused),
    "the latest command wins": with_rule(PRODUCT, fold_unlink=last_arrived_command),
    "the former parent notified": with_rule(PRODUCT, notify_former_parent=former_parent_not_notified),
    "a new parent notified": with_rule(PRODUCT, changes_parent_or_total=parent_change_ignored),
    "totals sent on": with_rule(PRODUCT, changes_parent_or_total=total_change_ignored),
    "the last of a batch": with_rule(PRODUCT, latest_sums=first_of_a_batch),
    "changes undone within a batch": with_rule(PRODUCT, remembers_changes=False),
    "claims of duplicates": with_rule(PRODUCT, claims_of_duplicates=False),
    "folded records are skipped": with_rule(PRODUCT, skips_folded=False),
    "ids of skipped records are kept": with_rule(PRODUCT, remembers_skipped=False),
    "ids of unfinished batches are dropped": with_rule(PRODUCT, forgets_unfinished=False),
    "effects acknowledged before state": with_rule(PRODUCT, acked_before_written=False),
    "the mark written last": with_rule(PRODUCT, mark_last=False),
    "the offset committed last": with_rule(PRODUCT, commit_last=False),
    "the highest offset recovered": with_rule(PRODUCT, highest_wins=False),
    "a repeated link makes the total due": with_rule(PRODUCT, changes_parent_or_total=repeated_link_ignored),
    "the empty sum in answer": with_rule(PRODUCT, fold_link=no_answer),
}
KILLING_SEEDS: Final[dict[str, int]] = {  # of `tests.killed.assert_killed`
    "versions on sums": 1,
    "tombstones": 31,
    "sums only of linked identifiers": 9,
    "versions on links": 158,
    "a link sent again": 64,
    "displaced identifiers receive a link": 7,
    "displaced totals are deleted": 9,
    "too many claims make shared": 11,
    "the latest command wins": 155,
    "the former parent notified": 4,
    "a new parent notified": 4,
    "totals sent on": 0,
    "the last of a batch": 134,
    "changes undone within a batch": 184,
    "claims of duplicates": 11,
    "folded records are skipped": 4,
    "ids of skipped records are kept": 3,
    "ids of unfinished batches are dropped": 0,
    "effects acknowledged before state": 7,
    "the mark written last": 0,
    "the offset committed last": 0,
    "the highest offset recovered": 1,
    "a repeated link makes the total due": 4144,
    "the empty sum in answer": 25724,
}
