"""Samples of the channel `visits`. Its load for chaos is in tests/chaos/load_touches.py."""

from hypothesis import strategies as st

from schemas.rejected import Reason
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
        "name": "Prices",
        "page_id": "p-1",
        "device_id": "d-1",
        "app": {"name": "Shop", "version": "3.1.0", "build": "3100"},
    },
    invalid=((Reason.MISSING_FIELD, "url", ["", " "]),),
    fast=(
        *({"type": type_, "url": None} for type_ in ("custom", "identify", "screen")),
        {"type": "custom", "url": "", "name": "Trial started"},
        {"type": "custom", "referrer": "https://www.google.com/", "url": None},
        {"app": None},
        {"app": {}},
        {"app": {"name": None, "version": "3"}},
        {"page_id": 7, "device_id": "é"},
        {"type": "ping", "url": None, "page_id": 7, "engaged_ms": 0},
    ),
    reference=(
        {"type": "custom", "url": " "},
        {"type": "screen", "url": "app://basket"},
        {"app": {"name": "Shop", "namespace": "org.example.shop"}},
        {"app": {"name": "Shop", "build": 3100}},
        {"app": "Shop"},
        {"page_id": " p-1"},
        {"name": 1},
        {"type": "ping", "page_id": " p", "engaged_ms": 0.5},
        {"device_id": "x" * 201},
    ),
    values={
        "type": st.sampled_from(["page", "custom", "identify", "screen", "click"]),
        "app": st.none() | st.dictionaries(st.sampled_from(["name", "version", "build", "id"]), st.text(max_size=5)),
        "name": st.text(max_size=8),
    },
    identifier="anonymous_id",
)
