"""Which party of a call is the customer: the one whose number is none of the company's own."""

from collections.abc import Mapping
from re import compile as pattern
from typing import Final

OPTION: Final = "own_numbers"
"""An option of sources: the numbers of your lines and of your people, separated by commas."""
_numbers: Final = pattern(r"[^,;]+").findall
_digits: Final = pattern(r"[0-9]+").findall
_is_digits: Final = pattern(r"[1-9][0-9]{6,14}").fullmatch


def is_own(number: str, options: Mapping[str, str]) -> bool:
    """Return whether a number is one of the source's own, however it is written."""
    digits = _digits_of(number)
    return bool(digits) and any(digits == _digits_of(own) for own in _numbers(options.get(OPTION, "")))


def with_plus(number: str) -> str:
    """Return a number in E.164 with its `+`, which some providers leave out; any other text as it is."""
    return f"+{number}" if _is_digits(number) else number


def _digits_of(number: str) -> str:
    return "".join(_digits(number))
