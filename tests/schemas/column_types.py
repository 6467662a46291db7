"""Whether a value fits a ClickHouse column, and the columns of an encoded row: an independent reading of both."""

import math
from typing import Any, Final

import msgspec

from schemas.column import Column

_UNSIGNED: Final = {"UInt8": 8, "UInt16": 16, "UInt32": 32, "UInt64": 64}
_LABEL_CHARS: Final = 400  # twice the longest that a producer may send: lower case may be longer
_LATEST_MS: Final = 9_000_000_000_000 + 300_000


def fits(type_: str, value: object) -> bool:
    """Whether `value`, decoded from msgpack, is one that the column takes as it is."""
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
    values = msgspec.msgpack.decode(b"\xdd" + len(columns).to_bytes(4, "big") + row)
    return dict(zip((column.name for column in columns), values, strict=True))
