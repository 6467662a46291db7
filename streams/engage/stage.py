"""Stage 2: folds activity into profiles and rows.

1. fold the batch (pure) over the state of its partition
2. send messages to other identifiers, rows and profiles; wait until the broker has acknowledged them
3. write the changed states to their changelog; wait for the acknowledgement
4. write the ids of new touches and the watermark; wait for the acknowledgement: a replay now skips this batch
5. return: the batch may be committed

A crash between any two steps repeats the batch from the last watermark. Then an identifier whose state is ahead skips
its records, the store drops the rows that it has, and messages carry versions (docs/decisions/001).
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from time import perf_counter
from typing import Final, NamedTuple, Protocol

from schemas.activity import encode_record
from schemas.rejected import Reason, Rejected
from streams.engage.batch_fold import BatchFold, FoldConfig, FoldOutcome, RefusedRecord
from streams.engage.dedupe import Dedupe
from streams.engage.dedupe_state import DedupeState, PendingChanges, Watermark, read_watermark
from streams.engage.profile_message import profile_headers
from streams.engage.timeline_blocks import BatchSpan, cut_blocks
from streams.fail_fast import OperatorError
from streams.identity.pinned_settings import PinnedSettings, find_conflict
from streams.observer import Observer
from streams.quarantine import RawRecord, quarantine_record
from streams.records import Message, Outbox, Record, RecordBatch, Send, partition_of
from streams.topics import Topics

TURN_RECORDS: Final = 1000  # folded before the other tasks of the event loop get a turn: the store would wait for long


class StateTable(Protocol):
    """State per partition, in memory and in a changelog."""

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        """Return the content of the partition, complete after recovery."""

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        """Return once the changes are in the changelog and in memory."""


class EngageConfig(NamedTuple):
    """Settings of the stage."""

    topics: Topics
    fold: FoldConfig
    window_ms: int  # of deduplication
    rules_version: str  # of this worker, to report touches that another version scored


class SettingsConflictError(OperatorError):
    """The settings of this worker do not fit the stored state or the touches. The message says what to do."""


def check_settings(mark: Watermark, fold: FoldConfig) -> None:
    """Raise SettingsConflictError if the state of a partition cannot be continued with these settings."""
    held, mine = PinnedSettings(mark.half_life_ms, mark.order), PinnedSettings(fold.half_life_ms, fold.order)
    if conflict := find_conflict(held, mine):
        raise SettingsConflictError(conflict)


def check_namespaces(unknown: Collection[str], fold: FoldConfig) -> None:
    """Raise SettingsConflictError if touches tie identifiers of namespaces that are not in this worker's order."""
    if unknown:
        raise SettingsConflictError(
            f"Received touches with identifiers of the namespace {', '.join(sorted(unknown))}, which is not in this "
            f"worker's TOUCHLINE_IDENTIFIERS ({', '.join(fold.order)}). Add it at the same position as on the intake "
            "workers."
        )


