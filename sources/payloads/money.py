"""Amounts of money as decimal text, without the rounding of binary fractions."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from re import compile as pattern
from typing import Final

from schemas.money import MONEY_PATTERN, SCALE

_LARGEST_EXPONENT: Final = 18  # more digits are no amount, and `1e999999` would be a text of a million zeros
_LONGEST_TEXT: Final = 40  # characters
_SMALLEST: Final = Decimal(1) / SCALE
_is_money: Final = pattern(MONEY_PATTERN).fullmatch


def decimal_text(value: object) -> str:
    """Return a JSON number or a text such as `12.50` as decimal text, or an empty text if it is no amount.

    The shortest decimal of a binary fraction (`repr`) is the number that the client wrote.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    text = value.strip() if isinstance(value, str) else repr(value)
    if len(text) > _LONGEST_TEXT or "_" in text:  # Decimal takes `1_000`, which is Python's notation
        return ""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return ""
    if not amount.is_finite() or amount.adjusted() > _LARGEST_EXPONENT or amount.adjusted() < -_LARGEST_EXPONENT:
        return ""
    return format(amount, "f")


def amount_text(value: object) -> str:
    """Return an amount in the form of the contract (`schemas.money`), or an empty text if it cannot have it.

    Amounts are rounded to four decimals, half to even: `3 * 8.37` is 25.109999999999996 in JavaScript and Python.
    """
    text = decimal_text(value)
    if not text:
        return ""
    rounded = format(Decimal(text).quantize(_SMALLEST, rounding=ROUND_HALF_EVEN).normalize(), "f")
    return next((form for form in (text, rounded) if _is_money(form)), "")


def currency_code(value: object) -> str:
    """Return a currency as ISO 4217 writes it, in capitals; empty if it has not three letters."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""
