"""The Faust app that works in batches, and its stages."""

import logging
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faust
from faust.types import EventT, StreamT
from mode import Service
from yarl import URL

from streams.fail_fast import STOP_LIMIT_S, exit_now
from streams.kafka.consumer import BatchConsumer, BatchTransport
from streams.kafka.log_rate_limit import limit_log_rates
from streams.kafka.prefetch import IdlePause
from streams.runtime.partition_executor import Handle, PartitionExecutors, Stage
from streams.state.recovery import Recovery
from streams.state.table import ChangelogTable

KAFKA_PORT = 9092
SENT_BATCH_BYTES = 512 * 1024
LARGEST_MESSAGE_BYTES = 10 << 20
NEVER_FULL = 1 << 20  # size of Faust's own queues: `Limits` bounds the memory


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes of batches and of the records in memory, and times to wait."""

    batch_records: int = 10_000
    batch_bytes: int = 16 << 20
    in_flight_batches: int = 2  # per partition: one in progress, one ready
    in_flight_bytes: int = 32 << 20  # over all partitions
    held_bytes: int = 32 << 20  # fetched and not delivered, over all partitions
    fetch_bytes: int = 4 << 20  # per partition and request
    fetch_wait_ms: int = 500  # at the broker, if no record arrives
    grace_s: float = 5.0  # for batches in progress, when partitions are revoked or the worker stops


class BatchSchema(faust.Schema):
    """A schema that passes batches through: a stage decodes by itself, and keeps what it cannot decode."""

    def compile(self, app: Any, **kwargs: Any) -> Any:
        """Return the function that makes an event of a message."""

        async def decode(message: Any, *, propagate: bool = False) -> EventT:
            return app.create_event(None, message.value, message.headers, message)

        return decode


class IdleMonitor(faust.Monitor):
    """Faust's monitor without the timer that samples it every second: nothing reads the samples."""

    @Service.task
    async def _sampler(self) -> None:
        """Do nothing."""


class StreamsApp(faust.App):
    """The app of one worker: one consumer group, any number of stages, and tables assigned like their source topics."""

    limits: Limits
    executors: PartitionExecutors
    recovery: Recovery
    changelog_tables: list[ChangelogTable]
    address: str
    linger_s: dict[str, float]  # by topic
    idle_pauses: dict[str, IdlePause]  # by topic
    standbys: int

    def warm(self) -> dict[str, set[int]]:
        """Return the partitions whose state is on this worker, by source topic. May be called from any thread."""
        warm: dict[str, set[int]] = {}
        for table in self.changelog_tables:  # of several tables with one source topic, all must be warm
            warm[table.source] = warm.get(table.source, table.warm()) & table.warm()
        return warm

    def _new_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_consumer, self)

    def _new_producer_transport(self) -> BatchTransport:
        return BatchTransport(self.conf.broker_producer, self)

    def _finish(self, event: Any) -> None:
        self.consumer.finish(event)

    def _crash(self, reason: BaseException) -> None:
        """Exit at once with the first error of a service that has failed for good, in whatever thread.

        mode would stop the other services one by one. Those that still run would then fail because of stopped ones,
        such as the closed event loop of Kafka's thread, and only the last such error would be logged.
        """
        if not self.should_stop:
            exit_now(f"A service of the worker has failed: {type(reason).__name__}: {reason}.", reason)
        super()._crash(reason)

    async def start(self) -> None:
        """Start all services. One that cannot start ends the worker, like one that fails later."""
        limit_log_rates()  # repeated, because all modules of the libraries have created their loggers by now
        try:
            await super().start()
        except Exception as error:
            if self.should_stop:
                raise
            exit_now(f"The worker could not start: {type(error).__name__}: {error}.", error)

    async def on_stop(self) -> None:
        """Stop in order: the stages finish their current batches, which are committed."""
        timer = threading.Timer(
            STOP_LIMIT_S, exit_now, [f"The worker did not stop in order within {STOP_LIMIT_S:g} s."]
        )
        timer.daemon = True
        timer.start()
        await super().on_stop()
        self.recovery.stop()
        for table in self.changelog_tables:
            table.close()


