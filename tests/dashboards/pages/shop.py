"""A small shop with live pages: its touches go through the real pipeline into ClickHouse and to the live events.

Names, titles and pages are hostile: markup, quotes, and letters that turn the direction of what follows.
"""

import asyncio
import socket
import time
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from dashboards.api.reader.async_clickhouse import Server
from dashboards.api.security.masking import mask
from dashboards.api.services import ApiServices
from dashboards.live.hub import Hub
from dashboards.live.store_watch import StoreWatch
from sinks.clickhouse.client import Client
from tests.dashboards.api.example_services import STATE
from tests.dashboards.api.running import RunningApi, make_services
from tests.dashboards.journey import DAY_MS, HALF_LIFE_MS, TOPICS, Journey
from touchline.api.live import ReadStore

START_MS: Final = 1_796_130_723_000  # Tue 1 December 2026, 14:12:03 in Berlin
HOSTILE: Final = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eevil\u202c Ada \u2066x",
    "Łucja O’Neil & Söhne 'quoted' {{ 7*7 }}",
)
_MINUTE_MS: Final = 60_000


class Gate:
    """A way to ClickHouse that a test closes: then connections end, and new ones are refused."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._open = True
        self._streams: set[asyncio.StreamWriter] = set()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    async def run(self) -> None:
        """Forward connections until cancelled."""
        listening = await asyncio.start_server(self._forward, sock=self._socket)
        await listening.serve_forever()

    def turn(self, is_open: bool) -> None:
        """Open or close the way. To be called in the event loop of the API."""
        self._open = is_open
        for stream in () if is_open else tuple(self._streams):
            stream.close()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            writer.close()
            return
        there, away = await asyncio.open_connection(self._server.host, self._server.port)
        self._streams |= {writer, away}
        await asyncio.gather(_pump(reader, away), _pump(there, writer), return_exceptions=True)
        self._streams -= {writer, away}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@dataclass
class Shop:
    """The shop. Its clock begins at `START_MS`."""

    writer: Client
    server: Server
    journey: Journey = field(default_factory=lambda: Journey(Random(11)))
    api: RunningApi | None = None  # set by the fixture
    _began_s: float = field(default_factory=time.monotonic)
    _sent: dict[int, int] = field(default_factory=dict)  # blocks of each partition that the live events have
    _number: int = 0

    def now_ms(self) -> int:
        """Return the shop's time."""
        return START_MS + round((time.monotonic() - self._began_s) * 1000)

    def make_services(self) -> ApiServices:
        """Return services with live events. To be called in the event loop of the API."""
        self.gate = Gate(self.server)
        services = make_services(
            replace(self.server, port=self.gate.port),
            self.now_ms,
            HALF_LIFE_MS,
            phone_region="DE",
            read_pipeline=lambda: STATE,
        )
        self.hub = Hub(HALF_LIFE_MS, services.profile_keys.key_of, mask, self.now_ms)
        self.hub.pipeline.kafka, self.hub.pipeline.filling = True, False
        services = replace(services, live=self.hub)
        watch = StoreWatch(self.hub, ReadStore(services))
        self._tasks = [asyncio.create_task(one.run()) for one in (self.gate, self.hub, watch)]
        return services

    def send(self, channel: str, kind: str, person: int, ago_ms: int = 0, **more: Any) -> None:
        """Send a touch of a person, which happened `ago_ms` before now."""
        self._number += 1
        at_ms = self.now_ms() - ago_ms
        touch = {"event_id": f"s{self._number}", "type": kind, "occurred_at": at_ms, "email": f"p{person}@shop.example"}
        self.journey.send(channel, touch | more, at_ms)

    async def deliver(self) -> None:
        """Let the pipeline process what was sent, store it, and give it to the live events."""
        await asyncio.to_thread(self._deliver)

    def _deliver(self) -> None:
        self.journey.run()
        self.journey.store(self.writer)
        for (topic, partition), records in self.journey.logs.items():
            if topic != TOPICS.timeline:
                continue
            new = records[self._sent.get(partition, 0) :]
            self._sent[partition] = len(records)
            if self.api is not None:
                for record in new:
                    self.api.loop.call_soon_threadsafe(self.hub.take, record.value, self.now_ms())

    def open(self) -> None:
        """Fill the shop with the touches of two weeks."""
        for person in range(24):
            name = HOSTILE[person] if person < len(HOSTILE) else f"Person {person}"
            traits = {"name": name, "company": f"Company {person}"}
            app = {"name": "Shop", "version": "3.1.0"}
            self.send("visits", "identify", person, 9 * DAY_MS, name="Log-in", app=app, properties={"traits": traits})
            for week in (0, 7 * DAY_MS):
                for step in range(4):
                    ago_ms = week + (step * 97 + person * 31) % 900 * 1000
                    url = f"https://shop.example/{'<b>' if person % 5 == 0 else 'pricing'}/{step}"
                    self.send("visits", "page", person, ago_ms + 1000, url=url, title=HOSTILE[step])
            self.send("visits", "form", person, person * 50 * _MINUTE_MS, name="Talk to sales")
            self.send(
                "emails", "clicked", person, (person + 1) * 3 * _MINUTE_MS, campaign=HOSTILE[person % 4], subject="News"
            )
            ended = "abandoned" if person % 4 == 0 else "answered"
            self.send(
                "calls", ended, person, (person + 2) * _MINUTE_MS, direction="inbound", wait_s=person, duration_s=60
            )
        self.journey.send("calls", b"\xff\xfe", self.now_ms())
        self._deliver()
