"""A raw touch as a Kafka message: its JSON and its key."""

import math
from collections.abc import Mapping
from typing import Final

import msgspec

_encoder = msgspec.json.Encoder()

STRENGTH: Final = ("master_id", "customer_id", "email", "phone", "anonymous_id")
"""Identifiers from the strongest to the weakest, as the pipeline ranks them."""


def encode(touch: Mapping[str, object]) -> bytes:
    """The touch as JSON. Raises `ValueError` for what JSON cannot say: NaN, infinity, lone surrogates, other types."""
    try:
        value = _encoder.encode(touch)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"the touch cannot be written as JSON: {error}") from error
    # The encoder writes NaN and infinity as null; a number must not become nothing in silence.
    if b"null" in value and (where := _not_finite(touch, "")):
        raise ValueError(f"the touch cannot be written as JSON: {where.lstrip('.')} is not a finite number")
    return value


def key_of(touch: Mapping[str, object], event_id: str) -> bytes:
    """The strongest identifier that the touch names, so that one person's touches share a partition and stay in order.

    The pipeline accepts any key: this one is for order alone. A touch of nobody is spread by its id.
    """
    for name in STRENGTH:
        if (value := touch.get(name)) not in (None, ""):
            return f"{name}:{value}".encode("utf-8", "replace")
    ids = touch.get("ids")
    if isinstance(ids, Mapping):
        for name in sorted(ids, key=str):
            if ids[name] not in (None, ""):
                return f"{name}:{ids[name]}".encode("utf-8", "replace")
    return event_id.encode("utf-8", "replace")


def _not_finite(value: object, path: str) -> str:
    if isinstance(value, float):
        return "" if math.isfinite(value) else path
    if isinstance(value, Mapping):
        return next((found for name, one in value.items() if (found := _not_finite(one, f"{path}.{name}"))), "")
    if isinstance(value, list | tuple):
        return next((found for n, one in enumerate(value) if (found := _not_finite(one, f"{path}.{n}"))), "")
    return ""
