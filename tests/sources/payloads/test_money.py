"""Amounts of clients as decimal text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.payloads.money import amount_text, currency_code, decimal_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.5, "12.5"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (19, "19"),
        (-4.2, "-4.2"),
        ("12.50", "12.50"),
        (" 7 ", "7"),
        ("1e3", "1000"),
        ("1e999999", ""),
        (1e300, ""),
        (float("nan"), ""),
        (float("inf"), ""),
        ("Infinity", ""),
        ("1_000", ""),
        ("1,234.50", ""),
        ("12 EUR", ""),
        ("1" * 41, ""),
        (True, ""),
        (None, ""),
        ({}, ""),
        ("", ""),
    ],
)
def test_amounts(value: object, text: str) -> None:
    assert decimal_text(value) == text


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_of_cents_is_exact_through_a_json_number(amount: Decimal) -> None:
    assert Decimal(decimal_text(float(amount))) == amount


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3 * 8.37, "25.11"),
        (25.1, "25.1"),
        (100, "100"),
        (100.0, "100.0"),
        ("12.50", "12.50"),
        ("12.34567", "12.3457"),
        (0.00004, "0"),
        ("0.12345", "0.1234"),
        (-1, ""),
        (10**14, ""),
        ("free", ""),
        (None, ""),
    ],
)
def test_amounts_of_the_contract(value: object, text: str) -> None:
    assert amount_text(value) == text


@pytest.mark.parametrize(
    ("value", "code"), [("EUR", "EUR"), (" usd ", "USD"), ("euro", ""), ("€", ""), ("ÄÖÜ", ""), (978, ""), (None, "")]
)
def test_currencies(value: object, code: str) -> None:
    assert currency_code(value) == code
