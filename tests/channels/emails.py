"""Samples of the channel `emails`. Its load for chaos is in tests/chaos/load_touches.py."""

from tests.channels.samples import Samples

SAMPLES = Samples(
    least={"type": "opened", "occurred_at": "2026-01-31T09:30:00Z", "direction": "outbound"},
    full={
        "type": "clicked",
        "direction": "outbound",
        "message_id": "<1@mail.example.org>",
        "subject": "Your offer",
        "campaign": "spring-2026",
        "link_url": "https://shop.example.org/spring?utm_campaign=Spring",
        "user_agent": "Thunderbird",
        "ip": "198.51.100.7",
    },
    identifier="email",
)
