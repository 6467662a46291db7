"""The composition root of a worker: its stages, wired to Kafka, their tables and ClickHouse by the settings."""

import logging
import os
import random
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final
from uuid import uuid4

from schemas.blocks import BlockHeader
from schemas.touch import SESSION_GAP_MS
from sinks.clickhouse.client import Client
from sinks.store.quarantine import QuarantineRecord
from sinks.store.retry import Backoff
from sinks.store.stage import Store
from sinks.store.timeline_reader import TimelineReader
from streams.engage import dedupe_state
from streams.engage.batch_fold import FoldConfig
from streams.engage.stage import Engage, EngageConfig
from streams.enrichment.maxmind import GeoipDatabase
from streams.enrichment.pipeline import Lookups
from streams.identity.ties import TieLimits
from streams.intake.decoder import IntakeConfig
from streams.intake.stage import Intake
from streams.kafka.sender import Sender
from streams.profile import identifier_state
from streams.records import RecordBatch
from streams.rules.evaluator import Rules
from streams.runtime.app import Limits, StreamsApp, make_app, stage
from streams.state.memory import MemoryStores
from streams.state.rocksdb_directory import RocksStores
from streams.state.table import ChangelogTable
from touchline.settings import Settings
from touchline.worker.metrics import Metrics
from touchline.worker.stages import group_of, topics_of

RAW_PAUSE_S: Final = 0.2  # after an answer with few records: those that arrive meanwhile form one batch

log = logging.getLogger(__name__)


class Worker:
    """One worker, wired and not yet started. `connect_writer` connects to ClickHouse; None for workers without store.

    Raises GeoipError or StateError if a file or folder cannot be used.
    """

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        stages: Sequence[str],
        log_name: str,
        connect_writer: Callable[[], Client] | None,
    ) -> None:
        self.settings, self.rules, self.stages = settings, rules, tuple(stages)
        self.topics = topics_of(settings)
        self.metrics = Metrics()
        self.app: StreamsApp = make_app(
            group_of(settings, stages),
            settings.kafka,
            data_dir=settings.folder / "worker",
            limits=Limits(batch_records=settings.batch_records),
            session_timeout_s=settings.session_s,
            instance_id=settings.instance or None,
            standbys=settings.standbys,
        )
        self.sender = Sender(self.app)
        self.store: Store | None = None
        if "intake" in stages:
            self._add_intake()
        if "engage" in stages:
            self._add_engage()
        if connect_writer is not None:
            self.store = self._add_store(log_name, connect_writer)

    def _add_intake(self) -> None:
        settings = self.settings
        config = IntakeConfig(
            rules=self.rules,
            order=settings.identifiers,
            region=settings.phone_region,
            retention_ms=settings.retention_ms,
            largest_bytes=settings.largest_kb * 1024,
            lookups=Lookups(GeoipDatabase(settings.mmdb) if settings.mmdb else None),
        )
        intake = Intake(self.topics, config, self.sender.send, self.metrics)
        raw = [self.topics.raw(channel) for channel in self.topics.channels]
        stage(self.app, "intake", raw, intake.process, idle_pause_s=RAW_PAUSE_S)

    def _add_engage(self) -> None:
        settings, topics = self.settings, self.topics
        fold_config = FoldConfig(
            half_life_ms=self.rules.half_life_ms,
            late_days=self.rules.late_days,
            gap_ms=SESSION_GAP_MS,
            limits=TieLimits(targets=settings.targets, links=settings.links),
            order=settings.identifiers,
        )
        stages: list[Engage] = []  # the tables are created before the stage that they notify
        stores = RocksStores(settings.state_folder) if settings.state == "rocksdb" else MemoryStores()
        table = partial(ChangelogTable, self.app, source=topics.activity, stores=stores)
        states = table("states", changelog=topics.states, version_of=identifier_state.version_of)
        seen = table(
            "seen",
            changelog=topics.seen,
            version_of=dedupe_state.version_of,
            on_dropped=lambda partition: stages[0].dropped(partition),
        )
        config = EngageConfig(topics, fold_config, settings.window_ms, self.rules.version)
        engage = Engage(config, states, seen, self.sender.send, self.metrics)
        stages.append(engage)
        stage(self.app, "engage", [topics.activity], engage.process, [states, seen])

    def _add_store(self, log_name: str, connect_writer: Callable[[], Client]) -> Store:
        store = Store(
            connect_writer,
            TimelineReader(self.settings.kafka, self.topics.timeline).read,
            log=log_name,
            owner=f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}",
            backoff=Backoff(random.random),
            on_stored=self._observe_latency,
        )

        async def take(batch: RecordBatch) -> None:
            started_s = time.perf_counter()
            await store.write([(one.offset, one.value or b"") for one in batch.records], batch.partition)
            self.metrics.batch("store", len(batch), time.perf_counter() - started_s)

        async def take_refused(batch: RecordBatch) -> None:
            await store.write_quarantine([QuarantineRecord(one.value, one.headers) for one in batch.records])

        linger_s = self.settings.linger_ms / 1000
        stage(self.app, "store", [self.topics.timeline], take, linger_s=linger_s)
        stage(self.app, "quarantine", [self.topics.quarantine], take_refused, linger_s=linger_s)

        async def release(app: Any, revoked: Any, **_: Any) -> None:
            for one in revoked:
                if one.topic == self.topics.timeline:
                    await store.release(one.partition)

        self.app.on_partitions_revoked.connect(release, weak=False)
        return store

    def _observe_latency(self, header: BlockHeader, now_ms: int) -> None:
        if header.table == "events" and header.received_at_ms:
            self.metrics.histograms["touchline_event_to_stored_seconds"].observe(
                max(0, now_ms - header.received_at_ms) / 1000
            )
