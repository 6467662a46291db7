"""The Kafka message of a raw touch: its JSON value and its key."""

import math
from collections.abc import Mapping
from typing import Final

import msgspec

_encoder = msgspec.json.Encoder()

STRENGTH: Final = ("master_id", "customer_id", "email", "phone", "anonymous_id")
"""Identifiers from the strongest to the weakest, in the default order of the pipeline."""


def encode_touch(touch: Mapping[str, object]) -> bytes:
    """Return the touch as JSON. Raises `ValueError` for NaN, infinity, lone surrogates and types JSON does not have."""
    try:
        value = _encoder.encode(touch)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"the touch cannot be written as JSON: {error}") from error
    # The encoder writes NaN and infinity as null, which would drop the number silently.
    if b"null" in value and (where := _not_finite(touch, "")):
        raise ValueError(f"the touch cannot be written as JSON: {where.lstrip('.')} is not a finite number")
    return value


def message_key(touch: Mapping[str, object], event_id: str) -> bytes:
    """Return the strongest identifier of the touch, so that touches with the same one share a partition in order.

    The pipeline is correct with any key; this one keeps the order. A touch without an identifier has its event id as
    key.
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
