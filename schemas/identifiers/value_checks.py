"""Checks of an identifier's value in every namespace: visible, not too long, of a person."""

from re import compile as pattern
from typing import Final

from schemas.identifiers.invisible_characters import control_of, tidy
from schemas.identifiers.junk_values import is_junk, is_one_sign
from schemas.identifiers.junk_words import SHARED_IDS
from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.identifiers.template_placeholders import is_placeholder
from schemas.rejected import Reason

LONGEST: Final = 200  # characters of an identifier
# With a digit, and without a sign that begins a placeholder or a negative number: no word; most ids are such.
_is_plain: Final = pattern(r"(?![._-])[A-Za-z0._-]*[1-9][A-Za-z0-9._-]*").fullmatch
_NO_VALUE: Final = Junk("is a word for no value")


def clean(value: str) -> str | Junk | Invalid:
    """Return the value trimmed, composed and without invisible characters, or why it identifies no person."""
    if len(value) <= LONGEST and _is_plain(value):
        return _NO_VALUE if value in SHARED_IDS or (value[0] == value[-1] and is_one_sign(value)) else value
    value = tidy(value)
    if not value.isprintable() and (bad := control_of(value)):
        return Invalid(Reason.BAD_ID, f"has the invisible character U+{ord(bad):04X} in it")
    if len(value) > LONGEST:
        return too_long(value)
    if is_junk(value):
        return _NO_VALUE
    return Junk("is a placeholder that a template did not fill") if is_placeholder(value) else value


def too_long(value: str) -> Invalid:
    """Return the refusal of a value that is too long for an identifier."""
    return Invalid(Reason.BAD_ID, f"has {len(value)} characters, more than the {LONGEST} of an identifier")
