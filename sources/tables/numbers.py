"""Parser of numbers in tables: digits with at most one decimal point."""

import re

from sources.outcome import excerpt

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


class InvalidNumberError(ValueError):
    """A text that is not a number; the message quotes it."""


def read_number(text: str) -> int | float:
    """Return the number in a cell. Raises `InvalidNumberError`, also for commas, since `1,234` is ambiguous."""
    if not _NUMBER.fullmatch(text):
        hint = ": replace the decimal comma by a point, or keep the column as a property" if "," in text else ""
        raise InvalidNumberError(f"{excerpt(text)}, not a number like 12 or 12.5{hint}")
    return float(text) if "." in text else int(text)
