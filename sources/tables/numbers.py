"""Numbers in tables: digits with at most one point."""

import re

from sources.outcome import excerpt

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


class InvalidNumberError(ValueError):
    """A text that is not a number; the message quotes it."""


def read_number(text: str) -> int | float:
    """The number in a cell. Raises `InvalidNumberError`: with a comma or a colon it could be several."""
    if not _NUMBER.fullmatch(text):
        hint = ": replace the decimal comma by a point, or leave the column among the properties" if "," in text else ""
        raise InvalidNumberError(f"{excerpt(text)}, not a number like 12 or 12.5{hint}")
    return float(text) if "." in text else int(text)
