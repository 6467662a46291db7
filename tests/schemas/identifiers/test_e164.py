"""A number in E.164 is read as the library reads it; all others are left to the library."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneMetadata,
    PhoneNumberFormat,
    ValidationResult,
)

from schemas.identifiers.e164 import parsed, split_number
from tests.scale import scaled
from tests.tables import table

EXAMPLES = [
    phonenumbers.format_number(number, PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    if (number := phonenumbers.example_number(region)) is not None
]


def check(text: str) -> bool:
    """Whether the number was split; the library reads it as the same number, of possible length, and writes it so."""
    parts = split_number(text)
    if parts is None:
        return False
    code, number, plan = parts
    theirs = phonenumbers.parse(text, "US")
    assert theirs == parsed(code, number)
    assert phonenumbers.is_possible_number_with_reason(theirs) == ValidationResult.IS_POSSIBLE
    assert phonenumbers.format_number(theirs, PhoneNumberFormat.E164) == text == f"+{code}{number}"
    assert plan.regions == tuple(COUNTRY_CODE_TO_REGION_CODE[int(code)])
    return True


def test_most_countries_numbers_are_taken() -> None:
    taken = [text for text in EXAMPLES if check(text)]
    assert len(EXAMPLES) > 200
    assert len(taken) > 0.8 * len(EXAMPLES)


@given(
    st.sampled_from(sorted(COUNTRY_CODE_TO_REGION_CODE)) | st.integers(1, 999),
    st.from_regex("[0-9]{1,15}", fullmatch=True),
)
@settings(max_examples=scaled(500), deadline=None)
def test_any_number_of_any_country(code: int, number: str) -> None:
    check(f"+{code}{number}")


@table("code", sorted(COUNTRY_CODE_TO_REGION_CODE))
def test_national_prefix_is_not_part_of_the_number(code: int) -> None:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, COUNTRY_CODE_TO_REGION_CODE[code][0])
    assert metadata is not None
    prefix = metadata.national_prefix or "0"
    for length in range(3, 14):
        check(f"+{code}{prefix}{'234567892345678'[:length]}")
        check(f"+{code}{'9412345678234'[:length]}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "4930901820",
        "+49 30901820",
        "+4930901820;ext=1",
        "+04930901820",
        "+999123456789",
        "+49",
        "+390612345678",
        "+4930901820\n",
        "+٤٩٣٠٩٠١٨٢٠",
        "+491",
        "+49" + "1" * 30,
    ],
)
def test_left_to_the_library(text: str) -> None:
    assert split_number(text) is None


def test_the_library_refuses_numbers_of_no_country() -> None:
    with pytest.raises(NumberParseException):
        phonenumbers.parse("+999123456789", None)
