"""What an identifier's ties say: its parent, why, and who else claims it."""

import pytest
from msgspec import msgpack

from streams.identity.ties import NO_TIES, Place, Ties, Why, conflicts, parent_of, place_of

TWO: dict[str, tuple[int, int | None]] = {"x1": (4, 100), "x2": (9, 50)}


@pytest.mark.parametrize(
    ("ties", "place", "losing"),
    [
        (NO_TIES, Place(None, Why.NONE, None), []),
        (Ties(claims={"x1": (4, 100)}), Place("x1", Why.CLAIM, 100), []),
        (Ties(claims=TWO), Place("x2", Why.CLAIM, 50), [("x1", 100)]),
        (Ties(claims={"x2": (1, 50), "x1": (2, 50)}), Place("x1", Why.CLAIM, 50), [("x2", 50)]),
        (Ties(claims={"x1": (4, None)}), Place(None, Why.NONE, None), []),
        (Ties(claims={**TWO, "x2": (12, None)}), Place("x1", Why.CLAIM, 100), []),
        (Ties(claims=TWO, vetoes={"x2": (7, True)}), Place("x1", Why.CLAIM, 100), []),
        (Ties(claims=TWO, vetoes={"x2": (7, False)}), Place("x2", Why.CLAIM, 50), [("x1", 100)]),
        (Ties(claims=TWO, vetoes={"x2": (7, True), "x1": (8, True)}), Place(None, Why.VETOED, None), []),
        (Ties(claims=TWO, vetoes={"*": (7, True)}), Place(None, Why.VETOED, None), []),
        (Ties(vetoes={"*": (7, True)}), Place(None, Why.NONE, None), []),
        (Ties(shared=True), Place(None, Why.SHARED, None), []),
        (Ties(claims={"x1": (4, 0)}), Place("x1", Why.CLAIM, 0), []),
        (Ties(claims={"x1": (4, -5), "x2": (4, 0)}), Place("x1", Why.CLAIM, -5), [("x2", 0)]),
    ],
)
def test_place(ties: Ties, place: Place, losing: list[tuple[str, int]]) -> None:
    assert place_of(ties) == place
    assert parent_of(ties) == place.parent
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
def test_ties_come_back_from_bytes(ties: Ties) -> None:
    assert msgpack.decode(msgpack.encode(ties), type=Ties) == ties


def test_empty_ties_are_a_few_bytes() -> None:
    assert len(msgpack.encode(NO_TIES)) <= 6
