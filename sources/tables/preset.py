"""A preset: columns, values and times of one system's export, as data. The user's options take precedence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

POSITIVE: Final = "> 0"
"""In a condition: any number greater than zero."""

LEFT_OUT: Final = ""
"""In place of a type or a value: the row is not a touch, and is skipped."""

DIRECTIONS: Final = {"inbound": "inbound", "outbound": "outbound"}
"""Replacements of a column that writes the directions in another case, since texts are compared without case."""


@dataclass(frozen=True, slots=True)
class TypeRule:
    """The type of a touch if all `conditions` hold. A condition of a column is a text, compared without case, a prefix
    followed by `*`, or `POSITIVE`."""

    type: str
    conditions: Mapping[str, str]

    def matches(self, text_of: Callable[[str], str]) -> bool:
        """Return whether all conditions hold. `text_of` returns the row's text in a column, '' if it has none."""
        return all(_matches(condition, text_of(column)) for column, condition in self.conditions.items())


@dataclass(frozen=True, slots=True)
class Preset:
    """One system's export. As a column, `a|b` means the first one that a row has, and `a.b` the member `b` of the JSON
    object `a`.

    - `columns`: (column, field); columns that the table lacks are ignored, and the first one of a field counts.
    - `identity`: the fields whose values, joined by colons, are the event id of a row without one. If empty, the id is
      a hash of the whole touch.
    - `fallbacks`: by field, the columns whose first value it has in rows where its own column is empty.
    - `dropped`: columns that are not kept, such as the text of a mail.
    - `customer`: by direction, the column of the customer's number or address, which `customer_field` receives.
    - `types`: the first rule that matches gives the type. Without one, the type is the text of `type_column`, which the
      channel then rejects.
    - `values`: by column, replacements of its texts; `LEFT_OUT` skips the row.
    - `units`: by column, the unit of its times that are numbers.
    - `factors`: by column, what its numbers are multiplied with, such as 60 for a duration in minutes.
    - `header`: the columns of the system's own file, which has no header line; `widths`: the lengths of its rows.
    """

    name: str
    channel: str
    columns: tuple[tuple[str, str], ...]
    type_column: str
    types: tuple[TypeRule, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    customer: Mapping[str, str] = field(default_factory=dict)
    customer_field: str = "phone"
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    time_formats: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


def by_value(column: str, types: Mapping[str, str]) -> tuple[TypeRule, ...]:
    """Return rules with one condition each, on one column; `types` is text to type."""
    return tuple(TypeRule(kind, {column: text}) for text, kind in types.items())


def _matches(condition: str, text: str) -> bool:
    if condition == POSITIVE:
        try:
            return float(text) > 0
        except ValueError:
            return False
    if condition.endswith("*"):
        return text.casefold().startswith(condition[:-1].casefold())
    return text.casefold() == condition.casefold()
