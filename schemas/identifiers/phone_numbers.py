"""Telephone numbers in E.164, from the forms of telephone systems, web forms and contacts.

Accepted: any form that the library reads, `tel:` (RFC 3966), `sip:` and `sips:` (RFC 3261, 19.1.6) and WhatsApp
addresses, with a display name, and extensions in many languages. Letters are digits only in numbers of a kind that is
given as a word (`1-800-FLOWERS`); elsewhere they are a remark behind the number.
"""

from functools import lru_cache
from re import IGNORECASE
from re import compile as pattern
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from schemas.identifiers.e164 import split_number
from schemas.identifiers.hidden_callers import HIDDEN_NUMBERS, is_hidden_caller
from schemas.identifiers.junk_values import is_typed
from schemas.identifiers.phone_extensions import split_extension
from schemas.identifiers.phone_uris import unwrap
from schemas.identifiers.read_outcome import Invalid, Junk
from schemas.identifiers.value_checks import clean
from schemas.rejected import Reason

_CACHED: Final = 50_000  # cached numbers: about 15 MB when full
_TYPED: Final = Junk("is a number typed to get past a form")
_HIDDEN: Final = Junk("is that of a caller whose number is hidden")
_remark: Final = pattern(r"\([^()\d+]*[^\W\d_][^()\d+]*\)", IGNORECASE).sub
_number: Final = pattern(r"[+\uff0b(]*\d.*").search
_FEWEST_LETTERS: Final = 3  # of a word in place of digits; the library ignores fewer
_VANITY: Final = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
    }
)
_NORTH_AMERICA: Final = 1  # all numbers have ten digits, so a word that completes them is part of the number


@lru_cache(maxsize=_CACHED)
def read_phone(value: str, region: str) -> str | Junk | Invalid:
    """Return E.164 of a number, read as dialled in `region`.

    Its length must be possible; its range need not be assigned, since ranges change and a new one must not be refused.
    A number behind a switchboard keeps its extension as RFC 3966 writes it: without it, colleagues would be one person.
    """
    if parts := split_number(value):
        if is_typed(value[1:]) or is_typed(parts[1]):
            return _TYPED
        return _HIDDEN if value[1:] in HIDDEN_NUMBERS else value
    if not isinstance(text := clean(value), str):
        return text
    if not isinstance(text := unwrap(text), str):
        return text
    if is_hidden_caller(text):
        return _HIDDEN
    if is_typed(_digits(text)):
        return _TYPED
    return _read(text, region)


def _read(text: str, region: str) -> str | Junk | Invalid:
    dialled, extension = split_extension(_remark(" ", text), region)
    try:
        number = phonenumbers.parse(dialled, region.upper() or None)
    except NumberParseException as error:
        return Invalid(Reason.BAD_PHONE, _detail(error, region))
    if not _letters_are_digits(dialled, number):
        return Invalid(Reason.BAD_PHONE, "has letters behind or between its digits: send the number alone")
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return Invalid(Reason.BAD_PHONE, "has too few or too many digits for a telephone number of its country")
    if is_typed(str(number.national_number)):
        return _TYPED
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    extension = extension or number.extension or ""
    # Each reading removes one of several zeros behind the country code (`+43 0 0 ..`): repeat it, so that
    # the stored number reads as itself.
    if _digits(written) != _digits(dialled):
        again = read_phone(written, region)
        if not isinstance(again, str):
            return again
        written = again
    return f"{written};ext={extension}" if extension else written


def _letters_are_digits(dialled: str, number: PhoneNumber) -> bool:
    """Return whether a number has no letters, or only a word that spells some of its digits."""
    found = _number(dialled)
    letters = [c for c in found[0] if c.isalpha()] if found else []
    if not letters:
        return True
    if len(letters) < _FEWEST_LETTERS or not all(c.isascii() for c in letters):
        return False
    if number.country_code == _NORTH_AMERICA:
        return phonenumbers.is_valid_number(number)
    return phonenumbers.number_type(number) in _VANITY


def _digits(text: str) -> str:
    return "".join([c for c in text if c.isdigit()])


def _detail(error: NumberParseException, region: str) -> str:
    if error.error_type == NumberParseException.INVALID_COUNTRY_CODE:
        dialled = f"and {region!r} is not a country to dial it in" if region else "and no region is set to dial it in"
        return f"begins with no country code that exists, {dialled}"
    return "is no telephone number"
