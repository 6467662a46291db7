"""JSON bodies of webhooks, decoded after they are verified."""

from typing import Final

import msgspec

from sources.hooks.provider import Unmappable

_decode: Final = msgspec.json.Decoder().decode


def read_object(body: bytes) -> dict[str, object] | Unmappable:
    """Return the object of a body."""
    value = _read(body)
    if isinstance(value, dict | Unmappable):
        return value
    return Unmappable("the body is JSON, but no object")


def read_objects(body: bytes) -> list[dict[str, object]] | Unmappable:
    """Return the objects of a body: an array of them, or one. Members of an array that are none are left out."""
    value = _read(body)
    if isinstance(value, Unmappable):
        return value
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return [member for member in value if isinstance(member, dict)]
    return Unmappable("the body is JSON, but neither an object nor an array")


def _read(body: bytes) -> object:
    try:
        return _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Unmappable("the body is no JSON")
    except RecursionError:
        return Unmappable("the JSON of the body is nested too deeply")
