"""Second stage: activity becomes profiles and facts.

1. fold the batch (pure) over the state of its partition
2. words to other identifiers, rows and profiles are sent, and acknowledged by the broker
3. the states that changed are written to their changelog, and acknowledged
4. the ids counted and the watermark are written, and acknowledged: from here on a replay of this batch is passed over
5. return: the batch may be committed

A crash between any two of these repeats the batch from the last watermark: an identifier whose state is ahead passes
over its records, the store drops the rows it has, words carry versions (docs/decisions/001).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from time import perf_counter
from typing import Final, NamedTuple, Protocol

from schemas.activity import encode_record
from schemas.blocks import BlockHeader, encode_block
from schemas.rejected import Reason, Rejected
from schemas.row_layouts import LAYOUTS
from streams.engage.batch_fold import Batch, Folding, Outcome, Refused
from streams.engage.dedupe import Dedupe
from streams.engage.dedupe_state import DedupeState, PendingChanges, Watermark, read_watermark
from streams.engage.rows import Fact
from streams.fail_fast import OperatorError
from streams.identity.pinned_settings import PinnedSettings, find_conflict
from streams.observer import Observer
from streams.quarantine import RawRecord, quarantined
from streams.records import Message, Outbox, Record, RecordBatch, Send, partition_of
from streams.topics import Topics

BLOCK_BYTES: Final = 4 * 1024 * 1024  # rows before compression; half of what a record of `timeline` may take


class Table(Protocol):
    """State per partition, in memory and in a changelog."""

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        """What the partition holds, complete after recovery."""

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        """Returns once the changelog has it, and memory too."""


class OtherFolding(OperatorError):
    """What is stored was folded by other settings than these, and would come to something else. Says what to do."""


class Span(NamedTuple):
    """The activity offsets a batch answers for."""

    partition: int
    first: int
    last: int
    oldest_ms: int


def check_folding(mark: Watermark, folding: Folding) -> None:
    """Raises OtherFolding if a partition's state cannot go on under these settings."""
    if fault := find_conflict(
        PinnedSettings(mark.half_life_ms, mark.order), PinnedSettings(folding.half_life_ms, folding.order)
    ):
        raise OtherFolding(fault)


def check_namespaces(unknown: Collection[str], folding: Folding) -> None:
    """Raises OtherFolding if identifiers are to be tied of which these settings do not say how strong they are."""
    if unknown:
        raise OtherFolding(
            f"Touches come that are tied by {', '.join(sorted(unknown))}, and the settings of this worker only say "
            f"{', '.join(folding.order)}: add it to this worker's TOUCHLINE_IDENTIFIERS, in the place intake has it."
        )


def cut_blocks(table: str, facts: list[Fact], span: Span) -> Iterator[bytes]:
    """A table's rows as records of `timeline`: one, or several of growing offsets where they are too large together.

    The rows of one offset stay together. The blocks answer for the whole span, each from where the one before ended.
    """
    all_rows = [row for _, row in facts]
    if all_rows and sum(map(len, all_rows)) <= BLOCK_BYTES:
        yield _block(table, span, span.first, span.last, all_rows)
        return
    first, size = span.first, 0
    rows: list[bytes] = []
    end = span.first
    for offset, group in groupby(facts, itemgetter(0)):
        more = [row for _, row in group]
        added = sum(map(len, more))
        if rows and size + added > BLOCK_BYTES:
            yield _block(table, span, first, end, rows)
            first, size, rows = end + 1, 0, []
        rows += more
        size += added
        end = offset
    if rows:
        yield _block(table, span, first, span.last, rows)


def _block(table: str, span: Span, first: int, last: int, rows: list[bytes]) -> bytes:
    header = BlockHeader(table, span.partition, first, last, len(rows), span.oldest_ms, LAYOUTS[table])
    return encode_block(header, rows)


