"""The data of rules, validated when a file is read (streams.rules.validator).

Every field is of one of three kinds. An absent text is empty, an absent number is null. A comparison with a number
reads a text as a number only in one fixed form (`NUMBER`), so that Python and SQL agree; otherwise it does not hold.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from schemas.column import LABEL, MONEY, REAL, TEXT
from schemas.columns import EVENT_HEAD

NUMBER: Final = "-?[0-9]{1,9}([.][0-9]{1,6})?"  # at most 15 digits: a float holds them, and so does a Decimal(18, 6)
PROPERTY: Final = "properties."  # in front of the name of a property


class Kind(StrEnum):
    """The kind of a field."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "true or false"


class Op(StrEnum):
    """The operator of a condition, as it is written."""

    IS = "="
    IS_NOT = "!="
    IN = "in"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    EXISTS = "exists"


Literal = str | float | bool


class Condition(NamedTuple):
    """`field op value`. All operators but `in` have one value."""

    field: str  # a column of `events`, or `properties.` and a name
    op: Op
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: touches of a channel that meet all conditions get the weight, at most `cap` of them on a UTC day."""

    name: str
    channel: str
    weight: float
    types: tuple[str, ...] = ()  # empty: all types
    when: tuple[Condition, ...] = ()
    cap: int = 0  # 0: unlimited
    cap_per: str = ""  # a text field: the cap counts per value of it
    group: str = ""  # rules of one group share a cap

    @property
    def scope(self) -> str:
        """The name that the cap counts under."""
        return self.group or self.name


_KINDS: Final = {TEXT: Kind.TEXT, LABEL: Kind.TEXT, REAL: Kind.NUMBER, MONEY: Kind.NUMBER, "Bool": Kind.FLAG}
# Set elsewhere in a rule, or results of the rules.
_NOT_ASKED: Final = frozenset(("channel", "type", "rule", "cap_value", "rules_version", "raw_topic"))

FIELDS: Final[dict[str, Kind]] = {
    column.name: _KINDS[column.type] for column in EVENT_HEAD if column.type in _KINDS and column.name not in _NOT_ASKED
}

MONEY_FIELDS: Final = frozenset(column.name for column in EVENT_HEAD if column.type == MONEY)


def kind_of(field: str) -> Kind | None:
    """Return the kind of a field, or None if there is no such field."""
    if field.startswith(PROPERTY) and field != PROPERTY:
        return Kind.TEXT
    return FIELDS.get(field)
