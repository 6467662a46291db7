"""Runs of a day, and the sessions that are stitched from them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.time import DAY_MS
from schemas.touch import Touch
from streams.profile.sessions import Run, insert, join, piece_values
from tests.oracle import sessions as oracle
from tests.oracle.sessions import Session, runs_in, stitch
from tests.streams.touches import GAP_MS, order, touch, touches

Piece = tuple[oracle.Run, str]  # a run and the identifier it is from
Event = tuple[int, str, str, str]  # time within the day, event id, page, source

events = st.lists(
    st.tuples(
        st.sampled_from([0, 1, GAP_MS, GAP_MS + 1, 2 * GAP_MS, 2 * GAP_MS + 1, 3 * GAP_MS + 2, DAY_MS - 1]),
        st.sampled_from(["a", "b", "\uffff", "😀"]),
        st.sampled_from(["", "p", "q"]),
        st.sampled_from(["", "google", "bing"]),
    ),
    max_size=12,
    unique_by=lambda one: one[:2],
)


def runs_of(some: list[Event]) -> list[Run]:
    runs: list[Run] = []
    for at_ms, event_id, page, source in some:
        insert(runs, at_ms, event_id, page, source, GAP_MS)
    return runs


def by_day(some: list[Touch], gap_ms: int = GAP_MS) -> dict[int, list[Run]]:
    days: dict[int, list[Run]] = {}
    for each in some:
        day, at_ms = divmod(each.occurred_at_ms, DAY_MS)
        insert(days.setdefault(day, []), at_ms, each.event_id, each.page, each.source, gap_ms)
    return days


def pieces(some: list[Touch], identifier: str) -> list[Piece]:
    return [(run, identifier) for day, runs in by_day(some).items() for run in runs_in(piece_values(day, runs))]


def alone(each: Touch, identifier: str) -> Piece:
    return oracle.Run(each.occurred_at_ms, each.event_id, each.occurred_at_ms, 1, each.page, each.source), identifier


def bare(sessions: list[Session]) -> list[tuple[int, str, int, int, tuple[str, ...]]]:
    """Return sessions without page and source, which are less exact across several identifiers."""
    return [(one.started_ms, one.entry_id, one.ended_ms, one.touches, one.identifiers) for one in sessions]


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        ([(0, "a", "p", ""), (GAP_MS, "b", "", "x")], [Run(0, GAP_MS, 2, "a", "p", "x", None, (GAP_MS, "b"))]),
        ([(0, "a", "", ""), (GAP_MS + 1, "b", "", "")], [Run(0, 0, 1, "a"), Run(GAP_MS + 1, GAP_MS + 1, 1, "b")]),
        ([(5, "b", "q", ""), (5, "a", "", "")], [Run(5, 5, 2, "a", "q", "", (5, "b"))]),
        (
            [(0, "a", "", ""), (2 * GAP_MS, "c", "p", ""), (GAP_MS, "b", "q", "")],
            [Run(0, 2 * GAP_MS, 3, "a", "q", "", (GAP_MS, "b"))],
        ),
    ],
)
def test_a_touch_starts_extends_or_joins_runs(some: list[Event], expected: list[Run]) -> None:
    assert runs_of(some) == expected


@given(events, st.randoms(use_true_random=False))
def test_runs_in_any_order_equal_those_of_the_sorted_touches(some: list[Event], chance: Random) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)
    runs = runs_of(shuffled)
    assert piece_values(0, runs) == piece_values(0, runs_of(sorted(some)))
    expected: list[list[Event]] = []
    for one in sorted(some, key=lambda one: (one[0], one[1].encode())):
        if expected and one[0] - expected[-1][-1][0] <= GAP_MS:
            expected[-1].append(one)
        else:
            expected.append([one])
    assert piece_values(3, runs) == (
        [3 * DAY_MS + run[0][0] for run in expected],
        [3 * DAY_MS + run[-1][0] for run in expected],
        [len(run) for run in expected],
        [run[0][1] for run in expected],
        [next((page for _, _, page, _ in run if page), "") for run in expected],
        [next((source for _, _, _, source in run if source), "") for run in expected],
    )


@given(events.filter(lambda some: len(some) > 2))
def test_joining_is_commutative_and_associative(some: list[Event]) -> None:
    runs = [Run(at_ms, at_ms, 1, event_id, page, source) for at_ms, event_id, page, source in some]
    a, b, c = runs[0], runs[1], runs[2]
    assert piece_values(0, [join(a, b)]) == piece_values(0, [join(b, a)])
    assert piece_values(0, [join(join(a, b), c)]) == piece_values(0, [join(a, join(b, c))])


@pytest.mark.parametrize(("gap_ms", "sessions"), [(GAP_MS, [3]), (GAP_MS + 1, [2, 1])])
def test_a_session_continues_across_midnight(gap_ms: int, sessions: list[int]) -> None:
    before_ms, after_ms = 3 * DAY_MS - 600_000, 3 * DAY_MS + 600_000
    some = [touch(at_ms, f"{at_ms}") for at_ms in (before_ms, after_ms, after_ms + gap_ms)]
    assert [one.touches for one in stitch(pieces(some, "a"), GAP_MS)] == sessions


@given(touches(4, 40), st.integers(1, 3), st.randoms(use_true_random=False))
def test_stitched_pieces_equal_the_sessions_of_the_touches(some: list[Touch], identifiers: int, chance: Random) -> None:
    """In any order of arrival, and for any assignment of touches to identifiers."""
    chance.shuffle(some)
    owners = {each.event_id: f"id{chance.randrange(identifiers)}" for each in some}
    stored = [
        piece
        for identifier in sorted(set(owners.values()))
        for piece in pieces([each for each in some if owners[each.event_id] == identifier], identifier)
    ]
    by_touch = stitch([alone(each, owners[each.event_id]) for each in some], GAP_MS)
    assert bare(stitch(stored, GAP_MS)) == bare(by_touch)
    if identifiers == 1:
        assert stitch(stored, GAP_MS) == by_touch


@given(st.integers(30, 400), st.integers(60_000, GAP_MS), st.integers(0, DAY_MS - 1))
def test_long_sessions_are_cut_at_midnights_only(count: int, step_ms: int, start_ms: int) -> None:
    some = [touch(start_ms + number * step_ms, f"{number:03}") for number in range(count)]
    found = stitch(pieces(some, "a"), GAP_MS)
    lasted_ms = (count - 1) * step_ms
    days = {each.occurred_at_ms // DAY_MS for each in some}
    assert len(found) == (1 if lasted_ms <= DAY_MS else len(days))
    assert sum(session.touches for session in found) == count
    assert sorted(some, key=order)[0].event_id == found[0].entry_id
