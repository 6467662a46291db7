"""Whether a value fits a ClickHouse column, and the columns of an encoded row: an independent reading of both."""

import math
import struct
from io import BytesIO
from typing import Any, Final

from schemas.column import Column

_UNSIGNED: Final = {"UInt8": 8, "UInt16": 16, "UInt32": 32, "UInt64": 64}
_INTEGERS: Final = {  # by type: (bytes, whether it has a sign)
    "UInt8": (1, False),
    "UInt16": (2, False),
    "UInt32": (4, False),
    "UInt64": (8, False),
    "Int8": (1, True),
    "Int64": (8, True),
    "Date": (2, False),
    "DateTime64(3, 'UTC')": (8, True),
    "Decimal(18, 4)": (8, True),
}
_LABEL_CHARS: Final = 400  # twice the longest that a producer may send: lower case may be longer
_LATEST_MS: Final = 9_000_000_000_000 + 300_000


def fits(type_: str, value: object) -> bool:
    """Whether `value`, decoded, is one that the column takes as it is."""
    if type_.startswith("Nullable("):
        return value is None or fits(type_[len("Nullable(") : -1], value)
    if type_.startswith("LowCardinality("):
        return isinstance(value, str) and len(value) <= _LABEL_CHARS
    if type_.startswith("Array("):
        return isinstance(value, list | tuple) and all(fits(type_[len("Array(") : -1], one) for one in value)
    if type_.startswith("Map("):
        key, _, of = type_[len("Map(") : -1].rpartition(", ")
        return isinstance(value, dict) and all(fits(key, name) and fits(of, one) for name, one in value.items())
    if type_ in _UNSIGNED:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2 ** _UNSIGNED[type_]
    if type_ == "Decimal(18, 4)":
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    if type_ == "Int8":
        return isinstance(value, int) and not isinstance(value, bool) and -128 <= value < 128
    if type_ == "Float64":
        return isinstance(value, float) and math.isfinite(value)
    kinds: dict[str, type] = {"String": str, "Bool": bool}
    if type_ in kinds:
        return isinstance(value, kinds[type_])
    if type_ in ("DateTime64(3, 'UTC')", "Date", "Int64"):
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LATEST_MS
    raise AssertionError(f"no table has a column of type {type_}")


def read_row(row: bytes, columns: tuple[Column, ...]) -> dict[str, Any]:
    """The values of a row by column. Fails where their number is not that of the columns."""
    stream = BytesIO(row)
    found = {column.name: read_value(stream, column.type) for column in columns}
    assert not stream.read(), "bytes are left"
    return found


def read_value(stream: BytesIO, type_: str) -> Any:
    """A value of RowBinary, read as the documentation of ClickHouse describes the format."""
    if type_.startswith("LowCardinality("):
        return read_value(stream, type_[len("LowCardinality(") : -1])
    if type_.startswith("Nullable("):
        return None if stream.read(1) == b"\x01" else read_value(stream, type_[len("Nullable(") : -1])
    if type_.startswith("Array("):
        return [read_value(stream, type_[len("Array(") : -1]) for _ in range(_read_length(stream))]
    if type_.startswith("Map("):
        key, _, of = type_[len("Map(") : -1].partition(", ")
        return {read_value(stream, key): read_value(stream, of) for _ in range(_read_length(stream))}
    if type_ == "String":
        size = _read_length(stream)
        data = stream.read(size)
        assert len(data) == size, "cut short"
        return data.decode()
    if type_ == "Float64":
        (real,) = struct.unpack("<d", stream.read(8))
        return real
    if type_ == "Bool":
        return {b"\x00": False, b"\x01": True}[stream.read(1)]
    size, signed = _INTEGERS[type_]
    data = stream.read(size)
    assert len(data) == size, "cut short"
    return int.from_bytes(data, "little", signed=signed)


def _read_length(stream: BytesIO) -> int:
    """LEB128."""
    length = shift = 0
    while True:
        (byte,) = stream.read(1)
        length |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return length
