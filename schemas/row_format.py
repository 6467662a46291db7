"""The row format: the values of a row in msgpack, one after another, without an array header.

This is ClickHouse's `MsgPack` input format; `schemas.columns` lists the values of each table in order. msgspec encodes
whole arrays only, so each function here encodes an array and cuts its header off, or writes the bytes itself where
every value has a fixed length. Format: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from struct import Struct as Layout
from typing import Final, cast

import msgspec

SHORT: Final = 15  # values: the longest array whose header is one byte; up to 65,535 values it is three bytes

_SHORT_HEADER, _LONG_HEADER = 1, 3
_ARRAY_16, _ARRAY_32 = b"\xdc", b"\xdd"  # followed by the length in two and in four bytes
_FLOAT_64, _UINT_16, _UINT_64 = 0xCB, 0xCD, 0xCF  # in front of numbers of a fixed length
_BOOL: Final = (0xC2, 0xC3)

LONGEST_NAME: Final = 200  # of a number, in characters
_NUMBERS: Final = (int, float)  # and not bool, which is a subclass of int

_to_json: Final = msgspec.json.Encoder().encode
_read_array: Final = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_pack_source: Final = Layout(">BHBQ").pack
_pack_event_tail: Final = Layout(">BdBBbBHBQ").pack

encode_value: Final = msgspec.msgpack.Encoder().encode


def text_of(value: object) -> str:
    """Return text unchanged, and any other value as JSON."""
    return value if isinstance(value, str) else _to_json(value).decode()


def texts_of(properties: Mapping[str, object]) -> dict[str, str]:
    """Return properties as the row stores them: every value a text, null left out."""
    return {name: text_of(value) for name, value in properties.items() if value is not None}


def numbers_of(properties: Mapping[str, object]) -> dict[str, float]:
    """Return the properties that are numbers, by name; a number in an object is named `object.member`.

    A number that no 64-bit float holds is left out, and so is one with a name of more than `LONGEST_NAME` characters.
    """
    numbers: dict[str, float] = {}
    for name, value in properties.items():
        kind = type(value)
        if kind is str:
            continue
        if kind is dict:
            for member, inner in cast(dict[str, object], value).items():
                if type(inner) in _NUMBERS and (path := f"{name}.{member}") not in properties:
                    _add(numbers, path, cast(float, inner))
        elif kind in _NUMBERS:
            _add(numbers, name, cast(float, value))
    return numbers


def _add(numbers: dict[str, float], name: str, value: float) -> None:
    if len(name) <= LONGEST_NAME:
        with suppress(OverflowError):  # a whole number of hundreds of digits
            numbers[name] = float(value)


def encode_row(values: Iterable[object]) -> bytes:
    """Encode up to 65,535 values."""
    row = list(values)
    return encode_value(row)[_SHORT_HEADER if len(row) <= SHORT else _LONG_HEADER :]


def encode_short(values: Sequence[object]) -> bytes:
    """Encode at most `SHORT` values."""
    return encode_value(values)[_SHORT_HEADER:]


def encode_long(values: Sequence[object] | msgspec.Struct) -> bytes:
    """Encode more than `SHORT` elements, or the fields of a struct that is encoded as an array.

    An element may be a `msgspec.Raw` that holds several values, so the row can have more values than elements.
    """
    return encode_value(values)[_LONG_HEADER:]


def array_header(length: int) -> bytes:
    """Return the header of an array of 16 to 65,535 values."""
    return _ARRAY_16 + length.to_bytes(2, "big")


def split_values(data: bytes, count: int) -> list[msgspec.Raw]:
    """Return `count` values that follow each other, still encoded.

    Raises `msgspec.DecodeError` if the bytes are not that many values.
    """
    return _read_array(_ARRAY_32 + count.to_bytes(4, "big") + data)


def encode_source(partition: int, offset: int) -> bytes:
    """Encode `activity_partition` and `activity_offset`, the last two columns of every table."""
    return _pack_source(_UINT_16, partition, _UINT_64, offset)


def encode_event_tail(
    weight: float, too_late: bool, beyond_window: bool, change: int, partition: int, offset: int
) -> bytes:
    """Encode the columns of `events` from `weight` to the end. `change` is from -32 to 127, which is one byte."""
    return _pack_event_tail(
        _FLOAT_64, weight, _BOOL[too_late], _BOOL[beyond_window], change, _UINT_16, partition, _UINT_64, offset
    )  # fmt: skip
