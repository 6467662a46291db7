"""The demo's recordings in a database, thinned out, with some touches of the channels that they lack."""

from collections.abc import Iterator
from random import Random
from typing import Final

from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from sources.outcome import Emit, latest_time, shift_times
from tests.dashboards.journey import Journey
from touchline.demo.recordings import recordings

END_MS: Final = 1_781_524_800_000  # 2026-06-15 12:00 UTC
TOUCHES: Final = 1_000  # of each recording, spread evenly
_HOUR_MS: Final = 3_600_000
_OTHERS: Final[tuple[tuple[str, dict[str, object]], ...]] = (
    ("messages", {"type": "received", "network": "sms", "text": "Hello"}),
    ("messages", {"type": "sent", "network": "sms", "text": "Hello"}),
    ("tickets", {"type": "opened", "ticket_id": "1", "subject": "Order"}),
    ("tickets", {"type": "solved", "ticket_id": "1"}),
    ("feedback", {"type": "given", "score": 9, "scale": 10, "survey": "nps"}),
    ("consents", {"type": "given", "purpose": "marketing"}),
    ("visits", {"type": "identify", "customer_id": "c1"}),
    ("visits", {"type": "page", "url": "https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=May"}),
)


def fill(writer: Client) -> None:
    """Send everything through the pipeline and store it."""
    journey = Journey(Random(3))
    sent = sorted(_touches(), key=lambda one: one[0])
    for at_ms, channel, touch in sent:
        journey.send(channel, touch, at_ms)
    journey.send("visits", b'{"type": "page"', END_MS - _HOUR_MS)
    journey.send("emails", {"type": "unheard of"}, END_MS - 2 * _HOUR_MS)
    journey.run(largest=500)
    journey.store(writer)


def _touches() -> Iterator[tuple[int, str, dict[str, object]]]:
    for recording in recordings(b"k" * 32):
        found = [one for one in recording.outcomes() if isinstance(one, Emit)]
        shift_ms = END_MS - (latest_time(found) or 0)
        for emit in shift_times(found[:: len(found) // TOUCHES], shift_ms):
            assert isinstance(emit, Emit)
            assert isinstance(emit.touch["occurred_at"], int)
            yield emit.touch["occurred_at"], emit.channel, emit.touch
    yield END_MS - 2, "visits", {"type": "page", "url": "https://shop.example/", "occurred_at": END_MS - 2}  # no id
    for day in range(20):
        for number, (channel, touch) in enumerate(_OTHERS):
            at_ms = END_MS - day * DAY_MS - number * _HOUR_MS
            yield at_ms, channel, touch | {"event_id": f"{day}-{number}", "occurred_at": at_ms, "email": "a@b.example"}
