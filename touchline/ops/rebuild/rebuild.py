"""Restores rows that the store has lost from Kafka, each once (docs/decisions/018-rebuild.md)."""

import os
import random
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol
from uuid import uuid4

from aiokafka.errors import KafkaError as AsyncKafkaError
from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka.errors import KafkaError

from schemas.touch import SESSION_GAP_MS
from schemas.value_layouts import NewerLayoutError
from sinks.checks.detached_parts import broken_parts, drop_broken
from sinks.clickhouse.client import Address, Client, StoreUnavailableError, connect
from sinks.clickhouse.errors import describe_error, is_transient
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_pieces import restore_pieces
from sinks.rebuild.restore_reach import find_unreachable
from sinks.rebuild.restore_rollups import restore_rollup
from sinks.rebuild.restore_rows import (
    restore_derived,
    restore_events,
    restore_largest,
    restore_quarantine,
    restore_replayed,
    restore_versions,
)
from sinks.rebuild.restore_states import restore_from_states
from sinks.rebuild.staging import Staging, StagingIncompleteError
from sinks.store.blocks import StoreBatch
from sinks.store.delivery import PartitionSession
from sinks.store.intent_log import REBUILD_OWNER, FencedError
from sinks.store.retry import Backoff
from sinks.store.rollups import ROLLUPS
from sinks.store.stage import RereadError, Store
from sinks.store.timeline_reader import TimelineReader
from streams.engage.batch_fold import FoldConfig
from streams.identity.ties import TieLimits
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.local.discovery import need_clickhouse, need_kafka
from touchline.ops.kafka_log import KafkaLog
from touchline.ops.rebuild.report import TABLES, RebuildOptions, Report, describe_missing, format_time
from touchline.ops.rebuild.staging_filler import Progress, StagingFiller, TimelineRange, range_of
from touchline.settings import Settings
from touchline.worker.clickhouse_setup import create_tables
from touchline.worker.group_offsets import committed_offsets
from touchline.worker.kafka_setup import check_reachable, cluster_id
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import groups_running, topics_of

_TIMEOUT_S: Final = 3600  # a comparison of large tables takes long


class Restore(Protocol):
    """Inserts the rows that a table lacks, and returns their number. With `change` False it only counts them."""

    def __call__(self, client: Client, hold: Hold, table: str, *, change: bool) -> int: ...


class _Step(NamedTuple):
    table: str
    restore: Restore


# Tables derived from others come after them. `profiles` and `identities` come after the two tables that views fill
# from their rows.
_STEPS: Final = (
    _Step("events", restore_events),
    *(_Step(rollup, restore_rollup) for rollup in ROLLUPS),
    _Step("session_pieces", restore_versions),
    _Step("session_pieces", restore_pieces),
    _Step("identity_children", restore_versions),
    _Step("profiles", restore_versions),
    _Step("profiles", restore_from_states),
    _Step("identities", restore_versions),
    _Step("identities", restore_from_states),
    _Step("identity_children", restore_derived),
    _Step("page_times", restore_largest),
    _Step("quarantine", restore_quarantine),
    _Step("replayed", restore_replayed),
)


async def rebuild(settings: Settings, options: RebuildOptions, progress: Progress) -> Report:
    """Restore what is missing. Raises CliError, and the driver's error if ClickHouse refuses a statement for good."""
    started_s = time.monotonic()
    kafka = need_kafka(settings)
    try:
        check_reachable(kafka)
        log_name = f"{cluster_id(kafka)}/{settings.topic_prefix}"
        address = need_clickhouse(settings)
        create_tables(address, log_name, stored_before=False)
        async with KafkaLog(kafka) as log:
            work = _Rebuild(settings, options, progress, address, log, log_name)
            report = await work.run()
    except (KafkaError, AsyncKafkaError) as error:
        raise CliError(
            f"Kafka at {kafka} did not answer ({type(error).__name__}): {KAFKA_ADVICE}, then run `touchline rebuild` "
            "again; what was restored stays.",
            code=1,
        ) from error
    except (StoreUnavailableError, StagingIncompleteError, NewerLayoutError, RereadError) as error:
        raise CliError(f"{error}.", code=1) from error
    except ClickHouseError as error:
        if not is_transient(error):
            raise
        raise CliError(
            f"{describe_error(error)}: run `touchline rebuild` again when it answers; what was restored stays.", code=1
        ) from error
    except FencedError as error:
        raise CliError(
            "The rebuild took longer than its lock on the store, and a worker resumed: run `touchline rebuild` again; "
            "what was restored stays.",
            code=1,
        ) from error
    report.seconds = round(time.monotonic() - started_s, 1)
    return report


