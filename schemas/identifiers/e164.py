"""Telephone numbers in E.164 (`+`, country code, national number, only digits), as most systems keep them.

The library reads any form, which takes a tenth of a millisecond. It would return these unchanged.
"""

from functools import cache
from re import Pattern
from re import compile as pattern
from typing import Final, NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumber

_full: Final = pattern(r"\+([1-9][0-9]{5,16})").fullmatch
_LONGEST_CODE: Final = 3


class Plan(NamedTuple):
    """The library's metadata of the numbers of a country code, as far as it is needed here."""

    regions: tuple[str, ...]
    inland_prefix: Pattern[str] | None  # dialled before a number within the country, and not part of it
    lengths: frozenset[int]  # of a number that could be dialled from abroad


@cache
def _plan(code: str) -> Plan | None:
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if not regions:
        return None
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    if metadata is None or metadata.general_desc is None:
        return None
    prefix, general = metadata.national_prefix_for_parsing, metadata.general_desc
    lengths = frozenset(general.possible_length) - frozenset(general.possible_length_local_only)
    return Plan(tuple(regions), pattern(prefix) if prefix else None, lengths)


def split_number(text: str) -> tuple[str, str, Plan] | None:
    """Return (country code, national number, plan) of a number in E.164 that the library would return unchanged.

    None means that the library has to read it.
    """
    found = _full(text)
    if found is None:
        return None
    digits = found[1]
    for length in range(1, _LONGEST_CODE + 1):
        code, number = digits[:length], digits[length:]
        if plan := _plan(code):
            fits = len(number) in plan.lengths and number[0] != "0"
            return (
                (code, number, plan) if fits and not (plan.inland_prefix and plan.inland_prefix.match(number)) else None
            )
    return None


def parsed(code: str, number: str) -> PhoneNumber:
    """Return the number of the library for the two parts of `split_number`."""
    return PhoneNumber(country_code=int(code), national_number=int(number))
