"""The sentence at the top of the overview."""

import pytest

from dashboards.pages.overview.sentence import compare, sentence


def say(touches: int, before: int = 0, hot: int | None = None, gave_up: int | None = None) -> str:
    parts = sentence(
        touches=touches, seconds=900, before=before, day="last Monday", became_hot=hot, gave_up=gave_up, since="13:00"
    )
    return "".join(part.text for part in parts)


def test_it_says_what_happens_and_what_changed() -> None:
    assert say(60_300, 54_900, 38, 9) == (
        "67 touches a second happened in the last 15 minutes, a tenth more than last Monday at this time. "
        "38 customers became hot since yesterday, and 9 callers gave up since 13:00."
    )


@pytest.mark.parametrize(
    ("touches", "expected"),
    [
        (0, "No touches happened in the last 15 minutes."),
        (1, "1 touch happened in the last 15 minutes."),
        (15, "1 touch a minute happened in the last 15 minutes."),
        (450, "30 touches a minute happened in the last 15 minutes."),
        (900, "1 touch a second happened in the last 15 minutes."),
    ],
)
def test_the_unit_fits_the_number(touches: int, expected: str) -> None:
    assert say(touches) == expected


def test_nothing_is_said_of_what_did_not_happen() -> None:
    assert say(900, 0, 0, 0) == "1 touch a second happened in the last 15 minutes."
    assert say(0, 900, None, None) == "No touches happened in the last 15 minutes."
    assert (
        say(900, 0, 1, 0) == "1 touch a second happened in the last 15 minutes. 1 customer became hot since yesterday."
    )
    assert say(900, 0, 0, 1) == "1 touch a second happened in the last 15 minutes. 1 caller gave up since 13:00."


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (1.0, "about as many as"),
        (1.1, "a tenth more than"),
        (1.25, "a quarter more than"),
        (1.36, "a third more than"),
        (1.5, "half as many again as"),
        (2.0, "twice as many as"),
        (3.1, "three times as many as"),
        (7.2, "seven times as many as"),
        (12.1, "12 times as many as"),
        (0.9, "a tenth fewer than"),
        (0.75, "a quarter fewer than"),
        (0.5, "half as many as"),
        (0.34, "a third as many as"),
        (0.25, "a quarter as many as"),
        (0.1, "far fewer than"),
    ],
)
def test_ratios_are_said_in_words(ratio: float, expected: str) -> None:
    assert compare(ratio) == expected