class Engage:
    """The stage. One instance serves all partitions of a worker; a partition's batches come one after another.

    `seen` holds the dedupe state.
    """

    def __init__(
        self, config: EngageConfig, states: StateTable, seen: StateTable, send: Send, observer: Observer
    ) -> None:
        self._config = config
        self._states = states
        self._seen = seen
        self._send = send
        self._observer = observer
        self._dedupe_states: dict[int, DedupeState] = {}

    def recovered(self, partition: int) -> None:
        """Start on a partition whose state is complete. Raises SettingsConflictError, NewerLayoutError."""
        state = self._seen.partition(partition)
        mark = read_watermark(state)
        if mark is not None:
            check_settings(mark, self._config.fold)
        self._dedupe_states[partition] = DedupeState(state)

    def dropped(self, partition: int) -> None:
        """Forget a partition that was taken away, or whose state is being recovered again."""
        self._dedupe_states.pop(partition, None)

    async def process(self, batch: RecordBatch) -> None:
        """Process one batch of one activity partition.

        Raises SettingsConflictError and NewerLayoutError before anything is sent.
        """
        started = perf_counter()
        partition = batch.partition
        if partition not in self._dedupe_states:
            self.recovered(partition)
        dedupe_state = self._dedupe_states[partition]
        fresh = [record for record in batch.records if record.offset > dedupe_state.index.watermark]
        if fresh:
            await self._fold(batch, fresh, dedupe_state)
        self._observer.batch("engage", len(batch), perf_counter() - started)
        self._observer.state(partition, len(self._states.partition(partition)), dedupe_state.index.count)

    async def _fold(self, batch: RecordBatch, records: Sequence[Record], dedupe_state: DedupeState) -> None:
        config, partition, index = self._config, batch.partition, dedupe_state.index
        forgetting = dedupe_state.forget_idle(config.window_ms, self._seen.partition(partition))
        if forgetting:
            await self._keep(partition, forgetting, index.watermark)
        dedupe = Dedupe(index, config.window_ms)
        batch_fold = BatchFold(partition, self._states.partition(partition).get, dedupe, config.fold)
        for start in range(0, len(records), TURN_RECORDS):
            if start:
                await asyncio.sleep(0)
            for record in records[start : start + TURN_RECORDS]:
                batch_fold.fold(record.offset, record.value or b"")
        outcome = batch_fold.finish()
        check_namespaces(outcome.unknown_namespaces, config.fold)
        span = BatchSpan(partition, records[0].offset, records[-1].offset, outcome.oldest_ms)
        outbox = self._outbox(outcome, span)
        if outcome.refused:
            outbox[config.topics.quarantine, 0] = _refusals(batch, outcome.refused)
        await self._send(outbox)
        if outcome.states:
            await self._states.write(partition, outcome.states)
        mark = Watermark(span.last, dedupe.clock_ms, config.fold.half_life_ms, config.fold.order)
        pending = dedupe_state.remember_batch(dedupe, mark, self._seen.partition(partition))
        await self._keep(partition, pending, mark.offset)
        self._report(outcome)

    async def _keep(self, partition: int, pending: PendingChanges, version: int) -> None:
        await self._seen.write(partition, pending.changes, version)
        pending.apply()

    def _report(self, outcome: FoldOutcome) -> None:
        for (channel, verdict), count in outcome.counts.items():
            self._observer.touches(channel, verdict, count)
        if outcome.refused:
            self._observer.rejected("activity", Reason.UNREADABLE.value, len(outcome.refused))
        for other in outcome.rules_versions - {self._config.rules_version}:
            self._observer.other_rules(other)
        if outcome.reranked:
            self._observer.other_order(outcome.reranked)

    def _outbox(self, outcome: FoldOutcome, span: BatchSpan) -> Outbox:
        topics = self._config.topics
        outbox: Outbox = {}
        for message in outcome.messages:
            key = message.to.encode()
            target = topics.activity, partition_of(key, topics.activity_partitions)
            outbox.setdefault(target, []).append((key, encode_record(message), ()))
        target = topics.timeline, span.partition % topics.timeline_partitions
        for table, rows in outcome.rows.tables().items():
            outbox.setdefault(target, []).extend((None, block, ()) for block in cut_blocks(table, rows, span))
        if outcome.profiles:
            outbox[topics.profiles, span.partition] = [
                (key, value, profile_headers(value, version)) for key, value, version in outcome.profiles
            ]
        return outbox


def _refusals(batch: RecordBatch, refused: Iterable[RefusedRecord]) -> list[Message]:
    """Return refused records for the quarantine, unchanged."""
    by_offset = {record.offset: record for record in batch.records}
    return [
        quarantine_record(
            RawRecord("", batch.topic, batch.partition, offset, by_offset[offset].timestamp, by_offset[offset].value),
            Rejected(Reason.UNREADABLE, detail),
        )
        for offset, detail in refused
    ]
