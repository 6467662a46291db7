"""Raw touches as producers send them, one with everything and one with the least per channel; tests change them."""

import json
from importlib import import_module
from typing import Any, Final

from schemas.channels import CHANNELS
from schemas.raw_touch import RawTouch
from tests.channels.samples import Samples

SAMPLES: Final[dict[str, Samples]] = {name: import_module(f"tests.channels.{name}").SAMPLES for name in CHANNELS}
LEAST: Final[dict[str, dict[str, Any]]] = {channel: samples.least for channel, samples in SAMPLES.items()}

_COMMON: Final[dict[str, Any]] = {
    "event_id": "e-1",
    "occurred_at": "2026-01-31T09:30:00.250Z",
    "sent_at": "2026-01-31T09:30:01Z",
    "schema_version": 1,
    "customer_id": "C-1001",
    "email": "Ada@Example.org",
    "phone": "+49 30 901820",
    "anonymous_id": "b7c1f0d2",
    "ids": {"crm": "0035g", "loyalty": 77},
    "tenant": "main",
    "source": "test",
    "library": "analytics-python",
    "library_version": "2.4.0",
    "properties": {"plan": "pro", "seats": 3, "traits": {"name": "Ada", "age": 36, "gone": None}},
}
FULL: Final[dict[str, dict[str, Any]]] = {channel: _COMMON | samples.full for channel, samples in SAMPLES.items()}


def changed(channel: str, /, **changes: Any) -> dict[str, Any]:
    """The least touch of a channel with some fields set."""
    return LEAST[channel] | changes


def without(channel: str, field: str) -> dict[str, Any]:
    """The full touch of a channel without one field."""
    return {name: value for name, value in FULL[channel].items() if name != field}


def own_fields(channel: str) -> dict[str, Any]:
    """The fields of a channel's full message that only the channel has."""
    return {name: value for name, value in FULL[channel].items() if name not in RawTouch.model_fields}


def by_column(channel: str, message: dict[str, Any]) -> dict[str, Any]:
    """The fields of a message by column: those of an `app` have one each."""
    message = SAMPLES[channel].columns(message)
    app = {f"app_{name}": value for name, value in message.get("app", {}).items()}
    return {name: value for name, value in message.items() if name != "app"} | app


def as_bytes(touch: dict[str, Any]) -> bytes:
    """The message's value."""
    return json.dumps(touch, ensure_ascii=False).encode()