def make_app(
    name: str,
    kafka: str,
    *,
    data_dir: Path,
    limits: Limits | None = None,
    commit_interval_s: float = 0.5,
    session_timeout_s: float = 15.0,
    instance_id: str | None = None,
    standbys: int = 0,
) -> StreamsApp:
    """Return an app without stages. `name` is its consumer group; `kafka` is `host:port`, or several with commas.

    Apps of different names share nothing. With `instance_id` (unique to a worker, the same after a restart), a worker
    that returns within the session timeout gets its partitions without a rebalance. No file is written outside
    `data_dir`. No topic is created: those of stages and changelogs must exist. `standbys` other workers keep the tables
    of each partition warm.
    """
    limit_log_rates()
    servers = [server.strip() for server in kafka.split(",") if server.strip()]
    app = StreamsApp(
        name,
        broker=[URL(f"kafka://{server}") for server in servers],
        datadir=data_dir,
        processing_guarantee="at_least_once",
        autodiscover=False,
        Monitor=IdleMonitor,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_commit_interval=commit_interval_s,
        broker_session_timeout=session_timeout_s,
        broker_heartbeat_interval=max(0.2, session_timeout_s / 5),
        broker_request_timeout=max(40.0, 2 * session_timeout_s),
        broker_rebalance_timeout=60.0,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=instance_id,
        producer_acks=-1,
        producer_linger=0,
        producer_max_batch_size=SENT_BATCH_BYTES,
        producer_max_request_size=LARGEST_MESSAGE_BYTES,
        stream_wait_empty=True,
        stream_buffer_maxsize=NEVER_FULL,
        worker_redirect_stdouts=False,
    )
    app.limits = limits or Limits()
    app.executors = PartitionExecutors(app._finish)
    app.recovery = Recovery(app)
    app.changelog_tables = []
    app.standbys = standbys
    app.linger_s = {}
    app.idle_pauses = {}
    app.address = ",".join(f"{url.host}:{url.port or KAFKA_PORT}" for url in app.conf.broker)
    return app


def stage(
    app: StreamsApp,
    name: str,
    topics: Sequence[str],
    handle: Handle,
    tables: Sequence[ChangelogTable] = (),
    linger_s: float = 0.0,
    idle_pause_s: float = 0.0,
) -> None:
    """Have `handle` called with every `RecordBatch` of `topics`, one at a time per partition, in order.

    A batch is acknowledged when `handle` returns; its offset is committed shortly afterwards. If `handle` raises, the
    process ends (`streams.fail_fast`). With `tables`, it is called once they are complete for the partition. With
    `linger_s`, a partition has one batch at a time, which is delivered that long after its first record, or when it is
    full. For `idle_pause_s` after an answer with few records, none of the topics is fetched, so that records of all
    their partitions arrive together.
    """
    app.executors.add_stage(Stage(name, tuple(topics), handle, tuple(tables)))
    app.linger_s.update(dict.fromkeys(topics, linger_s))
    if idle_pause_s:
        app.idle_pauses.update(dict.fromkeys(topics, IdlePause(idle_pause_s)))

    async def dispatch(stream: StreamT[Any]) -> None:
        async for event in stream.noack().events():
            consumer: BatchConsumer = app.consumer
            consumer.accept(event)

    app.agent(app.topic(*topics, schema=BatchSchema()), name=f"stage-{name}")(dispatch)


def run_worker(app: StreamsApp, loglevel: str = "WARNING") -> None:
    """Run the app in this process until it is stopped (SIGINT, SIGTERM), then exit: code 0 after an orderly stop."""
    worker = faust.Worker(app, loglevel=loglevel, stdout=sys.stdout, stderr=sys.stderr)
    worker.spinner = None
    logging.captureWarnings(True)
    worker.execute_from_commandline()
