"""`touchline rebuild`: puts back from Kafka what the store has lost, each row once (docs/decisions/018-rebuild.md)."""

import os
import random
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple, Protocol
from uuid import uuid4

from aiokafka.errors import KafkaError as AsyncKafkaError
from clickhouse_connect.driver.exceptions import ClickHouseError
from kafka.errors import KafkaError

from schemas.touch import SESSION_GAP_MS
from schemas.value_layouts import NewerLayout
from sinks.checks.detached_parts import broken_parts, drop_broken
from sinks.clickhouse.client import Address, Client, StoreUnavailable, connect, parse_address
from sinks.clickhouse.errors import passes, say
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_pieces import restore_pieces
from sinks.rebuild.restore_reach import find_unreachable
from sinks.rebuild.restore_rollups import restore_rollup
from sinks.rebuild.restore_rows import restore_derived, restore_events, restore_quarantine, restore_versions
from sinks.rebuild.restore_states import restore_from_states
from sinks.rebuild.staging import NotStaged, Staging
from sinks.store.blocks import Block
from sinks.store.delivery import Lane
from sinks.store.intent_log import HOLDER, Fenced
from sinks.store.retry import Pauses
from sinks.store.stage import NotReread, Store
from sinks.store.timeline_reader import Timeline
from streams.engage.batch_fold import Folding
from streams.identity.ties import Limits
from touchline.errors import CliError
from touchline.local.discovery import need_kafka
from touchline.ops.kafka_log import KafkaLog, check_listens, committed_offsets
from touchline.ops.rebuild.report import TABLES, Report, Wanted, describe_missing, format_time
from touchline.ops.rebuild.staging_filler import Answered, Filler, Progress, lane_of
from touchline.settings import Settings
from touchline.worker.clickhouse_setup import make_tables
from touchline.worker.kafka_setup import cluster_id
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import STAGES, group_of, topics_of

_ANSWER_S: Final = 3600  # a comparison of large tables takes its time


class Restore(Protocol):
    """Puts in what a table lacks; returns how many rows that are. `change` False: counts only."""

    def __call__(self, client: Client, hold: Hold, table: str, *, change: bool) -> int: ...


class _Step(NamedTuple):
    table: str
    restore: Restore


# What is made of other tables comes after them. Views pass rows of `profiles` and `identities` on to the two tables
# that stand before them here.
_STEPS: Final = (
    _Step("events", restore_events),
    _Step("touches_by_minute", restore_rollup),
    _Step("touches_by_hour", restore_rollup),
    _Step("session_pieces", restore_versions),
    _Step("session_pieces", restore_pieces),
    _Step("score_history", restore_versions),
    _Step("identity_children", restore_versions),
    _Step("profiles", restore_versions),
    _Step("profiles", restore_from_states),
    _Step("identities", restore_versions),
    _Step("identities", restore_from_states),
    _Step("score_history", restore_derived),
    _Step("identity_children", restore_derived),
    _Step("quarantine", restore_quarantine),
)


async def rebuild(settings: Settings, wanted: Wanted, progress: Progress) -> Report:
    """Raises CliError, and the driver's error where ClickHouse refuses a statement for good."""
    started_s = time.monotonic()
    kafka = need_kafka(settings)
    check_listens(kafka)
    try:
        log_name = f"{cluster_id(kafka)}/{settings.topic_prefix}"
        address = _prepared(settings, log_name)
        async with KafkaLog(kafka) as log:
            work = _Work(settings, wanted, progress, address, log, log_name)
            report = await work.run()
    except (KafkaError, AsyncKafkaError) as error:
        raise CliError(
            f"Kafka at {kafka} did not answer ({type(error).__name__}): run `touchline rebuild` again when it does; "
            "what was put back stays.",
            code=1,
        ) from error
    except (StoreUnavailable, NotStaged, NewerLayout, NotReread) as error:
        raise CliError(f"{error}.", code=1) from error
    except ClickHouseError as error:
        if not passes(error):
            raise
        raise CliError(
            f"{say(error)}: run `touchline rebuild` again when it answers; what was put back stays.", code=1
        ) from error
    except Fenced as error:
        raise CliError(
            "The rebuild was slower than its hold on the store, and a worker went on: run `touchline rebuild` again; "
            "what was put back stays.",
            code=1,
        ) from error
    report.seconds = round(time.monotonic() - started_s, 1)
    return report


