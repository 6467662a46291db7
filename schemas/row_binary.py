"""The row format: the values of a row one after another, in ClickHouse's `RowBinary`.

A row has no header and no column names; `schemas.columns` lists the values of each table in order. Numbers have a fixed
length, low byte first; a text, an array and a map begin with their length in LEB128. What repeats is encoded once and
joined. Format: https://clickhouse.com/docs/interfaces/formats/RowBinary
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from struct import Struct as Layout
from typing import Any, Final

from schemas.column import Column

Encode = Callable[[Any], bytes]

_MORE: Final = 0x80  # set in every byte of a length but the last
NO_TEXT: Final = b"\x00"
EMPTY: Final = b"\x00"  # array or map
_ONE: Final = b"\x01"  # entry
_NULL: Final = b"\x01"
_PRESENT: Final = b"\x00"  # in front of the value of a column that may be null

# By ClickHouse type, the code of `struct`. A time is a number of units since 1970, a decimal one of its last place.
NUMBERS: Final = {
    "UInt8": "B",
    "UInt16": "H",
    "UInt32": "I",
    "UInt64": "Q",
    "Int8": "b",
    "Int64": "q",
    "Float64": "d",
    "Bool": "?",
    "Date": "H",
    "DateTime64(3, 'UTC')": "q",
    "Decimal(18, 4)": "q",
}

encode_uint64: Final = Layout("<Q").pack
encode_int64: Final = Layout("<q").pack
encode_float64: Final = Layout("<d").pack
encode_source: Final = Layout("<HQ").pack
"""(activity_partition, activity_offset) -> the last two columns of every table."""
encode_event_tail: Final = Layout("<d??bHQ").pack
"""(weight, too_late, beyond_window, change, activity_partition, activity_offset) -> the last columns of `events`."""


def encode_length(length: int) -> bytes:
    """Encode a length: seven bits a byte, the lowest first."""
    encoded = bytearray()
    while length >= _MORE:
        encoded.append(length & 0x7F | _MORE)
        length >>= 7
    encoded.append(length)
    return bytes(encoded)


_LENGTHS: Final = tuple(map(encode_length, range(_MORE * _MORE)))  # of almost all texts


def encode_text(text: str | None) -> bytes:
    """Encode a text, or none as an empty one. Raises UnicodeEncodeError on one that UTF-8 cannot hold."""
    if not text:
        return NO_TEXT
    data = text.encode()
    try:
        return _LENGTHS[len(data)] + data
    except IndexError:
        return encode_bytes(data)


def encode_bytes(data: bytes) -> bytes:
    """Encode a text that is given as bytes, whether they are UTF-8 or not."""
    return encode_length(len(data)) + data


def encode_texts(texts: Sequence[str]) -> bytes:
    """Encode an array of texts."""
    return encode_length(len(texts)) + b"".join(map(encode_text, texts)) if texts else EMPTY


def encode_text_map(texts: Mapping[str, str]) -> bytes:
    """Encode a map from texts to texts."""
    return encode_map(texts, encode_text, encode_text) if texts else EMPTY


def encode_map(values: Mapping[str, Any], encode_key: Encode, encode: Encode) -> bytes:
    """Encode a map from texts."""
    if len(values) == 1:  # as most have
        ((name, value),) = values.items()
        return _ONE + encode_key(name) + encode(value)
    return encode_length(len(values)) + b"".join([encode_key(name) + encode(value) for name, value in values.items()])


def encode_int64s(values: Sequence[int]) -> bytes:
    """Encode an array of integers of eight bytes."""
    return encode_length(len(values)) + b"".join(map(encode_int64, values))


def encode_real(value: float | None) -> bytes:
    """Encode a float that may be null."""
    return _NULL if value is None else _PRESENT + encode_float64(value)


def _encode_any_text(value: str | bytes) -> bytes:
    return encode_text(value) if isinstance(value, str) else encode_bytes(value)


@cache
def encoder_of(type_: str) -> Encode:
    """Return the function that encodes a value of a ClickHouse type. Raises ValueError on a type without a rule."""
    if type_ in NUMBERS:
        return Layout("<" + NUMBERS[type_]).pack
    kind, *inner = split_type(type_)
    if kind == "String":
        return _encode_any_text
    encode, *others = map(encoder_of, inner)
    if kind == "LowCardinality":
        return encode
    if kind == "Nullable":
        return lambda value: _NULL if value is None else _PRESENT + encode(value)
    if kind == "Array":
        return lambda values: encode_length(len(values)) + b"".join(map(encode, values))
    (encode_value,) = others
    return lambda values: (
        encode_length(len(values)) + b"".join(encode(name) + encode_value(value) for name, value in values.items())
    )


def split_type(type_: str) -> tuple[str, ...]:
    """Return `String`, or the name of a composed type and the types in it. Raises ValueError on any other type."""
    kind, _, rest = type_.partition("(")
    if type_ == "String":
        return (type_,)
    if kind in ("LowCardinality", "Nullable", "Array"):
        return kind, rest[:-1]
    if kind == "Map":
        key, _, value = rest[:-1].partition(", ")
        return kind, key, value
    raise ValueError(f"there is no rule how to encode a column of the type {type_}: add one to schemas.row_binary")


def encode_values(columns: Iterable[Column], values: Iterable[object]) -> bytes:
    """Encode the values of some columns. Raises ValueError if there are more or fewer."""
    return b"".join(encoder_of(column.type)(value) for column, value in zip(columns, values, strict=True))
