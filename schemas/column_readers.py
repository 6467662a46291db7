"""Where the values of columns end in a row (schemas.row_binary), and what they are."""

from collections.abc import Callable
from functools import cache
from struct import Struct as Layout
from typing import Any, Final

import msgspec

from schemas.row_binary import NUMBERS, split_type

Skip = Callable[[bytes, int], int]
Decode = Callable[[bytes, int], tuple[Any, int]]

FIXED: Final = {type_: Layout("<" + code).size for type_, code in NUMBERS.items()}
"""The length in bytes of the types whose values all have the same."""

_LONGEST_LENGTH: Final = 5  # bytes


def read_length(data: bytes, at: int) -> tuple[int, int]:
    """Return (length, where it ends). Raises IndexError where the data end, and `msgspec.DecodeError`."""
    length = 0
    for number in range(_LONGEST_LENGTH):
        byte = data[at + number]
        length |= (byte & 0x7F) << 7 * number
        if byte < 0x80:
            return length, at + number + 1
    raise msgspec.DecodeError(f"byte {at} begins no length")


def skip_text(data: bytes, at: int) -> int:
    """Return where a text ends."""
    length, at = read_length(data, at)
    return at + length


@cache
def skip_of(type_: str) -> Skip:
    """Return the function (data, start of a value) -> its end, which may be behind the end of incomplete data.

    Raises ValueError on a type without a rule.
    """
    if size := FIXED.get(type_):
        return lambda _, at: at + size
    kind, *inner = split_type(type_)
    if kind == "String":
        return skip_text
    skips = [skip_of(one) for one in inner]
    if kind == "LowCardinality":
        return skips[0]
    if kind == "Nullable":
        return lambda data, at: at + 1 if data[at] else skips[0](data, at + 1)

    def skip_entries(data: bytes, at: int) -> int:
        count, at = read_length(data, at)
        if count > len(data):  # each has a byte or more
            raise msgspec.DecodeError(f"{len(data)} bytes do not hold {count} entries")
        for _ in range(count):
            for skip in skips:
                at = skip(data, at)
        return at

    return skip_entries


@cache
def decoder_of(type_: str) -> Decode:
    """Return the function (data, start of a value) -> (value, its end). Raises ValueError on a type without a rule."""
    if type_ in NUMBERS:
        layout = Layout("<" + NUMBERS[type_])
        return lambda data, at: (layout.unpack_from(data, at)[0], at + layout.size)
    kind, *inner = split_type(type_)
    if kind == "String":
        return _decode_text
    decode, *others = map(decoder_of, inner)
    if kind == "LowCardinality":
        return decode
    if kind == "Nullable":
        return lambda data, at: (None, at + 1) if data[at] else decode(data, at + 1)
    if kind == "Array":
        return lambda data, at: _decode_array(data, at, decode)
    return lambda data, at: _decode_map(data, at, decode, others[0])


def _decode_text(data: bytes, at: int) -> tuple[str, int]:
    length, at = read_length(data, at)
    return data[at : at + length].decode(errors="replace"), at + length


def _decode_array(data: bytes, at: int, decode: Decode) -> tuple[list[Any], int]:
    count, at = read_length(data, at)
    values = []
    for _ in range(count):
        value, at = decode(data, at)
        values.append(value)
    return values, at


def _decode_map(data: bytes, at: int, decode_key: Decode, decode: Decode) -> tuple[dict[str, Any], int]:
    count, at = read_length(data, at)
    values = {}
    for _ in range(count):
        key, at = decode_key(data, at)
        values[key], at = decode(data, at)
    return values, at