def _prepared(settings: Settings, log_name: str) -> Address:
    """The address of a database that has all tables. Raises CliError, StoreUnavailable."""
    if not settings.clickhouse:
        raise CliError(
            f"No ClickHouse: start `touchline up` on {settings.folder}, or set "
            "TOUCHLINE_CLICKHOUSE=https://user:password@host:8443/touchline."
        )
    try:
        address = parse_address(settings.clickhouse)
    except ValueError as error:
        raise CliError(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    make_tables(address, log_name, stored_before=False)
    return address


@dataclass(slots=True)
class _Work:
    """One rebuild."""

    settings: Settings
    wanted: Wanted
    progress: Progress
    address: Address
    log: KafkaLog
    log_name: str

    async def run(self) -> Report:
        topics, owner = topics_of(self.settings), f"{HOLDER}{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}"
        client = connect(self.address, "write", timeout_s=_ANSWER_S)
        store = Store(
            lambda: connect(self.address, "write"),
            Timeline(self.settings.kafka, topics.timeline).read,
            log=self.log_name,
            owner=owner,
            pauses=Pauses(random.random),
        )
        try:
            extents = await self.log.extents(topics.timeline)
            self.progress("waiting for the store", 0, 1)
            lanes = {partition: await store.own(partition) for partition in extents}
            with Hold(client, self.log_name, owner, [lane.positions for lane in lanes.values()]) as hold:
                return await self._under(hold, client, lanes)
        finally:
            await store.close()
            client.close()

    async def _under(self, hold: Hold, client: Client, lanes: dict[int, Lane]) -> Report:
        topics, staging = topics_of(self.settings), Staging(client)
        filler = Filler(self.settings.kafka, topics, self.log, staging, self.progress, self.wanted.since_ms)
        staging.make()
        try:
            return await self._put_back(hold, client, lanes, filler)
        finally:
            with suppress(ClickHouseError, OSError):  # the next rebuild drops what is left
                staging.drop()

    async def _put_back(self, hold: Hold, client: Client, lanes: dict[int, Lane], filler: Filler) -> Report:
        answered = await self._answered(lanes)
        await filler.fill_states()
        for lane in answered:
            await filler.fill_timeline(lane)
        await filler.fill_activity(self._folding(), self.settings.window_ms, answered)
        topic = topics_of(self.settings).quarantine
        await filler.fill_quarantine(committed_offsets(self.settings.kafka, self._groups(), topic))
        filler.staging.check()
        report = Report(read=filler.read, changed=self.wanted.change)
        for number, step in enumerate(_STEPS):
            self.progress(f"comparing {step.table}", number, len(_STEPS))
            if step.table in self.wanted.tables:
                report.add(step.table, step.restore(client, hold, step.table, change=self.wanted.change))
        if self.wanted.change:
            self._note_positions(lanes, answered)
        hold.check()
        await self._judge(client, answered, report)
        return report

    async def _answered(self, lanes: dict[int, Lane]) -> list[Answered]:
        topic = topics_of(self.settings).timeline
        extents = await self.log.extents(topic)
        committed = committed_offsets(self.settings.kafka, self._groups(), topic)
        begins = {partition: extent.begin for partition, extent in extents.items()}
        if self.wanted.since_ms is not None:
            begins = await self.log.since(topic, extents, self.wanted.since_ms)
        return [
            lane_of(partition, lanes[partition], committed.get(partition, 0), extent, begins[partition])
            for partition, extent in extents.items()
        ]

    def _note_positions(self, lanes: dict[int, Lane], answered: Sequence[Answered]) -> None:
        """What workers stored in another state of this database counts as stored here, too."""
        for one in answered:
            lane = lanes[one.partition]
            if one.target > lane.next_offset:
                block = Block(one.partition, lane.next_offset, one.target - 1, dict(lane.passed), dict(one.passed))
                lane.positions.settle(block)

    async def _judge(self, client: Client, answered: Sequence[Answered], report: Report) -> None:
        missing = find_unreachable(client)
        if missing and self.wanted.change:
            report.beyond.append(describe_missing(missing, await self._begins(answered), self.wanted))
        elif self.wanted.change and set(self.wanted.tables) == set(TABLES) and self.wanted.since_ms is None:
            parts = broken_parts(client)
            drop_broken(client, parts)
            report.dropped_parts = [f"{part.table}/{part.name}" for part in parts]

    async def _begins(self, answered: Sequence[Answered]) -> str:
        """From which record on `timeline` was read, in words."""
        topic = topics_of(self.settings).timeline
        begins = []
        for one in answered:
            time_ms = await self.log.time_of(topic, one.partition, one.extent)
            at = f" ({format_time(time_ms)})" if time_ms is not None else ""
            begins.append(f"offset {one.extent.begin} of {topic}/{one.partition}{at}")
        return ", ".join(begins)

    def _groups(self) -> list[str]:
        forms = [form for size in range(1, len(STAGES) + 1) for form in combinations(STAGES, size) if "store" in form]
        return [group_of(self.settings, form) for form in forms]

    def _folding(self) -> Folding:
        rules, settings = read_rules(self.settings.rules), self.settings
        limits = Limits(targets=settings.targets, links=settings.links)
        return Folding(rules.half_life_ms, rules.late_days, SESSION_GAP_MS, limits, settings.identifiers)
