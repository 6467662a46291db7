"""Junk values: they identify no person, and are refused as identifiers without an error.

An identifier that many people share would join strangers, so a value that a form, an export or a program writes for an
unknown person is no identifier. The kinds: words for "nothing" and "nobody" (Segment and PostHog refuse some of them;
the others are common in programs), blanks (only zeroes and punctuation, so the zero UUID too), one repeated sign,
mailboxes of a function (RFC 2142, and the usual desks and automatic senders), and telephone numbers typed to get past a
form. `schemas.identifiers.junk_words` has the lists.
"""

from re import compile as pattern
from typing import Final
from unicodedata import category, normalize

from schemas.identifiers.junk_words import FIELDS, MAILBOXES, NOTHING, SHARED_IDS

_AROUND: Final = "\"'`´()[]{}<>«»“”„‘’.!:; "
_parts: Final = pattern(r"(?<=\w)[\s_-]+(?=\w)").sub


def fold(text: str) -> str:
    """Return a word in the form of the lists: lower case, no accents, no quotes or brackets, `_` between its parts."""
    text = text.lower().strip(_AROUND)
    if not text.isascii():
        text = "".join(c for c in normalize("NFKD", text.casefold()) if category(c) != "Mn")
    return _parts("_", text)


def words(listed: tuple[str, ...]) -> frozenset[str]:
    """Return the set of words of a list, each also without its `_`, to be compared with `fold`."""
    folded = {fold(word) for word in listed}
    return frozenset(folded | {word.replace("_", "") for word in folded} - {""})


WORDS: Final = words(NOTHING)
"""Words for "no value" and "no user": as an id and as the local part of an address."""
_ID_WORDS: Final = WORDS | words(FIELDS)
_LONGEST_WORD: Final = max(map(len, _ID_WORDS)) + 4  # and quotes and brackets on each side

_BLANK: Final = "0-_.,:;+/*?#{}()[]<>|~=!&%$@\\^` '\"\u2010\u2011\u2012\u2013\u2014\u2026"  # also of word processors
_UUID: Final = 32  # digits of one

ROLES: Final = frozenset(MAILBOXES)
"""Local parts of mailboxes of a function, in lower case, before a `+`."""

TYPED_PHONES: Final = frozenset(
    {"123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "987654321", "9876543210"}
)


def is_junk(value: str) -> bool:
    """Return whether a trimmed value is junk in every namespace."""
    if not value.strip(_BLANK):
        return True
    if len(value) <= _LONGEST_WORD and fold(value) in _ID_WORDS:
        return True
    return value in SHARED_IDS or is_one_sign(value)


def is_one_sign(value: str) -> bool:
    """Return whether a value that is not blank is one repeated sign (`xxx`), or a UUID of ones or of the letter f."""
    signs = value.replace("-", "").lower()
    return signs.count(signs[0]) == len(signs) and (len(signs) == _UUID or (signs[0] == "x" and 1 < len(signs) < _UUID))


def is_role(local: str) -> bool:
    """Return whether the local part of an address (lower case) is a function's or a placeholder's."""
    name = local.partition("+")[0] if "+" in local else local
    return name in ROLES or name in WORDS


def is_typed(digits: str) -> bool:
    """Return whether the digits of a telephone number are one repeated digit or a run along the keys."""
    return len(set(digits)) == 1 or digits in TYPED_PHONES
