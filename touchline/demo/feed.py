"""The live feed: a few touches a second, at random, of people of the recordings. Made up, and sent as any tracker would
send.
"""

import random
import threading
from typing import Final

from sinks.clickhouse.client import connect, parse_address
from sources.emitter import Emitter
from sources.outcome import RawTouch
from sources.recordings import SITE
from touchline.local.system import LocalSystem
from touchline.ops.query_context import now_ms
from touchline.worker.stages import topics_of

PER_S: Final = 3.0
PEOPLE: Final = 500
PAGES: Final = ("/", "/projects/xdotool/", "/articles/ssh-security/", "/blog/geekery/", "/presentations/", "/about/")
SOURCE: Final = "demo-feed"


class LiveFeed:
    """Chance lives here, in the demo, and nowhere in the pipeline."""

    def __init__(self, system: LocalSystem) -> None:
        self._settings = system.settings
        self._reader = system.reader_url
        self._chance = random.Random()

    def run(self, stop: threading.Event) -> None:
        """Until asked to stop. Raises EmitError when Kafka is away for too long."""
        topic_of = topics_of(self._settings).raw
        with Emitter(self._settings.kafka, client_id="touchline-demo-feed", topic_of=topic_of) as emitter:
            people: list[str] = []
            while not stop.wait(self._chance.expovariate(PER_S)):
                people = people or self._people()
                if people:
                    emitter.emit(*self._touch(self._chance.choice(people)))

    def _people(self) -> list[str]:
        client = connect(parse_address(self._reader), "read")
        try:
            rows = client.query(
                "SELECT identifier FROM profiles FINAL WHERE touches > 3 ORDER BY net_key DESC LIMIT {limit:UInt32}",
                parameters={"limit": PEOPLE},
            ).result_rows
        finally:
            client.close()
        return [str(row[0]) for row in rows]

    def _touch(self, identifier: str) -> tuple[str, RawTouch]:
        namespace, _, value = identifier.partition(":")
        touch: RawTouch = {namespace: value, "occurred_at": now_ms(), "source": SOURCE}
        kind = self._chance.random()
        if kind < 0.7:
            page = self._chance.choice(PAGES)
            return "visits", {
                **touch,
                "type": "page",
                "url": f"{SITE}{page}",
                "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
            }
        if kind < 0.9:
            return "emails", {**touch, "type": "received", "direction": "inbound", "subject": "a question"}
        return "calls", {
            **touch,
            "type": "answered",
            "direction": "inbound",
            "duration_s": self._chance.randint(20, 600),
        }
