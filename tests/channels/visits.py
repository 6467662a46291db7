"""Samples of the channel `visits`. Its load for chaos is in tests/chaos/load_touches.py."""

from tests.channels.samples import Samples

SAMPLES = Samples(
    least={"type": "page", "occurred_at": "2026-01-31T09:30:00Z", "url": "https://shop.example.org/"},
    full={
        "type": "form",
        "url": "https://shop.example.org/pricing?utm_source=News&utm_medium=email&utm_campaign=Spring&gclid=g1",
        "referrer": "https://www.google.com/",
        "title": "Pricing",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "ip": "198.51.100.7",
        "screen": "1920x1080",
        "engaged_ms": 41_500,
    },
    identifier="anonymous_id",
)
