"""Types in a table that its channel does not have."""

import pytest

from sources.outcome import Emit, Outcome, Reject, Skip
from sources.tables.unknown_types import NAMED, OTHERS, UnknownTypes


def calls(*types: object) -> list[Outcome]:
    return [Emit("calls", {"type": kind, "occurred_at": 0}) for kind in types]


def test_types_of_the_channel_are_no_problem() -> None:
    seen = UnknownTypes("calls")
    outcomes: list[Outcome] = [*calls("missed", "answered"), Skip("blank"), Reject("cells", 1, "")]
    assert list(seen.observe(outcomes)) == outcomes
    assert seen.problem() == ""


def test_unknown_types_are_named_with_advice() -> None:
    seen = UnknownTypes("calls")
    list(seen.observe(calls("ANSWERED", "NO ANSWER")))
    list(seen.observe(calls("ANSWERED", 5, None)))
    assert seen.counts == {"'ANSWERED'": 2, "'NO ANSWER'": 1, "'5'": 1, "'None'": 1}
    assert seen.problem() == (
        "calls have no type 'ANSWERED', 'NO ANSWER', '5', 'None': they have answered, missed, abandoned, voicemail. "
        "Map each to one of these with --value 'type:ANSWERED=answered', "
        "or skip its rows with --value 'type:ANSWERED='"
    )


@pytest.mark.parametrize("word", ["BUSY", "voice", "talked", "5", "missed call"])
def test_only_another_spelling_is_suggested(word: str) -> None:
    seen = UnknownTypes("calls")
    list(seen.observe(calls(word)))
    assert f"with --value 'type:{word}=TYPE'" in seen.problem()


def test_a_few_types_are_counted_by_name_and_printable() -> None:
    seen = UnknownTypes("calls")
    list(seen.observe(calls(*(f"kind {n}\x1b" for n in range(1_000)), "kind 0\x1b")))
    assert len(seen.counts) == NAMED + 1
    assert (seen.counts[r"'kind 0\x1b'"], seen.counts[OTHERS]) == (2, 1_000 - NAMED)
    assert seen.problem().isprintable()