@dataclass(slots=True)
class _Rebuild:
    """One rebuild."""

    settings: Settings
    options: RebuildOptions
    progress: Progress
    address: Address
    log: KafkaLog
    log_name: str

    async def run(self) -> Report:
        topics = topics_of(self.settings)
        owner = f"{REBUILD_OWNER}{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"
        client = connect(self.address, "write", timeout_s=_TIMEOUT_S)
        store = Store(
            lambda: connect(self.address, "write"),
            TimelineReader(self.settings.kafka, topics.timeline).read,
            log=self.log_name,
            owner=owner,
            backoff=Backoff(random.random),
        )
        try:
            extents = await self.log.extents(topics.timeline)
            self.progress("waiting for the store", 0, 1)
            sessions = {partition: await store.claim(partition) for partition in extents}
            with Hold(client, self.log_name, owner, [lane.intent_log for lane in sessions.values()]) as hold:
                return await self._with_hold(hold, client, sessions)
        finally:
            await store.close()
            client.close()

    async def _with_hold(self, hold: Hold, client: Client, sessions: dict[int, PartitionSession]) -> Report:
        topics, staging = topics_of(self.settings), Staging(client)
        filler = StagingFiller(self.settings.kafka, topics, self.log, staging, self.progress, self.options.since_ms)
        staging.create()
        try:
            return await self._restore(hold, client, sessions, filler)
        finally:
            with suppress(ClickHouseError, OSError):  # the next rebuild drops them
                staging.drop()

    async def _restore(
        self, hold: Hold, client: Client, sessions: dict[int, PartitionSession], filler: StagingFiller
    ) -> Report:
        ranges = await self._ranges(sessions)
        await filler.fill_states()
        for one in ranges:
            await filler.fill_timeline(one)
        await filler.fill_activity(self._folding(), self.settings.window_ms, ranges)
        topic = topics_of(self.settings).quarantine
        await filler.fill_quarantine(
            committed_offsets(self.settings.kafka, groups_running(self.settings, "store"), topic)
        )
        filler.staging.check()
        report = Report(read=filler.read, changed=self.options.change)
        for number, step in enumerate(_STEPS):
            self.progress(f"comparing {step.table}", number, len(_STEPS))
            if step.table in self.options.tables:
                report.add(step.table, step.restore(client, hold, step.table, change=self.options.change))
        if self.options.change:
            self._note_positions(sessions, ranges)
        hold.check()
        await self._report_losses(client, ranges, report)
        return report

    async def _ranges(self, sessions: dict[int, PartitionSession]) -> list[TimelineRange]:
        topic = topics_of(self.settings).timeline
        extents = await self.log.extents(topic)
        committed = self._committed(topic)
        begins = {partition: extent.begin for partition, extent in extents.items()}
        if self.options.since_ms is not None:
            begins = await self.log.offsets_at(topic, extents, self.options.since_ms)
        return [
            range_of(partition, sessions[partition], committed.get(partition, 0), extent, begins[partition])
            for partition, extent in extents.items()
        ]

    def _note_positions(self, sessions: dict[int, PartitionSession], ranges: Sequence[TimelineRange]) -> None:
        """Record what workers stored in another state of this database as stored here, too."""
        for one in ranges:
            lane = sessions[one.partition]
            if one.target > lane.next_offset:
                batch = StoreBatch(one.partition, lane.next_offset, one.target - 1, dict(lane.passed), dict(one.passed))
                lane.intent_log.settle(batch)

    async def _report_losses(self, client: Client, ranges: Sequence[TimelineRange], report: Report) -> None:
        missing = find_unreachable(client)
        if missing and self.options.change:
            report.beyond.append(describe_missing(missing, await self._begins(ranges), self.options))
        elif self.options.change and set(self.options.tables) == set(TABLES) and self.options.since_ms is None:
            parts = broken_parts(client)
            drop_broken(client, parts)
            report.dropped_parts = [f"{part.table}/{part.name}" for part in parts]

    async def _begins(self, ranges: Sequence[TimelineRange]) -> str:
        """Describe from which record on `timeline` was read."""
        topic = topics_of(self.settings).timeline
        begins = []
        for one in ranges:
            time_ms = await self.log.time_of(topic, one.partition, one.extent)
            at = f" ({format_time(time_ms)})" if time_ms is not None else ""
            begins.append(f"offset {one.extent.begin} of {topic}/{one.partition}{at}")
        return ", ".join(begins)

    def _committed(self, topic: str) -> dict[int, int]:
        return committed_offsets(self.settings.kafka, groups_running(self.settings, "store"), topic)

    def _folding(self) -> FoldConfig:
        rules, settings = read_rules(self.settings.rules), self.settings
        limits = TieLimits(targets=settings.targets, links=settings.links)
        return FoldConfig(rules.half_life_ms, rules.late_days, SESSION_GAP_MS, limits, settings.identifiers)
