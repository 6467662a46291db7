"""Own numbers of a company."""

import pytest

from sources.hooks.own_numbers import is_own, with_plus

OPTIONS = {"own_numbers": "+49 30 901820, +49-30-901821,4930901822,"}


@pytest.mark.parametrize(
    ("number", "own"),
    [
        ("+4930901821", True),
        ("4930901822", True),
        ("+4930901823", False),
        ("+49 (30) 901820", True),
        ("30", False),
        ("anonymous", False),
        ("", False),
    ],
)
def test_own_numbers(number: str, own: bool) -> None:
    assert is_own(number, OPTIONS) is own
    assert not is_own(number, {})


@pytest.mark.parametrize(
    ("number", "written"),
    [("447700900000", "+447700900000"), ("+447700900000", "+447700900000"), ("030901820", "030901820"), ("kim", "kim")],
)
def test_a_number_has_its_plus(number: str, written: str) -> None:
    assert with_plus(number) == written
