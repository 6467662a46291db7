"""A preset: columns, values and times of one system's export, as data. What the user's own options say goes first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

POSITIVE: Final = "> 0"
"""In a condition: any number above zero."""

LEFT_OUT: Final = ""
"""In place of a type: such a row is no touch, and is skipped."""


@dataclass(frozen=True, slots=True)
class TypeRule:
    """The touch's `type` where all of `conditions` hold: by column, the text that it has (in upper or lower case), a
    beginning followed by `*`, or `POSITIVE`."""

    type: str
    conditions: Mapping[str, str]

    def matches(self, text_of: Callable[[str], str]) -> bool:
        """Whether all conditions do; `text_of` gives a row's text in a column, '' where it has none."""
        return all(_matches(wanted, text_of(column)) for column, wanted in self.conditions.items())


@dataclass(frozen=True, slots=True)
class Preset:
    """One system's export. Where columns are named, `a|b` is the first of both that a row has, and `a.b` of JSON is
    the member `b` of the object `a`.

    `columns`: (column, field), of which those apply that the table has; of several for one field the first counts.
    `customer`: by direction, the column that has the customer's number. `types`: the first rule that holds gives the
    type; where none does, the text of `type_column` stands, which the channel then refuses. `values`: by column, other
    words for its texts; `LEFT_OUT` leaves the row out. `units`: by column, what its numbers count. `header`: the
    columns of the system's own file where it writes none, of which rows have `widths`.
    """

    name: str
    channel: str
    columns: tuple[tuple[str, str], ...]
    type_column: str
    types: tuple[TypeRule, ...]
    constants: Mapping[str, str] = field(default_factory=dict)
    customer: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    time_formats: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


def by_value(column: str, types: Mapping[str, str]) -> tuple[TypeRule, ...]:
    """Rules that look at one column alone."""
    return tuple(TypeRule(kind, {column: text}) for text, kind in types.items())


def _matches(wanted: str, text: str) -> bool:
    if wanted == POSITIVE:
        try:
            return float(text) > 0
        except ValueError:
            return False
    if wanted.endswith("*"):
        return text.casefold().startswith(wanted[:-1].casefold())
    return text.casefold() == wanted.casefold()
