"""Samples of the channel `calls`. Its load for chaos is in tests/chaos/load_touches.py."""

from tests.channels.samples import Samples

SAMPLES = Samples(
    least={"type": "missed", "occurred_at": "2026-01-31T09:30:00Z", "direction": "inbound"},
    full={
        "type": "answered",
        "direction": "inbound",
        "duration_s": 184.5,
        "wait_s": 12,
        "outcome": "appointment",
        "agent": "kim",
        "queue": "sales",
    },
    identifier="phone",
)
