"""The live feed: a few invented touches a second, of random people of the recordings, sent to the collector."""

import random
import threading
from typing import Final

from sinks.clickhouse.client import connect, parse_address
from sources.outcome import RawTouch
from sources.recordings import SITE
from touchline.demo.collector_client import CollectorClient
from touchline.errors import CliError
from touchline.local.system import LocalSystem
from touchline.ops.query_context import now_ms

PER_S: Final = 3.0
PEOPLE: Final = 500
PAGES: Final = ("/", "/projects/xdotool/", "/articles/ssh-security/", "/blog/geekery/", "/presentations/", "/about/")


class LiveFeed:
    """Sends random touches with the demo key. The pipeline itself uses no random numbers."""

    def __init__(self, system: LocalSystem) -> None:
        self._system = system
        self._random = random.Random()

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set. Raises CliError if the demo key is revoked, NotAcceptedError for other refusals."""
        if not self._system.demo_key:
            raise CliError(f"The demo key of {self._system.folder} is revoked: run the demo without --data.")
        client = CollectorClient(self._system.collector_url, self._system.demo_key)
        people: list[str] = []
        while not stop.wait(self._random.expovariate(PER_S)):
            people = people or self._people()
            if people:
                client.send(*self._touch(self._random.choice(people)), stop)

    def _people(self) -> list[str]:
        client = connect(parse_address(self._system.reader_url), "read")
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
        touch: RawTouch = {namespace: value, "occurred_at": now_ms()}
        kind = self._random.random()
        if kind < 0.7:
            page = self._random.choice(PAGES)
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
            "duration_s": self._random.randint(20, 600),
        }
