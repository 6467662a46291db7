"""Reading the JSON object of a raw record, with a reason for every fault."""

import json
from math import isinf
from typing import Any, Final

import msgspec

from schemas.rejected import Reason, Rejected

DEEPEST: Final = 32
_BYTE_ORDER_MARK: Final = "\ufeff"
_SHOWN: Final = 20
_read = msgspec.json.Decoder().decode


class _NotFiniteError(ValueError):
    """A number that JSON does not have: Python's reader accepts NaN and Infinity, and reads 1e999 as infinity."""


def _refuse_constant(name: str) -> None:
    raise _NotFiniteError(f"{name} is not a number of JSON")


def _refuse_infinite(number: str) -> float:
    if isinf(value := float(number)):
        raise _NotFiniteError(f"the number {number[:_SHOWN]} is too large for a 64-bit float")
    return value


def _explain(value: bytes) -> Rejected:
    """Return why the fast reader refused `value`. A slower one, which reports the place, reads it again."""
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        return Rejected(Reason.NOT_UTF8, f"byte {error.start} is not UTF-8 ({error.reason})")
    if text.startswith(_BYTE_ORDER_MARK):
        return Rejected(Reason.NOT_JSON, "begins with a byte order mark; send UTF-8 without one")
    try:
        json.loads(text, parse_constant=_refuse_constant, parse_float=_refuse_infinite)
    except _NotFiniteError as error:
        return Rejected(Reason.NOT_FINITE, f"{error}; send null or leave the field out")
    except json.JSONDecodeError as error:
        return Rejected(Reason.NOT_JSON, f"line {error.lineno}, column {error.colno}: {error.msg}")
    except ValueError:  # Python's own limit
        return Rejected(Reason.NOT_FINITE, "a whole number of thousands of digits is too large; send it as text")
    except RecursionError:
        return Rejected(Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
    return Rejected(Reason.NOT_JSON, "a text has half a surrogate pair (one of \\ud800 to \\udfff without the other)")


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        level = [one for one in inner if isinstance(one, dict | list)]
        if not level:
            return False
    return True


def read_object(value: bytes | None, largest_bytes: int) -> dict[str, Any] | Rejected:
    """Return the object in a raw record's value, or why there is none."""
    if not value:
        return Rejected(Reason.NOT_AN_OBJECT, "the message is empty; send one JSON object")
    if len(value) > largest_bytes:
        return Rejected(Reason.TOO_LARGE, f"{len(value)} bytes; the limit is {largest_bytes}")
    try:
        found = _read(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _explain(value)
    except RecursionError:
        return Rejected(Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
    if not isinstance(found, dict):
        return Rejected(Reason.NOT_AN_OBJECT, f"a JSON {type(found).__name__}; send one JSON object")
    if value.count(b"{") + value.count(b"[") > DEEPEST and _too_deep(found):
        return Rejected(Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
    return found
