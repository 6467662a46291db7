"""Amounts are read exactly, and everything that is not plain decimal text is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.money import SCALE, Currency, Money
from schemas.rejected import Reason

MONEY = TypeAdapter(Money)
CURRENCY = TypeAdapter(Currency)


@given(st.decimals(0, Decimal("99999999999999.9999"), places=4), st.integers(0, 4))
def test_amount_is_its_decimal(amount: Decimal, places: int) -> None:
    text = f"{amount:.{places}f}"
    if len(text.partition(".")[0]) <= 14:  # rounding may add a digit
        assert Decimal(MONEY.validate_python(text)) / SCALE == Decimal(text)


@pytest.mark.parametrize(("text", "parts"), [("0", 0), ("25.90", 259_000), ("0.0001", 1), ("007", 70_000)])
def test_amounts_are_ten_thousandths(text: str, parts: int) -> None:
    assert MONEY.validate_python(text) == parts


@given(st.integers() | st.floats() | st.booleans() | st.none() | st.lists(st.text()) | st.text("-+,. _٣\n"))
def test_what_is_no_plain_text_is_refused_with_its_reason(value: object) -> None:
    for adapter, reason in ((MONEY, Reason.BAD_MONEY), (CURRENCY, Reason.BAD_CURRENCY)):
        with pytest.raises(ValidationError) as refused:
            adapter.validate_python(value)
        assert [error["type"] for error in refused.value.errors()] == [reason]


@pytest.mark.parametrize(("text", "code"), [("EUR", "EUR"), ("eur", "EUR"), ("xAu", "XAU")])
def test_currency_is_in_capitals(text: str, code: str) -> None:
    assert CURRENCY.validate_python(text) == code
