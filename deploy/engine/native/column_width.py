"""The number of bytes that a column takes in Native, found by its type.

https://clickhouse.com/docs/interfaces/formats/Native and SerializationLowCardinality.cpp of ClickHouse describe the
layout: first the prefixes of all nested types, then the data.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from deploy.engine.native.type_name import element_type, read_type

# Where the data begins and the number of rows -> where it ends.
Skip = Callable[[bytes, int, int], int]

_WIDTHS: Final = {
    **dict.fromkeys(("Int8", "UInt8", "Bool", "Enum8", "Nothing"), 1),
    **dict.fromkeys(("Int16", "UInt16", "Enum16", "Date", "BFloat16"), 2),
    **dict.fromkeys(("Int32", "UInt32", "Float32", "Date32", "DateTime", "IPv4", "Time"), 4),
    **dict.fromkeys(("Int64", "UInt64", "Float64", "DateTime64", "Time64"), 8),
    **dict.fromkeys(("Int128", "UInt128", "UUID", "IPv6"), 16),
    **dict.fromkeys(("Int256", "UInt256"), 32),
}  # fmt: skip
_INDEX_WIDTHS: Final = (1, 2, 4, 8)
_ADDITIONAL_KEYS: Final = 1 << 9


class UnknownTypeError(Exception):
    """The data of a type cannot be measured; the message names it."""


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """Return an unsigned LEB128 number, and where the next byte is."""
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7


@lru_cache(4096)
def skipper(text: str) -> tuple[int, Skip]:
    """Return the bytes of the prefixes of a type, and the function that skips its data.

    Raises UnknownTypeError.
    """
    kind = read_type(text)
    name, arguments = kind.name, kind.arguments
    if (width := _fixed_width(name, arguments)) is not None:
        return 0, lambda data, at, rows: at + width * rows
    match name:
        case "String":
            return 0, _skip_strings
        case "Nullable":
            prefix, nested = skipper(arguments[0])
            return prefix, lambda data, at, rows: nested(data, at + rows, rows)
        case "SimpleAggregateFunction":
            return skipper(arguments[-1])
        case "Array":
            return _array(*skipper(arguments[0]))
        case "Map":
            return _array(*_tuple(arguments))
        case "Nested":
            return _array(*_tuple(tuple(map(element_type, arguments))))
        case "Tuple":
            return _tuple(tuple(map(element_type, arguments)))
        case "LowCardinality":
            return _low_cardinality(arguments[0])
        case _:
            raise UnknownTypeError(text)


def _fixed_width(name: str, arguments: tuple[str, ...]) -> int | None:
    if name == "FixedString":
        return int(arguments[0])
    if name == "Decimal":
        return next(width for digits, width in ((9, 4), (18, 8), (38, 16), (76, 32)) if int(arguments[0]) <= digits)
    return 8 if name.startswith("Interval") else _WIDTHS.get(name)


def _skip_strings(data: bytes, at: int, rows: int) -> int:
    for _ in range(rows):
        size = data[at]
        if size < 128:
            at += size + 1
        else:
            size, at = read_varint(data, at)
            at += size
    return at


def _array(prefix: int, nested: Skip) -> tuple[int, Skip]:
    def skip(data: bytes, at: int, rows: int) -> int:
        at += 8 * rows
        elements = _number(data, at - 8, 8) if rows else 0  # the offsets are cumulated: the last one is the sum
        return nested(data, at, elements)

    return prefix, skip


def _tuple(elements: tuple[str, ...]) -> tuple[int, Skip]:
    nested = [skipper(element) for element in elements]

    def skip(data: bytes, at: int, rows: int) -> int:
        for _, one in nested:
            at = one(data, at, rows)
        return at if nested else at + rows  # an empty Tuple has a byte a row

    return sum(prefix for prefix, _ in nested), skip


def _low_cardinality(text: str) -> tuple[int, Skip]:
    kind = read_type(text)
    _, keys = skipper(kind.arguments[0] if kind.name == "Nullable" else text)

    def skip(data: bytes, at: int, rows: int) -> int:
        if not rows:
            return at
        flags = _number(data, at, 8)
        at += 8
        if flags & _ADDITIONAL_KEYS:
            at = keys(data, at + 8, _number(data, at, 8))
        return at + 8 + _INDEX_WIDTHS[flags & 3] * rows

    return 8, skip


def _number(data: bytes, at: int, width: int) -> int:
    return int.from_bytes(data[at : at + width], "little")
