"""Each rule of identity taken away, one at a time: a world that still comes out right would not need the rule."""

from collections.abc import Iterable, Sequence
from dataclasses import replace as with_rule
from typing import Final

from msgspec.structs import replace

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity import claims, hierarchy
from streams.identity.ties import TieLimits, Ties, parent_of
from tests.streams.identity.pipeline import Machine


def any_sum(ties: Ties, sum_: Sum) -> Ties:
    """Summaries without versions: the last to arrive is believed."""
    others = {child: known for child, known in ties.children.items() if child != sum_.child}
    return hierarchy.fold_sum(replace(ties, children=others), sum_)


def no_tombstone(ties: Ties, sum_: Sum) -> Ties:
    """A child that left is forgotten together with its version."""
    after = hierarchy.fold_sum(ties, sum_)
    return replace(after, children={child: known for child, known in after.children.items() if known[1] is not None})


def sum_of_a_stranger(ties: Ties, sum_: Sum) -> Ties:
    """Summaries are taken from those put out, too."""
    told = ties.linked
    return replace(hierarchy.fold_sum(replace(ties, linked={**told, sum_.child: 0}), sum_), linked=told)


def any_link(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """Links without versions."""
    known = ties.claims.get(link.target)
    if known is not None:
        ties = replace(ties, claims={**ties.claims, link.target: (-1, known[1])})
    return claims.fold_link(me, ties, link, version, limits)


def told_once(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """A link is not told again when an earlier time shows up."""
    return claims.claim(me, ties, [key for key in weaker if key not in ties.linked], at_ms, version, limits)


def put_out_in_silence(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """Who loses its place is not told."""
    after, links = claims.claim(me, ties, weaker, at_ms, version, limits)
    return after, [link for link in links if link.since is not None]


def put_out_but_kept(
    me: str, ties: Ties, weaker: Sequence[str], at_ms: int, version: int, limits: TieLimits
) -> tuple[Ties, list[Link]]:
    """The summary of one put out is kept."""
    after, links = claims.claim(me, ties, weaker, at_ms, version, limits)
    return replace(after, children=ties.children), links


def last_comer_refused(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """Over the limit an identifier refuses further claims instead of becoming shared."""
    if link.target not in ties.claims and len(ties.claims) >= limits.targets:
        return ties, []
    return claims.fold_link(me, ties, link, version, limits)


def no_answer(me: str, ties: Ties, link: Link, version: int, limits: TieLimits) -> tuple[Ties, list[Sum]]:
    """No 'not yours'."""
    return claims.fold_link(me, ties, link, version, limits)[0], []


def last_arrived_word(ties: Ties, unlink: Unlink) -> Ties:
    """The command that arrives last wins, not the latest."""
    return replace(ties, vetoes={**ties.vetoes, unlink.target: (unlink.at, unlink.on)})


def stays_silent(me: str, before: Ties, after: Ties, version: int) -> list[Sum]:
    """A parent that is left does not hear of it."""
    return []


def place_does_not_stir(before: Ties, after: Ties) -> bool:
    """A new parent hears only when the total changes."""
    return hierarchy.totals_below(before) != hierarchy.totals_below(after)


def total_does_not_stir(before: Ties, after: Ties) -> bool:
    """What changes below is not passed up."""
    return hierarchy.changes_parent_or_total(before, replace(after, children=before.children))


def told_again_does_not_stir(before: Ties, after: Ties) -> bool:
    """A parent that tells again does not hear again."""
    return parent_of(before) != parent_of(after) or hierarchy.totals_below(before) != hierarchy.totals_below(after)


def first_of_a_batch(sums: Iterable[Sum]) -> list[Sum]:
    """Of a batch the first summary is sent."""
    return hierarchy.latest_sums(reversed(list(sums)))


PRODUCT: Final = Machine()
MUTANTS: Final[dict[str, Machine]] = {
    "versions on summaries": with_rule(PRODUCT, fold_sum=any_sum),
    "tombstones": with_rule(PRODUCT, fold_sum=no_tombstone),
    "summaries only of those told": with_rule(PRODUCT, fold_sum=sum_of_a_stranger),
    "versions on links": with_rule(PRODUCT, fold_link=any_link),
    "a link told again": with_rule(PRODUCT, claim=told_once),
    "those put out are told": with_rule(PRODUCT, claim=put_out_in_silence),
    "those put out are forgotten": with_rule(PRODUCT, claim=put_out_but_kept),
    "a crowd makes shared": with_rule(PRODUCT, fold_link=last_comer_refused),
    "the latest word wins": with_rule(PRODUCT, fold_unlink=last_arrived_word),
    "the previous parent told": with_rule(PRODUCT, notify_former_parent=stays_silent),
    "a new parent told": with_rule(PRODUCT, changes_parent_or_total=place_does_not_stir),
    "totals passed up": with_rule(PRODUCT, changes_parent_or_total=total_does_not_stir),
    "the last of a batch": with_rule(PRODUCT, latest_sums=first_of_a_batch),
    "what stirred within a batch": with_rule(PRODUCT, remembers_changes=False),
    "claims of duplicates": with_rule(PRODUCT, claims_of_duplicates=False),
    "what is folded is skipped": with_rule(PRODUCT, skips_folded=False),
    "what is skipped is remembered": with_rule(PRODUCT, remembers_skipped=False),
    "what is unfinished is forgotten": with_rule(PRODUCT, forgets_unfinished=False),
    "effects acknowledged before state": with_rule(PRODUCT, acked_before_written=False),
    "the mark written last": with_rule(PRODUCT, mark_last=False),
    "the offset committed last": with_rule(PRODUCT, commit_last=False),
    "the highest offset recovered": with_rule(PRODUCT, highest_wins=False),
    "a parent that tells again hears again": with_rule(PRODUCT, changes_parent_or_total=told_again_does_not_stir),
    "the answer 'not yours'": with_rule(PRODUCT, fold_link=no_answer),
}
KILLING_SEEDS: Final[dict[str, int]] = {  # of `tests.killed.assert_killed`
    "versions on summaries": 1,
    "tombstones": 31,
    "summaries only of those told": 9,
    "versions on links": 158,
    "a link told again": 64,
    "those put out are told": 7,
    "those put out are forgotten": 9,
    "a crowd makes shared": 11,
    "the latest word wins": 155,
    "the previous parent told": 4,
    "a new parent told": 4,
    "totals passed up": 0,
    "the last of a batch": 134,
    "what stirred within a batch": 184,
    "claims of duplicates": 11,
    "what is folded is skipped": 4,
    "what is skipped is remembered": 3,
    "what is unfinished is forgotten": 0,
    "effects acknowledged before state": 7,
    "the mark written last": 0,
    "the offset committed last": 0,
    "the highest offset recovered": 1,
    "a parent that tells again hears again": 4144,
    "the answer 'not yours'": 25724,
}
