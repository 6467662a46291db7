"""Countries of numbers, and which addresses can have one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.enrichment.country import country_of_phone, public_ip

NUMBERS = [
    ("+49301234567", "DE"),
    ("+442079460018", "GB"),
    ("+16502530000", "US"),
    ("+16135550123", "CA"),
    ("+77012345678", "KZ"),
    ("+79161234567", "RU"),
    ("+390612345678", "IT"),
    ("+390669812345", "VA"),
    ("+49301234567;ext=12", "DE"),
    ("+4930", "DE"),  # too short to be assigned, but nobody else has +49
    ("+80012345678", ""),
    ("+15550000000", ""),
    ("", ""),
    ("030 1234567", ""),
    ("+999123456", ""),
    ("bob", ""),
]


@pytest.mark.parametrize(("number", "country"), NUMBERS)
def test_country_of_phone(number: str, country: str) -> None:
    assert country_of_phone(number) == country


ADDRESSES = [
    ("81.2.69.142", "81.2.69.142"),
    (" 81.2.69.142 ", "81.2.69.142"),
    ("::ffff:81.2.69.142", "81.2.69.142"),
    ("2A02:ffff::1", "2a02:ffff::1"),
    ("10.0.0.1", ""),
    ("192.168.1.1", ""),
    ("127.0.0.1", ""),
    ("::1", ""),
    ("fe80::1%eth0", ""),
    ("::ffff:10.0.0.1", ""),
    ("81.2.69.142:443", ""),
    ("81.2.69.999", ""),
    ("", ""),
    ("-", ""),
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_public_ip(text: str, address: str) -> None:
    assert public_ip(text) == address


@given(st.text(max_size=60))
def test_any_text_gives_an_answer(text: str) -> None:
    assert len(country_of_phone(text)) in (0, 2)
    assert isinstance(public_ip(text), str)


@given(st.from_regex(r"\+(1|7|44|49|39|358|800|86|33)[0-9]{4,12}", fullmatch=True))
@settings(deadline=None)
def test_a_country_does_not_depend_on_how_its_number_is_spelt(number: str) -> None:
    assert country_of_phone(number) == country_of_phone(f"{number[:3]} {number[3:]}")
