"""Validation of the conditions of a rule.

when = { url_path = "/pricing" }                        # equals
when = { url_path = ["/pricing", "/contact"] }          # one of
when = { duration_s = { ">=" = 60, "<" = 600 } }        # all of these
when = { "properties.plan" = { exists = true } }        # also: when.properties.plan = { exists = true }
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from schemas.url_path import encode_path
from streams.rules.model import FIELDS, PROPERTY, Condition, Kind, Literal, Op, kind_of

Path = tuple[str, ...]

_TEXT_OPS: Final = frozenset((Op.CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH))
_ORDER_OPS: Final = frozenset((Op.ABOVE, Op.AT_LEAST, Op.BELOW, Op.AT_MOST))
_DECIMALS: Final = 6
_LARGEST: Final = 10**9


@dataclass(slots=True)
class Found:
    """The valid conditions of a rule, and for each other one (path of keys, what is wrong, how to correct it)."""

    wrong: list[tuple[Path, str, str]] = field(default_factory=list)
    good: list[Condition] = field(default_factory=list)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(self.good)


def read_conditions(when: object) -> Found:
    """Return the conditions of a rule's `when`."""
    found = Found()
    if not isinstance(when, Mapping):
        found.wrong.append(((), "when is not a table of conditions", 'write when = { url_path = "/pricing" }'))
        return found
    for path, name, operators in _by_field(when):
        kind = kind_of(name)
        if kind is None:
            close = get_close_matches(name, list(FIELDS), 1)
            remedy = f"did you mean '{close[0]}'" if close else "write a column of events, or properties.NAME"
            found.wrong.append((path, f"there is no field '{name}'", remedy))
            continue
        for op, value in _operators_of(operators):
            wrong = _why_not(name, kind, op, value)
            if wrong:
                found.wrong.append((path, *wrong))
            else:
                found.good.append(Condition(name, Op(op), _values(name, value)))
    return found


def _by_field(when: Mapping[str, object]) -> Iterator[tuple[Path, str, object]]:
    """Yield (path of keys, name of the field, its condition). `properties` may be a table of its own."""
    for name, operators in when.items():
        if name == PROPERTY.rstrip(".") and isinstance(operators, Mapping):
            yield from (((name, key), PROPERTY + key, inner) for key, inner in operators.items())
        else:
            yield (name,), name, operators


def _operators_of(operators: object) -> Iterator[tuple[str, object]]:
    if isinstance(operators, Mapping):
        yield from operators.items()
    else:
        yield (Op.IN if isinstance(operators, list) else Op.IS), operators


def _values(name: str, value: object) -> tuple[Literal, ...]:
    """Return the values of a condition in the form of its field: `/café` becomes `/caf%C3%A9` for a path."""
    values = value if isinstance(value, list) else [value]
    if name == "url_path":
        values = [encode_path(one) if isinstance(one, str) else one for one in values]
    fit = (one for one in values if isinstance(one, str | float | int))
    return tuple(one if isinstance(one, str | bool) else float(one) for one in fit)


def _why_not(name: str, kind: Kind, op: str, value: object) -> tuple[str, str] | None:
    """Return (what is wrong, how to correct it), or None if the condition is valid."""
    if op not in list(Op):
        return f"'{op}' is not an operator for '{name}'", f"there are {' '.join(Op)}"
    if op == Op.EXISTS:
        if isinstance(value, bool) and kind is not Kind.FLAG:
            return None
        return f"exists of '{name}' takes true or false, and is for texts and numbers", "write exists = true"
    values = value if isinstance(value, list) else [value]
    if isinstance(value, list) != (op == Op.IN) or not values:
        return f"'{op}' of '{name}' takes {'a list' if op == Op.IN else 'one value'}", 'as in "=" = 1 or in = [1, 2]'
    if len({isinstance(one, str) for one in values}) > 1:
        return f"the list for '{name}' mixes texts and other values", "write two rules, or all as text"
    return next(filter(None, (_unfit(name, kind, op, one) for one in values)), None)


def _unfit(name: str, kind: Kind, op: str, value: object) -> tuple[str, str] | None:
    if isinstance(value, bool) or kind is Kind.FLAG:
        if isinstance(value, bool) and kind is Kind.FLAG and op in (Op.IS, Op.IS_NOT):
            return None
        if kind is Kind.FLAG:
            return f"'{name}' is only true or false", f"write {name} = true"
        return f"'{name}' is a {kind}, not true or false", 'a property keeps them as text: write "true"'
    if isinstance(value, str):
        return _unfit_text(name, kind, op, value)
    if isinstance(value, int | float):
        return _unfit_number(name, op, value)
    return f"'{name}' is compared with a value that is neither text nor number", 'as in "=" = 1 or contains = "x"'


def _unfit_text(name: str, kind: Kind, op: str, value: str) -> tuple[str, str] | None:
    if kind is Kind.NUMBER:
        return f"'{name}' is a number and compared with a text", "write the number without quotes"
    if op in _ORDER_OPS:
        return f"'{op}' of '{name}' compares numbers, not texts", "write the number without quotes"
    if op in _TEXT_OPS and not value:
        return f"'{op}' of '{name}' with an empty text is always true", "write a text, or exists = true"
    return None


def _unfit_number(name: str, op: str, value: float) -> tuple[str, str] | None:
    if op in _TEXT_OPS:
        return f"'{op}' of '{name}' compares texts, not numbers", "write the text in quotes"
    number = Decimal(repr(value))
    exponent = number.normalize().as_tuple().exponent
    if not number.is_finite() or abs(number) >= _LARGEST or not isinstance(exponent, int) or exponent < -_DECIMALS:
        return f"'{name}' is compared with {value}", f"numbers are below a thousand million, with {_DECIMALS} decimals"
    return None
