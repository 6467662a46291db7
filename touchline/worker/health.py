"""The HTTP endpoints of a worker: /metrics, /live and /ready. Live means that work makes progress."""

import asyncio
import logging
import time
from collections import deque
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from deploy.kafka_probe import any_listening
from schemas.plural import counted
from streams.runtime.progress import PartitionProgress, progress
from touchline.worker.stages import stage_topics
from touchline.worker.wiring import Worker

STUCK_S: Final = 120.0  # with records waiting, a partition that finishes no batch for this long is stuck
SILENT_S: Final = 5.0  # beyond the lease: then it is checked whether Kafka is reachable at all
REFRESH_S: Final = 1.0
KEPT_WARNINGS: Final = 5
PROBE_S: Final = 1.0
_CLIENTS: Final = ("aiokafka", "kafka")  # loggers of the Kafka clients, whose messages help no user
_CLIENT_PROBLEM: Final = "a request to Kafka failed and is repeated; the worker's log has the client's message"

log = logging.getLogger(__name__)


class RecentWarnings(logging.Handler):
    """The worker's last warnings and errors, for `touchline status`."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[str] = deque(maxlen=KEPT_WARNINGS)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first line of the message."""
        time_ = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")
        text = _CLIENT_PROBLEM if record.name.startswith(_CLIENTS) else record.getMessage().splitlines()[0]
        self.lines.append(f"{time_} {record.levelname} {text}")


def stuck_partitions(rows: list[PartitionProgress], waiting_for_store: bool, store_topics: set[str]) -> list[str]:
    """Describe each partition that has records waiting, is ready for them, and makes no progress.

    The store's topics do not count while ClickHouse is unreachable, since a restart of the worker would not help.
    """
    return [
        f"{row.topic}/{row.partition} has {counted(row.lag, 'record')} waiting and finished none for {row.idle_s:.0f} s"
        for row in rows
        if row.assigned
        and not row.recovering
        and row.lag
        and row.idle_s > STUCK_S
        and not (waiting_for_store and row.topic in store_topics)
    ]


def why_not_ready(rows: list[PartitionProgress], rebalancing: bool) -> str:
    """Return why the worker does not process records yet; '' if it does."""
    if rebalancing:
        return "the group is being rebalanced"
    if not rows:
        return "Kafka has not answered yet"
    remaining = sum(row.recovery_remaining for row in rows if row.recovering)
    return f"{counted(remaining, 'changelog record')} to read" if any(row.recovering for row in rows) else ""


class Health:
    """Serves the endpoints from the worker's own event loop, so that a loop that hangs does not answer."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._runner: web.AppRunner | None = None
        self._counted: dict[tuple[str, str], float] = {}
        self._stages = {topic: stage for stage, topics in stage_topics(worker.topics).items() for topic in topics}
        self._started_s = time.monotonic()
        self._recent_warnings = RecentWarnings()
        logging.getLogger().addHandler(self._recent_warnings)

    async def start(self, host: str, port: int) -> int:
        """Serve, and return the port. Raises OSError if it is taken."""
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/live", self._live)
        app.router.add_get("/ready", self._ready)
        app.router.add_get("/trouble", self._trouble)
        app.router.add_get("/waiting", self._waiting)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def watch(self) -> None:
        """Refresh the metrics every `REFRESH_S` seconds until cancelled."""
        while True:
            self.refresh()
            await asyncio.sleep(REFRESH_S)

    def refresh(self) -> None:
        """Set the metrics that no stage reports: lag, recovery, state and what the store has done."""
        gauges, tables = self._worker.metrics.gauges, self._worker.app.changelog_tables
        for row in self._rows():
            if row.assigned and row.lag is not None:
                stage = self._stages.get(row.topic, "")
                gauges["touchline_lag"].labels(stage, row.topic, row.partition).set(row.lag)
                gauges["touchline_recovery_remaining"].labels(row.topic, row.partition).set(row.recovery_remaining)
        self._worker.metrics.standbys({table.name: table.standby_lag() for table in tables})
        for table in tables:
            gauges["touchline_state_keys"].labels(table.name).set(table.count_keys())
            gauges["touchline_state_bytes"].labels(table.name).set(table.count_bytes())
        if (store := self._worker.store) is not None:
            gauges["touchline_store_trouble"].set(1 if store.outage else 0)
            self._raise_to("touchline_stored_rows", store.counters.rows)
            self._raise_to("touchline_stored_again_blocks", store.counters.dropped)
            self._raise_to("touchline_refused_rows", store.counters.refused)

    def _raise_to(self, name: str, totals: dict[str, int]) -> None:
        """Increase a counter to the store's totals by table."""
        for table, total in totals.items():
            self._worker.metrics.counters[name].labels(table).inc(total - self._counted.get((name, table), 0))
            self._counted[name, table] = total

    def _rows(self) -> list[PartitionProgress]:
        try:
            return progress(self._worker.app)
        except AttributeError:  # the consumer's thread has not started yet
            return []

    async def _metrics(self, request: web.Request) -> web.Response:
        self.refresh()
        body = generate_latest(self._worker.metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _live(self, request: web.Request) -> web.Response:
        store, topics = self._worker.store, self._worker.topics
        waiting = store is not None and store.outage is not None
        problems = stuck_partitions(self._rows(), waiting, {topics.timeline, topics.quarantine})
        silent_s = self._silent_s()
        if silent_s > STUCK_S:
            problems.append(f"Kafka has answered no heartbeat for {silent_s:.0f} s")
        if problems and not await asyncio.to_thread(any_listening, self._worker.settings.kafka, PROBE_S):
            return _respond("")  # the worker waits for Kafka: a restart would not help
        return _respond("; ".join(problems))

    async def _trouble(self, request: web.Request) -> web.Response:
        return web.Response(text="\n".join(self._recent_warnings.lines))

    async def _waiting(self, request: web.Request) -> web.Response:
        store, settings = self._worker.store, self._worker.settings
        outages = {"store": store.outage} if store is not None and store.outage else {}
        if self._silent_s() > SILENT_S and not await asyncio.to_thread(any_listening, settings.kafka, PROBE_S):
            outages["Kafka"] = f"nothing answers at {settings.kafka}"
        return web.json_response(outages)

    def _silent_s(self) -> float:
        """For how long Kafka has not confirmed this worker's membership of its group."""
        since_s = max(self._started_s, self._worker.app.consumer.thread.lease.until_s)
        return float(max(0.0, time.monotonic() - since_s))

    async def _ready(self, request: web.Request) -> web.Response:
        store = self._worker.store
        why = why_not_ready(self._rows(), bool(self._worker.app.rebalancing))
        if not why and store is not None and store.outage and len(self._worker.stages) == 1:
            why = store.outage
        return _respond(why)


def _respond(problem: str) -> web.Response:
    return web.Response(text=f"{problem or 'ok'}\n", status=503 if problem else 200)
