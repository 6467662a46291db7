"""Values are cleaned for every namespace, and refused when they identify no person."""

from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.identifiers.value_checks import LONGEST, clean, too_long
from schemas.rejected import Reason
from tests.tables import table


@table(
    ("value", "cleaned"),
    [
        ("C-1", "C-1"),
        ("  C-1 ", "C-1"),
        ("\u200bC-1", "C-1"),
        ("Ada", "Ada"),
        ("cafe\u0301", "café"),  # composed
        ("x" * (LONGEST - 1) + "1", "x" * (LONGEST - 1) + "1"),
    ],
)
def test_a_good_value_is_tidied(value: str, cleaned: str) -> None:
    assert clean(value) == cleaned


@table("value", ["", "null", "N/A", "undefined", "0000", "unknown user", "{{ id }}", "9774d56d682e549c"])
def test_value_that_identifies_nobody_is_junk(value: str) -> None:
    assert isinstance(clean(value), Junk)


@table(
    ("value", "words"),
    [("a\x00b", "U+0000"), ("a\x1bb", "U+001B"), ("x" * (LONGEST + 1), f"{LONGEST + 1} characters")],
)
def test_a_value_that_cannot_be_stored_is_refused(value: str, words: str) -> None:
    found = clean(value)
    assert isinstance(found, Invalid)
    assert found.reason is Reason.BAD_ID
    assert words in found.detail


def test_the_answer_to_a_long_value_names_both_lengths() -> None:
    assert too_long("x" * 201).detail == f"has 201 characters, more than the {LONGEST} of an identifier"
