"""Live events: CPU per viewer and second, and the time from a touch to its event.

The API runs as a user starts it, beside one worker, Kafka and an engine. Viewers are raw sockets of this process, whose
CPU time does not count; one of them reads the events. `python -m tests.benchmarks.live_viewers [VIEWERS [RATE]]` prints
the figures.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Final, Self

from tests.benchmarks.collector import make_touch
from tests.benchmarks.comparison import Json
from tests.benchmarks.low_rate import RunningSite, quantile, run_site
from tests.benchmarks.processes import read_cpu_s, read_rss_bytes
from tests.journeys.api_process import ApiProcess, create_token
from tests.journeys.collector_process import CollectorProcess, create_write_key
from tests.journeys.waiting import PATIENCE_S, wait_for

VIEWERS: Final = 500
RATE: Final = 500.0  # touches a second
SECONDS: Final = 10.0
REQUESTS: Final = 50  # to the collector, one after another
SETTLE_S: Final = 3.0
_TOUCHES: Final = b"event: touches\ndata: "


class Viewers:
    """A context manager with open streams of an API. `delays_s`: from a touch's arrival in Kafka to its event.

    `seen_s`: when the event of a touch with that title came.
    """

    def __init__(self, port: int, token: str, count: int) -> None:
        head = f"GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self._head, self._port, self._count = head.encode(), port, count
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="viewers", daemon=True)
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.opened = 0
        self.bytes = 0
        self.delays_s: list[float] = []
        self.seen_s: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._thread.start()
        wait_for(lambda: self.opened == self._count, "all viewers to get events")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(PATIENCE_S)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        tasks = [asyncio.create_task(self._view(number == 0)) for number in range(self._count)]
        await self._stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _view(self, reads: bool) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        try:
            writer.write(self._head)
            self.bytes += len(await reader.readuntil(b"\r\n\r\n"))
            self.bytes += len(await reader.readuntil(b"event: hello"))
            self.opened += 1
            if reads:
                await self._read_touches(reader)
            while data := await reader.read(1 << 16):
                self.bytes += len(data)
        finally:
            writer.close()

    async def _read_touches(self, reader: asyncio.StreamReader) -> None:
        while True:
            await reader.readuntil(_TOUCHES)
            message = json.loads(await reader.readuntil(b"\n"))
            now_s = time.time()
            for touch in message["touches"]:
                self.delays_s.append(now_s - touch["received_ms"] / 1000)
                self.seen_s.setdefault(touch["title"], now_s)


@contextmanager
def running_api() -> Iterator[tuple[RunningSite, ApiProcess, str]]:
    """Run a site with an API; yield both and a token."""
    with run_site() as running:
        api = ApiProcess(running.site)
        try:
            token = create_token(running.site)
            wait_for(api.ready, "the API to be ready")
            yield running, api, token
        finally:
            api.stop()


def measure_live(viewers: int = VIEWERS, touches_per_s: float = RATE, seconds: float = SECONDS) -> Json:
    """Return the CPU of the API with one viewer and with many at a steady rate of touches, and delays."""
    with running_api() as (running, api, token):
        with running.load(touches_per_s, "one"), Viewers(api.port, token, 1):
            alone = _core_share(api, seconds)
        with running.load(touches_per_s, "many"), Viewers(api.port, token, viewers) as many:
            together = _core_share(api, seconds)
            many.delays_s.clear()
            time.sleep(seconds)
            delays_s, rss_bytes, received = sorted(many.delays_s), read_rss_bytes(api.child.pid), many.bytes
        collected_s = sorted(_collect(running, api, token))
    return {
        "viewers": viewers,
        "touches_per_s": touches_per_s,
        "core_share_of_one": round(alone, 4),
        "core_share_of_viewers": round(together - alone, 4),
        "ms_per_viewer_and_s": round(1000 * (together - alone) / (viewers - 1), 4),
        "kb_per_viewer_and_s": round(received / viewers / (2 * seconds + SETTLE_S) / 1000, 1),
        "rss_mb": round(rss_bytes / (1 << 20)),
        "kafka_to_event_p50_ms": round(1000 * quantile(delays_s, 0.5)),
        "kafka_to_event_p99_ms": round(1000 * quantile(delays_s, 0.99)),
        "request_to_event_p50_ms": round(1000 * quantile(collected_s, 0.5)),
        "request_to_event_p99_ms": round(1000 * quantile(collected_s, 0.99)),
    }


def _core_share(api: ApiProcess, seconds: float) -> float:
    """Return the cores that the API uses."""
    time.sleep(SETTLE_S)
    before_s, begun_s = read_cpu_s(api.child.pid), time.monotonic()
    time.sleep(seconds)
    return (read_cpu_s(api.child.pid) - before_s) / (time.monotonic() - begun_s)


def _collect(running: RunningSite, api: ApiProcess, token: str) -> Iterator[float]:
    """Yield the times from sending a touch to a collector until its event, one touch after another."""
    key = create_write_key(running.site)
    collector = CollectorProcess(running.site)
    try:
        wait_for(collector.ready, "the collector to be ready")
        with Viewers(api.port, token, 1) as viewer:
            for number in range(REQUESTS):
                touch: dict[str, object] = json.loads(make_touch(number))
                path, now_s = f"/request/{number}", time.time()
                touch |= {"url": f"https://shop.example{path}", "occurred_at": int(now_s * 1000)}
                assert CollectorProcess.post(collector.address, key, "visits", [touch]) == 200
                wait_for(lambda title=f"Viewed {path}": title in viewer.seen_s, "the event")  # type: ignore[misc]
                yield viewer.seen_s[f"Viewed {path}"] - now_s
    finally:
        collector.stop()


def main(words: list[str]) -> None:
    """`[VIEWERS [RATE]]`."""
    viewers = int(words[0]) if words else VIEWERS
    rate = float(words[1]) if len(words) > 1 else RATE
    with suppress(BrokenPipeError):
        print(json.dumps(measure_live(viewers, rate), indent=1), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
