"""Conditions as Python functions. `streams.rules.sql` has them as SQL; a test compares the two."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from schemas.money import SCALE
from streams.rules.model import MONEY_FIELDS, NUMBER, PROPERTY, Condition, Kind, Op, kind_of


class Fields(Protocol):
    """Columns of `events` by name, in a mapping or an object like one. `properties` is a mapping of texts."""

    def get(self, name: str, /) -> object:
        """Return the value of the column, or None."""
        ...


Test = Callable[[Fields], bool]

_number: Final = re.compile(NUMBER, re.ASCII).fullmatch
_ORDER: Final[dict[Op, Callable[[float, float], bool]]] = {
    Op.ABOVE: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.BELOW: operator.lt,
    Op.AT_MOST: operator.le,
}


def text_reader(field: str) -> Callable[[Fields], str]:
    """Return a reader of a text field; an absent text is empty."""
    if field.startswith(PROPERTY):
        name = field.removeprefix(PROPERTY)

        def read_property(fields: Fields) -> str:
            properties = fields.get("properties")
            value = properties.get(name) if isinstance(properties, Mapping) else None
            return value if isinstance(value, str) else ""

        return read_property

    def read_column(fields: Fields) -> str:
        value = fields.get(field)
        return value if isinstance(value, str) else ""

    return read_column


def test_of(condition: Condition) -> Test:
    """Return the function that decides whether the fields of a touch meet the condition."""
    field, op, values = condition
    if op is Op.IS_NOT:
        meets = test_of(Condition(field, Op.IS, values))
        return lambda fields: not meets(fields)
    if kind_of(field) is Kind.FLAG:
        return lambda fields: bool(fields.get(field)) is values[0]
    if kind_of(field) is Kind.TEXT and (op is Op.EXISTS or isinstance(values[0], str)):
        return _text_test(text_reader(field), op, values)
    return _number_test(_number_reader(field), op, values)


def _number_reader(field: str) -> Callable[[Fields], float | None]:
    if kind_of(field) is Kind.TEXT:
        read = text_reader(field)

        def read_text(fields: Fields) -> float | None:
            text = read(fields)
            return float(text) if _number(text) else None

        return read_text

    if field in MONEY_FIELDS:

        def read_money(fields: Fields) -> float | None:
            value = fields.get(field)
            return float(value) / SCALE if isinstance(value, int) else None  # as ClickHouse converts a Decimal

        return read_money

    def read_number(fields: Fields) -> float | None:
        value = fields.get(field)
        return value if isinstance(value, int | float) else None

    return read_number


def _text_test(read: Callable[[Fields], str], op: Op, values: tuple[object, ...]) -> Test:
    if op is Op.EXISTS:
        return lambda fields: (read(fields) != "") is values[0]
    texts = frozenset(value for value in values if isinstance(value, str))
    (one, *_) = sorted(texts)
    match op:
        case Op.IS:
            return lambda fields: read(fields) == one
        case Op.IN:
            return lambda fields: read(fields) in texts
        case Op.CONTAINS:
            return lambda fields: one in read(fields)
        case Op.STARTS_WITH:
            return lambda fields: read(fields).startswith(one)
        case Op.ENDS_WITH:
            return lambda fields: read(fields).endswith(one)
    raise ValueError(f"{op} is no question about text")


def _number_test(read: Callable[[Fields], float | None], op: Op, values: tuple[object, ...]) -> Test:
    if op is Op.EXISTS:
        return lambda fields: (read(fields) is not None) is values[0]
    numbers = frozenset(float(value) for value in values if isinstance(value, int | float))
    if op in (Op.IS, Op.IN):
        return lambda fields: read(fields) in numbers
    compare, (limit,) = _ORDER[op], numbers

    def test(fields: Fields) -> bool:
        value = read(fields)
        return value is not None and compare(value, limit)

    return test
