"""Shifted times, and excerpts for messages."""

from sources.outcome import Emit, Outcome, Reject, Skip, excerpt, latest_time, shift_times

OUTCOMES: list[Outcome] = [
    Emit("calls", {"occurred_at": 1_000, "event_id": "a"}, ("note",)),
    Skip("blank"),
    Emit("calls", {"occurred_at": 3_000, "event_id": "b"}),
    Reject("columns", 4, "one too many"),
    Emit("calls", {"occurred_at": "2024-01-01T00:00:00Z", "event_id": "c"}),
    Emit("calls", {"occurred_at": 2_000, "event_id": "d"}),
]


def test_a_shift_changes_integer_times_only() -> None:
    moved = list(shift_times(OUTCOMES, 500))
    assert [one.touch["occurred_at"] for one in moved if isinstance(one, Emit)] == [
        1_500,
        3_500,
        "2024-01-01T00:00:00Z",
        2_500,
    ]
    assert [one.touch["event_id"] for one in moved if isinstance(one, Emit)] == ["a", "b", "c", "d"]
    assert moved[0] == Emit("calls", {"occurred_at": 1_500, "event_id": "a"}, ("note",))
    assert (moved[1], moved[3]) == (OUTCOMES[1], OUTCOMES[3])


def test_a_shift_does_not_change_its_input() -> None:
    before = Emit("calls", {"occurred_at": 1})
    list(shift_times([before], 10))
    assert before.touch == {"occurred_at": 1}


def test_the_latest_time_may_be_of_an_earlier_line() -> None:
    assert latest_time(OUTCOMES) == 3_000
    assert latest_time([Skip("blank")]) is None


def test_an_excerpt_is_short_and_printable() -> None:
    assert excerpt("a\x00b") == "'a\\x00b'"
    assert len(excerpt("x" * 10_000)) < 100
