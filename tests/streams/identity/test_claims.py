"""Claims of touches, links that carry them, and commands that veto them."""

from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identity_messages import Link, Sum, Unlink
from streams.identity.claims import claim, fold_link, fold_unlink
from streams.identity.ties import NO_TIES, TieLimits, Ties, parent_of

LIMITS = TieLimits(targets=2, links=2)
TOUCHES = st.lists(
    st.tuples(st.lists(st.sampled_from(["p1", "p2", "a1", "a2"]), unique=True, max_size=3), st.integers(-3, 9)),
    max_size=8,
)


@pytest.mark.parametrize(
    ("linked", "weaker", "at", "after", "links"),
    [
        ({}, [], 5, {}, []),
        ({}, ["p1", "a1"], 5, {"p1": 5, "a1": 5}, [("a1", 5), ("p1", 5)]),
        ({"p1": 5}, ["p1"], 5, {"p1": 5}, []),
        ({"p1": 5}, ["p1"], 6, {"p1": 5}, []),
        ({"p1": 5}, ["p1"], 4, {"p1": 4}, [("p1", 4)]),
        ({"p1": 5, "a1": 6}, ["a2"], 7, {"p1": 5, "a1": 6}, []),
        ({"p1": 5, "a1": 6}, ["a2"], 1, {"p1": 5, "a2": 1}, [("a1", None), ("a2", 1)]),
        ({"p1": 5, "a2": 5}, ["a1"], 5, {"a1": 5, "a2": 5}, [("a1", 5), ("p1", None)]),
        ({"p1": 5, "a1": 6}, ["a2", "p1"], 7, {"p1": 5, "a1": 6}, []),
    ],
)
def test_claim(
    linked: dict[str, int], weaker: list[str], at: int, after: dict[str, int], links: list[tuple[str, int | None]]
) -> None:
    before = Ties(linked=linked)
    ties, sent = claim("x1", before, weaker, at, 33, LIMITS)
    assert ties.linked == after
    assert sent == [Link(to, "x1", 33, since) for to, since in links]
    assert (ties is before) == (not links)


def test_a_displaced_identifier_loses_its_total() -> None:
    before = Ties(linked={"p1": 5, "a1": 6}, children={"p1": (1, b"p"), "a1": (2, b"a")})
    assert claim("x1", before, ["a2"], 1, 33, LIMITS)[0].children == {"p1": (1, b"p")}


@given(touches=TOUCHES, chance=st.randoms(use_true_random=False))
def test_the_earliest_identifiers_are_linked_in_any_order_and_repetition(
    touches: list[tuple[list[str], int]], chance: Random
) -> None:
    earliest: dict[str, int] = {}
    for weaker, at in touches:
        for key in weaker:
            earliest[key] = min(at, earliest.get(key, at))
    expected = dict(sorted(earliest.items(), key=lambda item: (item[1], item[0]))[: LIMITS.links])
    shuffled = touches * 2
    chance.shuffle(shuffled)
    ties, received = NO_TIES, dict[str, int]()
    for version, (weaker, at) in enumerate(shuffled):
        ties, links = claim("x1", ties, weaker, at, version, LIMITS)
        for link in links:
            received.pop(link.to, None)
            received |= {} if link.since is None else {link.to: link.since}
    assert ties.linked == expected
    assert received == expected


@pytest.mark.parametrize(
    ("before", "link", "claims", "answered"),
    [
        (Ties(), ("x1", 4, 10), {"x1": (4, 10)}, False),  # becomes the parent
        (Ties(claims={"x1": (4, 10)}), ("x1", 4, 10), {"x1": (4, 10)}, False),  # repeated
        (Ties(claims={"x1": (4, 10)}), ("x1", 3, 12), {"x1": (4, 10)}, False),  # superseded
        (Ties(claims={"x1": (4, 10)}), ("x1", 5, 2), {"x1": (5, 2)}, False),  # remains the parent
        (Ties(claims={"x1": (4, 10)}), ("x2", 1, 11), {"x1": (4, 10), "x2": (1, 11)}, True),  # not the parent: answered
        (Ties(claims={"x1": (4, 10)}), ("x2", 1, None), {"x1": (4, 10), "x2": (1, None)}, False),  # withdrawn
        (
            Ties(claims={"x1": (4, 10)}),
            ("x1", 5, None),
            {"x1": (5, None)},
            False,
        ),  # displaced: notified elsewhere
        (Ties(vetoes={"x1": (1, True)}), ("x1", 4, 10), {"x1": (4, 10)}, True),
    ],
)
def test_fold_link(
    before: Ties, link: tuple[str, int, int | None], claims: dict[str, tuple[int, int | None]], answered: bool
) -> None:
    target, version, since = link
    ties, sums = fold_link("p1", before, Link("p1", target, version, since), 33, LIMITS)
    assert ties.claims == claims
    assert sums == ([Sum(target, "p1", 33, None)] if answered else [])


def test_too_many_claims_make_an_identifier_shared_permanently() -> None:
    ties = NO_TIES
    for number in range(4):
        ties, sums = fold_link("p1", ties, Link("p1", f"x{number}", 1, number), number, LIMITS)
    assert ties == Ties(shared=True)
    assert sums == [Sum("x3", "p1", 3, None)]
    assert parent_of(ties) is None


@given(
    links=st.lists(
        st.tuples(st.sampled_from(["x1", "x2"]), st.integers(0, 5), st.none() | st.integers(0, 5)),
        unique_by=lambda link: link[:2],
        max_size=5,
    )
)
def test_links_give_the_same_ties_in_any_order(links: list[tuple[str, int, int | None]]) -> None:
    results = []
    for order in permutations(links):
        ties = NO_TIES
        for target, version, since in order:
            ties = fold_link("p1", ties, Link("p1", target, version, since), 0, LIMITS)[0]
        results.append(ties)
    assert all(a == b for a, b in pairwise(results))


@pytest.mark.parametrize(
    ("commands", "parent"),
    [
        ([("x1", 5, True)], "x2"),
        ([("x1", 5, True), ("x1", 6, False)], "x1"),
        ([("x1", 5, True), ("x1", 5, False)], "x2"),  # at the same time the veto wins
        ([("x1", 5, True), ("x2", 5, True)], None),
        ([("*", 5, True)], None),
        ([("*", 5, True), ("*", 9, False), ("x1", 1, True)], "x2"),
    ],
)
def test_the_latest_command_wins_in_any_order(commands: list[tuple[str, int, bool]], parent: str | None) -> None:
    for order in permutations(commands):
        ties = Ties(claims={"x1": (1, 10), "x2": (1, 20)})
        for target, at, on in order:
            ties = fold_unlink(ties, Unlink("p1", target, at, on))
        assert parent_of(ties) == parent
