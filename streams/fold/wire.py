"""From the bytes of a raw record to a JSON object: the first things that can be wrong with it."""

import json
from typing import Any, Final

import msgspec

from schemas.rejected import Reason, Rejected

DEEPEST: Final = 32
_read = msgspec.json.Decoder().decode


class _NotFinite(ValueError):
    """Python's reader takes NaN and Infinity; JSON knows neither."""


def _refuse_constant(name: str) -> None:
    raise _NotFinite(name)


def _explain(value: bytes) -> Rejected:
    """Why the fast reader refused `value`."""
    try:
        text = value.decode()
    except UnicodeDecodeError as error:
        return Rejected(Reason.NOT_UTF8, f"byte {error.start} is not UTF-8 ({error.reason})")
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except _NotFinite as error:
        return Rejected(Reason.NOT_FINITE, f"{error} is not a number of JSON; send null or leave the field out")
    except json.JSONDecodeError as error:
        return Rejected(Reason.NOT_JSON, f"line {error.lineno}, column {error.colno}: {error.msg}")
    except RecursionError:
        return Rejected(Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
    return Rejected(Reason.NOT_JSON, "not JSON by RFC 8259 (a lone surrogate, or a number out of range)")


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
    """The object in a raw record's value, or why there is none."""
    if not value:
        return Rejected(Reason.NOT_AN_OBJECT, "the message is empty; send one JSON object")
    if len(value) > largest_bytes:
        return Rejected(Reason.TOO_LARGE, f"{len(value)} bytes; the limit is {largest_bytes}")
    try:
        found = _read(value)
    except msgspec.DecodeError:
        return _explain(value)
    except RecursionError:
        return Rejected(Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
    if not isinstance(found, dict):
        return Rejected(Reason.NOT_AN_OBJECT, f"a JSON {type(found).__name__}; send one JSON object")
    if value.count(b"{") + value.count(b"[") > DEEPEST and _too_deep(found):
        return Rejected(Reason.TOO_DEEP, f"nested deeper than {DEEPEST} levels")
    return found
