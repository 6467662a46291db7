"""Names of ClickHouse's types as trees: `Map(String, Array(UInt8))` is Map with the arguments String and Array."""

import re
from dataclasses import dataclass
from typing import Final

# Aliases that the engine writes for types of its own: https://clickhouse.com/docs/sql-reference/data-types/geo
_POINTS: Final = "Array(Tuple(Float64, Float64))"
_ALIASES: Final = {
    "Point": "Tuple(Float64, Float64)",
    **dict.fromkeys(("Ring", "LineString"), _POINTS),
    **dict.fromkeys(("Polygon", "MultiLineString"), f"Array({_POINTS})"),
    "MultiPolygon": f"Array(Array({_POINTS}))",
}
# A quoted text or name, a parenthesis or comma, or anything between them.
_TOKEN: Final = re.compile(r"'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|[(),]|[^'`(),]+", re.DOTALL)
# The name of an element of a Tuple or Nested, before its type.
_ELEMENT_NAME: Final = re.compile(r"(?:`(?:[^`\\]|\\.)*`|[^\s`'(),]+)\s+(?=\S)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TypeName:
    """The name of a type and its arguments as texts."""

    name: str
    arguments: tuple[str, ...] = ()


def read_type(text: str) -> TypeName:
    """Return the parsed name of a type, an alias resolved."""
    text = _ALIASES.get(text.strip(), text.strip())
    name, parenthesis, rest = text.partition("(")
    inside = rest[:-1]
    return TypeName(name, tuple(_split(inside)) if parenthesis and inside else ())


def element_type(element: str) -> str:
    """Return the type of an element of a Tuple or Nested, which may have a name before it."""
    named = _ELEMENT_NAME.match(element)
    return element[named.end() :] if named else element


def _split(arguments: str) -> list[str]:
    parts, depth = [""], 0
    for token in _TOKEN.findall(arguments):
        depth += (token == "(") - (token == ")")
        if token == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]
