"""Properties of a touch as its row has them: texts, and those that are numbers."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, cast

import msgspec

LONGEST_NAME: Final = 200  # of a number, in characters
_NUMBERS: Final = (int, float)  # and not bool, which is a subclass of int

_to_json: Final = msgspec.json.Encoder().encode


def text_of(value: object) -> str:
    """Return text unchanged, and any other value as JSON."""
    return value if isinstance(value, str) else _to_json(value).decode()


def texts_of(properties: Mapping[str, object]) -> dict[str, str]:
    """Return properties as the row stores them: every value a text, null left out."""
    return {name: text_of(value) for name, value in properties.items() if value is not None}


def numbers_of(properties: Mapping[str, object]) -> dict[str, float]:
    """Return the properties that are numbers, by name; a number in an object is named `object.member`.

    A number that no 64-bit float holds is left out, and so is one with a name of more than `LONGEST_NAME` characters.
    """
    numbers: dict[str, float] = {}
    for name, value in properties.items():
        kind = type(value)
        if kind is str:
            continue
        if kind is dict:
            for member, inner in cast(dict[str, object], value).items():
                if type(inner) in _NUMBERS and (path := f"{name}.{member}") not in properties:
                    _add(numbers, path, cast(float, inner))
        elif kind in _NUMBERS:
            _add(numbers, name, cast(float, value))
    return numbers


def _add(numbers: dict[str, float], name: str, value: float) -> None:
    if len(name) <= LONGEST_NAME:
        with suppress(OverflowError):  # a whole number of hundreds of digits
            numbers[name] = float(value)
