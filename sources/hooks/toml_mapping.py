"""Mappings of webhooks without an adapter: a file in TOML that says which touches a body becomes.

    [[touch]]
    channel = "orders"
    each = "orders[]"                # JMESPath: the objects that become touches; without it, the body or its members
    when = "total > `0`"             # JMESPath: only the objects for which it is true
    time_zone = "Europe/Berlin"      # of times without one
    time_unit = "s"                  # of times that are numbers
    time_format = "%d.%m.%Y %H:%M"   # of times that are not ISO 8601

    [touch.fields]                   # a field of the channel, and the JMESPath of its value
    type = "status"
    order_id = "id"
    occurred_at = "created"
    "ids.erp" = "customer.number"

    [touch.types]                    # values of the field type, and what they mean; '' leaves the object out
    "Billed" = "paid"
    "Draft" = ""

Expressions: jmespath.org/specification.html; a text is written in single quotes.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from re import compile as pattern
from re import escape
from typing import Any, Final, NamedTuple, get_args

import jmespath
from jmespath.exceptions import JMESPathError

from schemas.channels import CHANNELS
from schemas.raw_touch import NAMESPACE
from sources.tables.times import TimeReader

OPTION: Final = "mapping"
"""An option of sources: a file `*.toml`, or the name of a mapping that is part of Touchline."""
SHIPPED: Final = ("cdr", "infor", "netsuite", "sage", "sap", "siebel")
_KEYS: Final = frozenset(
    {"channel", "each", "when", "time_zone", "time_unit", "time_format", "fields", "types", "properties"}
)
_ids: Final = pattern(rf"ids\.{NAMESPACE}").fullmatch


class TouchRule(NamedTuple):
    """How objects become touches of a channel. Expressions are compiled."""

    channel: str
    each: Any  # None: the body, or each of its members
    when: Any  # None: all objects
    fields: Mapping[str, Any]
    types: Mapping[str, str]
    times: TimeReader


class MappingError(NamedTuple):
    """An error in a mapping: its line, the key, and what to do."""

    line: int
    key: str
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key}: {self.what}"


@lru_cache(maxsize=128)
def read_mapping(value: str) -> tuple[TouchRule, ...] | tuple[MappingError, ...]:
    """Return the rules of a mapping: of a text in TOML, or of a shipped one by its name; or all of its errors."""
    if value in SHIPPED:
        value = files("sources.hooks").joinpath(f"mappings/{value}.toml").read_text("utf-8")
    elif "\n" not in value:
        known = ", ".join(SHIPPED)
        return (MappingError(1, "mapping", f"name a file *.toml, or one of {known}, instead of {value[:80]!r}"),)
    try:
        document = tomllib.loads(value)
    except tomllib.TOMLDecodeError as error:
        return (MappingError(1, "mapping", f"{error}; correct the TOML"),)
    tables = document.get("touch")
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        return (MappingError(1, "touch", "write a table [[touch]] for each kind of touch"),)
    errors = [
        MappingError(_line_of(value, number, key.rpartition(".")[2] if "ids." not in key else key[7:]), key, what)
        for number, table in enumerate(tables)
        for key, what in _errors_of(table)
    ]
    return tuple(errors) or tuple(_rule_of(table) for table in tables)


def rules_of(value: str) -> tuple[TouchRule, ...]:
    """Return the rules of a mapping, none if it has an error, as start-up does not allow."""
    return tuple(one for one in read_mapping(value) if isinstance(one, TouchRule))


def check_mapping(value: str) -> str:
    """Return the errors of a mapping as text, '' if there are none."""
    return "; ".join(str(one) for one in read_mapping(value) if isinstance(one, MappingError))


def _errors_of(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (key, what is wrong with it) for one table."""
    for key in table.keys() - _KEYS:
        yield key, f"is unknown; a touch has {', '.join(sorted(_KEYS))}"
    channel, fields, types = table.get("channel"), table.get("fields", {}), table.get("types", {})
    model = CHANNELS.get(channel) if isinstance(channel, str) else None
    if model is None:
        yield "channel", f"name one of {', '.join(CHANNELS)}"
    for key in ("each", "when"):
        if key in table and (wrong := _expression_error(table[key])):
            yield key, wrong
    if not isinstance(fields, dict) or not isinstance(types, dict):
        yield "fields", "write tables [touch.fields] and [touch.types]"
        return
    for name, expression in fields.items():
        if (
            model is not None
            and name not in model.model_fields
            and not _ids(name)
            and not name.startswith("properties.")
        ):
            yield f"fields.{name}", f"is no field of {channel}; put what else there is into properties.NAME"
        if wrong := _expression_error(expression):
            yield f"fields.{name}", wrong
    for required in ("type", "occurred_at"):
        if required not in fields:
            yield "fields", f"say where {required} comes from"
    if model is not None:
        allowed = get_args(model.model_fields["type"].annotation)
        for word, kind in types.items():
            if kind and kind not in allowed:
                yield f"types.{word}", f"{kind!r} is no type of {channel}: use one of {', '.join(allowed)}, or ''"
    try:
        _times_of(table)
    except (ValueError, TypeError) as error:
        yield "time_zone", str(error)


def _expression_error(expression: object) -> str:
    if not isinstance(expression, str):
        return "write a JMESPath expression, as text"
    try:
        jmespath.compile(expression)
    except (JMESPathError, ValueError) as error:
        return f"{str(error).splitlines()[0]}; correct the JMESPath expression"
    return ""


def _times_of(table: Mapping[str, Any]) -> TimeReader:
    form = table.get("time_format", "")
    return TimeReader(table.get("time_zone", ""), table.get("time_unit", ""), (form,) if form else ())


def _rule_of(table: Mapping[str, Any]) -> TouchRule:
    return TouchRule(
        table["channel"],
        jmespath.compile(table["each"]) if "each" in table else None,
        jmespath.compile(table["when"]) if "when" in table else None,
        {name: jmespath.compile(expression) for name, expression in table["fields"].items()},
        table.get("types", {}),
        _times_of(table),
    )


def _line_of(text: str, number: int, key: str) -> int:
    """Return the line of a key in the table [[touch]] of a number, or of the table itself."""
    is_key = pattern(rf"\s*(?:[\"']?(?:[a-z]+\.)*{escape(key)}[\"']?\s*=|\[touch\.{escape(key)}\])").match
    table, table_line = -1, 1
    for at, line in enumerate(text.split("\n"), 1):
        if line.strip().startswith("[[touch]]"):
            table, table_line = table + 1, at if table + 1 <= number else table_line
        elif table == number and is_key(line):
            return at
    return table_line
