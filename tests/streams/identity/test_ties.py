"""Ties of an identifier: its parent, the reason, and the claims that conflict."""

import pytest
from msgspec import msgpack

from streams.identity.ties import NO_TIES, Placement, PlacementReason, Ties, conflicts, parent_of, placement_of

TWO: dict[str, tuple[int, int | None]] = {"x1": (4, 100), "x2": (9, 50)}


@pytest.mark.parametrize(
    ("ties", "placement", "losing"),
    [
        (NO_TIES, Placement(None, PlacementReason.NONE, None), []),
        (Ties(claims={"x1": (4, 100)}), Placement("x1", PlacementReason.CLAIM, 100), []),
        (Ties(claims=TWO), Placement("x2", PlacementReason.CLAIM, 50), [("x1", 100)]),
        (Ties(claims={"x2": (1, 50), "x1": (2, 50)}), Placement("x1", PlacementReason.CLAIM, 50), [("x2", 50)]),
        (Ties(claims={"x1": (4, None)}), Placement(None, PlacementReason.NONE, None), []),
        (Ties(claims={**TWO, "x2": (12, None)}), Placement("x1", PlacementReason.CLAIM, 100), []),
        (Ties(claims=TWO, vetoes={"x2": (7, True)}), Placement("x1", PlacementReason.CLAIM, 100), []),
        (Ties(claims=TWO, vetoes={"x2": (7, False)}), Placement("x2", PlacementReason.CLAIM, 50), [("x1", 100)]),
        (
            Ties(claims=TWO, vetoes={"x2": (7, True), "x1": (8, True)}),
            Placement(None, PlacementReason.VETOED, None),
            [],
        ),
        (Ties(claims=TWO, vetoes={"*": (7, True)}), Placement(None, PlacementReason.VETOED, None), []),
        (Ties(vetoes={"*": (7, True)}), Placement(None, PlacementReason.NONE, None), []),
        (Ties(shared=True), Placement(None, PlacementReason.SHARED, None), []),
        (Ties(claims={"x1": (4, 0)}), Placement("x1", PlacementReason.CLAIM, 0), []),
        (Ties(claims={"x1": (4, -5), "x2": (4, 0)}), Placement("x1", PlacementReason.CLAIM, -5), [("x2", 0)]),
    ],
)
def test_placement_and_conflicts(ties: Ties, placement: Placement, losing: list[tuple[str, int]]) -> None:
    assert placement_of(ties) == placement
    assert parent_of(ties) == placement.parent
    assert conflicts(ties) == losing


@pytest.mark.parametrize(
    "ties",
    [
        NO_TIES,
        Ties(
            {"x1": (4, 100), "x2": (5, None)}, {"p1": 3}, {"p1": (7, b"sum"), "p2": (8, None)}, {"*": (1, True)}, True
        ),
    ],
)
def test_ties_are_decoded_as_they_were_encoded(ties: Ties) -> None:
    assert msgpack.decode(msgpack.encode(ties), type=Ties) == ties


def test_empty_ties_take_a_few_bytes() -> None:
    assert len(msgpack.encode(NO_TIES)) <= 6
