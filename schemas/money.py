"""Money: amounts as decimal text, kept as whole ten-thousandths, and currencies as codes of ISO 4217.

JSON numbers are refused: most programs read them as binary floats, which cannot hold 0.10. Four decimals are enough for
every currency of ISO 4217 (at most four, of CLF), and 18 digits are what a Decimal(18, 4), a 64-bit integer, holds, so
that SQL sums are exact.
"""

from re import compile as pattern
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

from schemas.raw_touch import refuse
from schemas.rejected import Reason

SCALE: Final = 10_000  # parts of one unit of the currency
MONEY_PATTERN: Final = r"[0-9]{1,14}([.][0-9]{1,4})?"
CURRENCY_PATTERN: Final = "[A-Z]{3}"

_is_money: Final = pattern(MONEY_PATTERN).fullmatch
_is_currency: Final = pattern(CURRENCY_PATTERN).fullmatch


def parse_money(text: str) -> int:
    """Return the ten-thousandths of an amount that matches MONEY_PATTERN."""
    whole, _, part = text.partition(".")
    return int(whole) * SCALE + int(part.ljust(4, "0"))


def ten_thousandths(amount: int | str) -> int:
    """Return an amount of money that has been checked: read already, or as it was sent, such as `25.9`."""
    return amount if isinstance(amount, int) else parse_money(amount)


def read_money(value: object) -> int:
    """Return the ten-thousandths of an amount, for pydantic. Raises `PydanticCustomError` with a reason."""
    if not isinstance(value, str):
        raise refuse(Reason.BAD_MONEY, 'an amount of money is text, such as "25.90"')
    if not _is_money(value):
        why = 'is no amount such as "25.90": up to 14 digits, and up to 4 behind a point; no sign, blank or comma'
        raise refuse(Reason.BAD_MONEY, why)
    return parse_money(value)


def read_currency(value: object) -> str:
    """Return a currency's code in upper case, for pydantic. Raises `PydanticCustomError` with a reason."""
    code = value.upper() if isinstance(value, str) and value.isascii() else ""
    if not _is_currency(code):
        raise refuse(Reason.BAD_CURRENCY, 'is no code of ISO 4217: three letters, such as "EUR"')
    return code


Money = Annotated[int, BeforeValidator(read_money), WithJsonSchema({"type": "string", "pattern": f"^{MONEY_PATTERN}$"})]
Currency = Annotated[
    str, BeforeValidator(read_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z]{3}$"})
]
