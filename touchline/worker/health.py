"""A worker's own pages: /metrics, /live and /ready. Alive means getting on, not just being a process."""

import asyncio
import logging
import time
from collections import deque
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from deploy.kafka_probe import any_listening
from streams.runtime.progress import PartitionProgress, progress
from touchline.ops.lag import stage_topics
from touchline.worker.wiring import Parts

STUCK_S: Final = 120.0  # with work waiting, this long without finishing a batch is no progress
UNHEARD_S: Final = 5.0  # beyond the lease: long enough to look whether Kafka is there at all
EVERY_S: Final = 1.0
LAST_WORDS: Final = 5
PROBE_S: Final = 1.0

log = logging.getLogger(__name__)


class LastWords(logging.Handler):
    """The worker's last warnings and errors, for `touchline status`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[str] = deque(maxlen=LAST_WORDS)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first line of it."""
        time_ = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        self.lines.append(f"{time_} {record.levelname} {record.getMessage().splitlines()[0]}")


def stuck(rows: list[PartitionProgress], waiting_for_store: bool, store_topics: set[str]) -> list[str]:
    """Partitions that have work, are ready for it, and get nowhere. A ClickHouse that is away is not the worker's
    fault.
    """
    return [
        f"{row.topic}/{row.partition} has {row.lag} records waiting and finished none for {row.idle_s:.0f} s"
        for row in rows
        if row.assigned
        and not row.recovering
        and row.lag
        and row.idle_s > STUCK_S
        and not (waiting_for_store and row.topic in store_topics)
    ]


def not_ready(rows: list[PartitionProgress], rebalancing: bool) -> str:
    """Why the worker does not take records yet, or ''."""
    if rebalancing:
        return "the group is being rebalanced"
    if not rows:
        return "Kafka has not answered yet"
    left = sum(row.recovery_remaining for row in rows if row.recovering)
    return f"{left} changelog records to read" if any(row.recovering for row in rows) else ""


class Health:
    """Serves the pages from the worker's own event loop: a loop that hangs does not answer."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._runner: web.AppRunner | None = None
        self._stored: dict[tuple[str, str], float] = {}
        named = stage_topics(parts.topics)
        self._stages = {topic: stage for stage, topics in named.items() for topic in topics}
        self._started_s = time.monotonic()
        self._last_words = LastWords()
        logging.getLogger().addHandler(self._last_words)

    async def start(self, port: int) -> int:
        """The port that is served. Raises OSError if it is taken."""
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/live", self._live)
        app.router.add_get("/ready", self._ready)
        app.router.add_get("/trouble", self._trouble)
        app.router.add_get("/waiting", self._waiting)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def watch(self) -> None:
        """Bring lags and counters up to date, every second, until cancelled."""
        while True:
            self.refresh()
            await asyncio.sleep(EVERY_S)

    def refresh(self) -> None:
        """Bring lags and counters up to date."""
        metrics, store = self._parts.metrics, self._parts.store
        for row in self._rows():
            if row.assigned and row.lag is not None:
                metrics.lag.labels(self._stages.get(row.topic, ""), row.topic, row.partition).set(row.lag)
                metrics.recovering.labels(row.topic, row.partition).set(row.recovery_remaining)
        metrics.standbys({table.name: table.behind() for table in self._parts.app.changelog_tables})
        for table in self._parts.app.changelog_tables:
            metrics.state_keys.labels(table.name).set(table.count_keys())
            metrics.state_bytes.labels(table.name).set(table.count_bytes())
        if store is not None:
            metrics.store_trouble.set(1 if store.trouble else 0)
            counters = store.counters
            for name, counter, values in (
                ("rows", metrics.stored_rows, counters.rows),
                ("dropped", metrics.stored_again, counters.dropped),
                ("refused", metrics.refused_rows, counters.refused),
            ):
                for table_name, value in values.items():
                    counter.labels(table_name).inc(value - self._stored.get((name, table_name), 0))
                    self._stored[name, table_name] = value

    def _rows(self) -> list[PartitionProgress]:
        app = self._parts.app
        try:
            return progress(app)
        except AttributeError:  # before the consumer's thread is there
            return []

    async def _metrics(self, request: web.Request) -> web.Response:
        self.refresh()
        return web.Response(
            body=generate_latest(self._parts.metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST}
        )

    async def _live(self, request: web.Request) -> web.Response:
        store, topics = self._parts.store, self._parts.topics
        waiting = store is not None and store.trouble is not None
        found = stuck(self._rows(), waiting, {topics.timeline, topics.quarantine})
        unheard_s = self._unheard_s()
        if unheard_s > STUCK_S:
            found.append(f"Kafka has answered no heartbeat for {unheard_s:.0f} s")
        if found and not await asyncio.to_thread(any_listening, self._parts.settings.kafka, PROBE_S):
            return _answer("")  # the worker waits for Kafka: a restart would not bring it back
        return _answer("; ".join(found))

    async def _trouble(self, request: web.Request) -> web.Response:
        return web.Response(text="\n".join(self._last_words.lines))

    async def _waiting(self, request: web.Request) -> web.Response:
        store, settings = self._parts.store, self._parts.settings
        found = {"store": store.trouble} if store is not None and store.trouble else {}
        if self._unheard_s() > UNHEARD_S and not await asyncio.to_thread(any_listening, settings.kafka, PROBE_S):
            found["Kafka"] = f"nothing answers at {settings.kafka}"
        return web.json_response(found)

    def _unheard_s(self) -> float:
        """For how long Kafka has not told this worker that it is in its group."""
        since_s = max(self._started_s, self._parts.app.consumer.thread.lease.until_s)
        return float(max(0.0, time.monotonic() - since_s))

    async def _ready(self, request: web.Request) -> web.Response:
        store = self._parts.store
        why = not_ready(self._rows(), bool(self._parts.app.rebalancing))
        if not why and store is not None and store.trouble and len(self._parts.stages) == 1:
            why = store.trouble
        return _answer(why)


def _answer(trouble: str) -> web.Response:
    return web.Response(text=f"{trouble or 'ok'}\n", status=503 if trouble else 200)
