"""Rules as ClickHouse expressions over `events`, so that a query can apply other rules to history.

The results are those of `Rules.match` (streams.rules.predicates); a test compares both on hostile values.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from schemas.column import SEPARATOR
from streams.rules.evaluator import CAP_VALUE_CHARS, Rules
from streams.rules.model import NUMBER, PROPERTY, Condition, Kind, Literal, Op, Rule, kind_of

_DECIMAL: Final = "toDecimal64OrZero({}, 6)"
_UNSAFE: Final = {ord("\\"): "\\\\", ord("'"): "\\'"} | {code: f"\\x{code:02X}" for code in (*range(32), 127)}


class RulesSql(NamedTuple):
    """Expressions over the columns of `events`: the name of the matching rule ('' for none), and its results."""

    rule: str
    weight: str
    cap: str
    cap_value: str


def to_sql(rules: Rules) -> RulesSql:
    """Return the four expressions. `rule` is part of the others: the engine computes equal expressions once."""
    first = _multi_if([(_condition_of(rule), quote(rule.name)) for rule in rules.rules], "''")
    named = {rule.name: rule for rule in rules.rules}
    return RulesSql(
        rule=first,
        weight=_look_up(first, {name: repr(rule.weight) for name, rule in named.items()}, "0.0"),
        cap=_look_up(first, {name: str(rule.cap) for name, rule in named.items() if rule.cap}, "0"),
        cap_value=_multi_if(
            [(f"{first} = {quote(name)}", _cap_value(rule)) for name, rule in named.items() if rule.cap], "''"
        ),
    )


def quote(text: str) -> str:
    """Return a text as a ClickHouse literal."""
    return f"'{text.translate(_UNSAFE)}'"


def _multi_if(cases: list[tuple[str, str]], otherwise: str) -> str:
    if not cases:
        return otherwise
    return f"multiIf({', '.join(f'{condition}, {value}' for condition, value in cases)}, {otherwise})"


def _look_up(name: str, values: dict[str, str], otherwise: str) -> str:
    if not values:
        return otherwise
    names = ", ".join(map(quote, values))
    return f"transform({name}, [{names}], [{', '.join(values.values())}], {otherwise})"


def _cap_value(rule: Rule) -> str:
    if not rule.cap_per:
        return quote(rule.scope)
    return f"concat({quote(rule.scope + SEPARATOR)}, substringUTF8({_column(rule.cap_per)}, 1, {CAP_VALUE_CHARS}))"


def _condition_of(rule: Rule) -> str:
    parts = [f"channel = {quote(rule.channel)}"]
    if rule.types:
        parts.append(f"type IN ({', '.join(map(quote, rule.types))})")
    return f"({' AND '.join([*parts, *map(_condition, rule.when)])})"


def _condition(condition: Condition) -> str:
    field, op, values = condition
    if op is Op.IS_NOT:
        return f"NOT {_condition(Condition(field, Op.IS, values))}"
    kind = kind_of(field)
    column = _column(field)
    if kind is Kind.FLAG:
        return f"({column} = {'true' if values[0] else 'false'})"
    if op is Op.EXISTS:
        there = f"{column} != ''" if kind is Kind.TEXT else f"isNotNull({column})"
        return f"({there})" if values[0] else f"(NOT {there})"
    if isinstance(values[0], str):
        return _text_condition(column, op, [quote(str(value)) for value in values])
    if kind is Kind.TEXT:
        compared = _number_condition(
            _DECIMAL.format(column), op, [f"toDecimal64('{_plain(one)}', 6)" for one in values]
        )
        return f"(match({column}, '^(?:{NUMBER})$') AND {compared})"
    return f"ifNull({_number_condition(column, op, [f'toFloat64({_plain(one)})' for one in values])}, 0)"


def _column(field: str) -> str:
    return f"properties[{quote(field.removeprefix(PROPERTY))}]" if field.startswith(PROPERTY) else field


def _text_condition(column: str, op: Op, texts: list[str]) -> str:
    match op:
        case Op.CONTAINS:
            return f"(position({column}, {texts[0]}) > 0)"
        case Op.STARTS_WITH:
            return f"startsWith({column}, {texts[0]})"
        case Op.ENDS_WITH:
            return f"endsWith({column}, {texts[0]})"
    return f"({column} IN ({', '.join(texts)}))"


def _number_condition(number: str, op: Op, numbers: list[str]) -> str:
    if op in (Op.IS, Op.IN):
        return f"({' OR '.join(f'{number} = {one}' for one in numbers)})"
    return f"({number} {op} {numbers[0]})"


def _plain(number: Literal) -> str:
    """Return a number as a literal without exponent."""
    return f"{Decimal(repr(number)):f}"