class Engage:
    """The stage. One instance serves all partitions of a worker; batches of one partition come one after another."""

    def __init__(
        self,
        topics: Topics,
        folding: Folding,
        window_ms: int,
        rules_version: str,
        states: Table,
        seen: Table,
        send: Send,
        observer: Observer,
    ) -> None:
        self._topics = topics
        self._folding = folding
        self._window_ms = window_ms
        self._rules_version = rules_version
        self._states = states
        self._seen = seen
        self._send = send
        self._observer = observer
        self._dedupe_states: dict[int, DedupeState] = {}

    def recovered(self, partition: int) -> None:
        """The partition is ours, with its state complete. Raises OtherFolding, NewerLayout."""
        state = self._seen.partition(partition)
        mark = read_watermark(state)
        if mark is not None:
            check_folding(mark, self._folding)
        self._dedupe_states[partition] = DedupeState(state)

    def dropped(self, partition: int) -> None:
        """The partition is not ours any more, or is read anew."""
        self._dedupe_states.pop(partition, None)

    async def take(self, batch: RecordBatch) -> None:
        """Handle one batch of one activity partition. Raises OtherFolding, and NewerLayout before anything is sent."""
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
        partition, index = batch.partition, dedupe_state.index
        forgetting = dedupe_state.forget_idle(self._window_ms, self._seen.partition(partition))
        if forgetting:
            await self._keep(partition, forgetting, index.watermark)
        dedupe = Dedupe(index, self._window_ms)
        fold = Batch(partition, self._states.partition(partition).get, dedupe, self._folding)
        for record in records:
            fold.take(record.offset, record.value or b"")
        outcome = fold.finish()
        check_namespaces(outcome.unknown, self._folding)
        span = Span(partition, records[0].offset, records[-1].offset, outcome.oldest_ms)
        outbox = self._outbox(outcome, span)
        if outcome.refused:
            outbox[self._topics.quarantine, 0] = _refusals(batch, outcome.refused)
        await self._send(outbox)
        if outcome.states:
            await self._states.write(partition, outcome.states)
        mark = Watermark(span.last, dedupe.clock_ms, self._folding.half_life_ms, self._folding.order)
        await self._keep(
            partition, dedupe_state.remember_batch(dedupe, mark, self._seen.partition(partition)), mark.offset
        )
        self._report(outcome)

    async def _keep(self, partition: int, pending: PendingChanges, version: int) -> None:
        await self._seen.write(partition, pending.changes, version)
        pending.apply()

    def _report(self, outcome: Outcome) -> None:
        for (channel, result), count in outcome.counts.items():
            self._observer.touches(channel, result, count)
        if outcome.refused:
            self._observer.rejected("activity", Reason.UNREADABLE.value, len(outcome.refused))
        for theirs in outcome.rules_versions - {self._rules_version}:
            self._observer.other_rules(theirs)
        if outcome.turned:
            self._observer.other_order(outcome.turned)

    def _outbox(self, outcome: Outcome, span: Span) -> Outbox:
        topics = self._topics
        outbox: Outbox = {}
        for word in outcome.words:
            key = word.to.encode()
            place = topics.activity, partition_of(key, topics.activity_partitions)
            outbox.setdefault(place, []).append((key, encode_record(word), ()))
        place = topics.timeline, span.partition % topics.timeline_partitions
        for table, facts in outcome.rows.tables().items():
            outbox.setdefault(place, []).extend((None, block, ()) for block in cut_blocks(table, facts, span))
        place = topics.profiles, span.partition
        if outcome.profiles:
            outbox[place] = [(key, value, ()) for key, value in outcome.profiles]
        return outbox


def _refusals(batch: RecordBatch, refused: Iterable[Refused]) -> list[Message]:
    """What could not be folded, for the quarantine, as it came."""
    by_offset = {record.offset: record for record in batch.records}
    return [
        quarantined(
            RawRecord("", batch.topic, batch.partition, offset, by_offset[offset].timestamp, by_offset[offset].value),
            Rejected(Reason.UNREADABLE, detail),
        )
        for offset, detail in refused
    ]
