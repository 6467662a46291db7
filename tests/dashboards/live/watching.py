"""A hub without Kafka and ClickHouse, with a clock that a test sets, and viewers that read its events."""

import json
from typing import Any, Final

from dashboards.live.hub import Hub
from tests.dashboards.live.samples import hide, key_of

HALF_LIFE_MS: Final = 7 * 86_400_000
START_MS: Final = 1_800_000_000_000


class Watched:
    """A hub whose clock stands until a test moves it."""

    def __init__(self) -> None:
        self.now_ms = START_MS
        self.hub = Hub(HALF_LIFE_MS, key_of, hide, lambda: self.now_ms)

    def flush(self, after_ms: int = 1_000) -> None:
        """Let the time pass, and write what is new."""
        self.now_ms += after_ms
        self.hub.flush()


def events_in(data: bytes) -> list[tuple[str, dict[str, Any]]]:
    """The events of what a viewer got: (name, data)."""
    found = []
    for event in data.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in event.split("\n") if line)
        if "data" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def last_id(data: bytes) -> str:
    """The id of the last event."""
    return [line for line in data.decode().split("\n") if line.startswith("id: ")][-1].removeprefix("id: ")
