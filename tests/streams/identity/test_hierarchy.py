"""Totals sent to parents: which ones are stored, and when they are due."""

import pytest

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity.claims import claim, fold_link, fold_unlink
from streams.identity.hierarchy import (
    changes_parent_or_total,
    fold_sum,
    latest_sums,
    notify_former_parent,
    notify_parent,
    totals_below,
)
from streams.identity.ties import NO_TIES, TieLimits, Ties

LIMITS = TieLimits()
OF_X1 = Ties(claims={"x1": (4, 10)})
OF_X2 = Ties(claims={"x1": (4, 10), "x2": (1, 5)})


@pytest.mark.parametrize(
    ("known", "version", "value", "kept"),
    [
        (None, 3, b"new", (3, b"new")),
        (None, 3, None, (3, None)),
        ((3, b"old"), 4, b"new", (4, b"new")),
        ((3, b"old"), 4, None, (4, None)),
        ((3, b"old"), 3, b"new", (3, b"old")),
        ((3, b"old"), 2, None, (3, b"old")),
        ((3, None), 2, b"late", (3, None)),
    ],
)
def test_fold_sum(
    known: tuple[int, bytes | None] | None, version: int, value: bytes | None, kept: tuple[int, bytes | None]
) -> None:
    before = Ties(linked={"p1": 1}, children={} if known is None else {"p1": known})
    after = fold_sum(before, Sum("x1", "p1", version, value))
    assert after.children == {"p1": kept}
    assert (after is before) == (known == kept)
    assert totals_below(after) == ([] if kept[1] is None else [kept[1]])


def test_a_sum_of_an_identifier_that_is_not_linked_is_ignored() -> None:
    assert fold_sum(NO_TIES, Sum("x1", "p1", 1, b"sum")) is NO_TIES


@pytest.mark.parametrize(
    ("before", "after", "sums"),
    [
        (NO_TIES, OF_X1, []),
        (OF_X1, OF_X1, []),
        (OF_X1, OF_X2, [Sum("x1", "p1", 33, None)]),
        (OF_X1, NO_TIES, [Sum("x1", "p1", 33, None)]),
    ],
)
def test_notify_former_parent(before: Ties, after: Ties, sums: list[Sum]) -> None:
    assert notify_former_parent("p1", before, after, 33) == sums


def test_notify_parent() -> None:
    assert notify_parent("p1", OF_X2, b"total", 33) == [Sum("x2", "p1", 33, b"total")]
    assert notify_parent("p1", NO_TIES, b"total", 33) == []


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        (NO_TIES, NO_TIES, False),
        (NO_TIES, OF_X1, True),
        (OF_X1, Ties(claims={"x1": (5, 8)}), True),  # linked again by its parent
        (OF_X1, Ties(claims=OF_X1.claims, vetoes={"x1": (1, True)}), True),
        (NO_TIES, Ties(shared=True), True),
        (NO_TIES, Ties(linked={"p1": 1}), False),
        (Ties(children={"p1": (1, b"a")}), Ties(children={"p1": (2, b"b")}), True),
        (Ties(children={"p1": (1, b"a")}), Ties(children={"p1": (2, None)}), True),
        (Ties(children={"p1": (1, b"a")}), NO_TIES, True),
        (Ties(children={"p1": (1, b"a")}), Ties(children={"p1": (2, b"a")}), False),
        (NO_TIES, Ties(children={"p1": (2, None)}), False),
    ],
)
def test_changes_parent_or_total(before: Ties, after: Ties, due: bool) -> None:
    assert changes_parent_or_total(before, after) is due


def test_latest_sums() -> None:
    sums = [Sum("x1", "p1", 1, b"a"), Sum("x2", "p1", 1, b"b"), Sum("x1", "p1", 2, None), Sum("x1", "p2", 1, b"c")]
    assert latest_sums(sums) == [sums[2], sums[1], sums[3]]


def test_a_veto_set_and_lifted_within_a_batch_sends_the_total() -> None:
    vetoed = fold_unlink(OF_X1, Unlink("p1", "x1", 1, True))
    lifted = fold_unlink(vetoed, Unlink("p1", "x1", 2, False))
    assert changes_parent_or_total(OF_X1, vetoed)
    assert latest_sums([*notify_former_parent("p1", OF_X1, vetoed, 7), *notify_parent("p1", lifted, b"total", 8)]) == [
        Sum("x1", "p1", 8, b"total")
    ]


def test_a_displaced_and_relinked_child_sends_its_total_again_in_any_order() -> None:
    """The parent deleted the total when it displaced the child; the child may learn of that too late, or never."""
    limits = TieLimits(links=1)
    parent = Ties(linked={"p1": 5}, children={"p1": (1, b"total")})
    parent, _ = claim("x1", parent, ["p2"], 4, 10, limits)
    parent, links = claim("x1", parent, ["p1"], 3, 11, limits)
    relinked = next(link for link in links if link.to == "p1")
    child = Ties(claims={"x1": (2, 5)})
    after, _ = fold_link("p1", child, relinked, 7, limits)
    late, _ = fold_link("p1", after, Link("p1", "x1", 10, None), 8, limits)
    assert (parent.children, late is after, changes_parent_or_total(child, after)) == ({}, True, True)
    parent = fold_sum(parent, notify_parent("p1", after, b"total", 7)[0])
    assert totals_below(parent) == [b"total"]


@pytest.mark.parametrize("late_first", [True, False])
def test_an_empty_sum_supersedes_a_total_from_a_former_tie(late_first: bool) -> None:
    """x1 displaced p1, x2 is its parent; x1 claims it again, later than x2, while an old total is in flight."""
    late = Sum("x1", "p1", 3, b"old")
    child = Ties(claims={"x1": (4, None), "x2": (1, 2)})
    parent, links = claim("x1", NO_TIES, ["p1"], 9, 12, LIMITS)
    child, answers = fold_link("p1", child, links[0], 8, LIMITS)
    for sum_ in [late, *answers] if late_first else [*answers, late]:
        parent = fold_sum(parent, sum_)
    assert totals_below(parent) == []
