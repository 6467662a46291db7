"""Raw touches as producers send them, one with everything and one with the least per channel; tests change them."""

import json
from typing import Any, Final

LEAST: Final[dict[str, dict[str, Any]]] = {
    "visits": {"type": "page", "occurred_at": "2026-01-31T09:30:00Z", "url": "https://shop.example.org/"},
    "emails": {"type": "opened", "occurred_at": "2026-01-31T09:30:00Z", "direction": "outbound"},
    "calls": {"type": "missed", "occurred_at": "2026-01-31T09:30:00Z", "direction": "inbound"},
}

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
    "properties": {"plan": "pro", "seats": 3, "traits": {"name": "Ada", "age": 36, "gone": None}},
}
FULL: Final[dict[str, dict[str, Any]]] = {
    "visits": _COMMON
    | {
        "type": "form",
        "url": "https://shop.example.org/pricing?utm_source=News&utm_medium=email&utm_campaign=Spring&gclid=g1",
        "referrer": "https://www.google.com/",
        "title": "Pricing",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "ip": "198.51.100.7",
        "screen": "1920x1080",
        "engaged_ms": 41_500,
    },
    "emails": _COMMON
    | {
        "type": "clicked",
        "direction": "outbound",
        "message_id": "<1@mail.example.org>",
        "subject": "Your offer",
        "campaign": "spring-2026",
        "link_url": "https://shop.example.org/spring?utm_campaign=Spring",
        "user_agent": "Thunderbird",
        "ip": "198.51.100.7",
    },
    "calls": _COMMON
    | {
        "type": "answered",
        "direction": "inbound",
        "duration_s": 184.5,
        "wait_s": 12,
        "outcome": "appointment",
        "agent": "kim",
        "queue": "sales",
    },
}


def changed(channel: str, /, **changes: Any) -> dict[str, Any]:
    """The least touch of a channel with some fields set."""
    return LEAST[channel] | changes


def without(channel: str, field: str) -> dict[str, Any]:
    """The full touch of a channel without one field."""
    return {name: value for name, value in FULL[channel].items() if name != field}


def as_bytes(touch: dict[str, Any]) -> bytes:
    """The message's value."""
    return json.dumps(touch, ensure_ascii=False).encode()
