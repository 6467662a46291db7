"""Second stage: activity becomes profiles and facts.

1. fold the batch (pure) over the state of its partition
2. words to other identifiers, rows and profiles are sent, and acknowledged by the broker
3. the states that changed are written to their changelog, and acknowledged
4. the ids counted and the watermark are written, and acknowledged: from here on a replay of this batch is passed over
5. return: the batch may be committed

A crash between any two of these repeats the batch from the last watermark: an identifier whose state is ahead passes over its
records, the store drops the rows it has, words carry versions (docs/decisions/001).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from time import perf_counter
from typing import Final, NamedTuple, Protocol

import msgspec

from schemas.blocks import BlockHeader, encode_block
from streams.batches import Record, RecordBatch
from streams.fold.batch import Batch, Folding, Outcome, Word
from streams.fold.dedupe import Dedupe
from streams.fold.facts import Fact
from streams.fold.published import publish
from streams.fold.remembered import Pending, Remembered, Watermark, read_watermark
from streams.intake import Outbox, Send, partition_of
from streams.observe import Observer
from streams.topics import TIMELINE_PARTITIONS, Topics

BLOCK_BYTES: Final = 4 * 1024 * 1024  # rows before compression; half of what a record of `timeline` may take
_encode: Final = msgspec.msgpack.Encoder().encode


class Table(Protocol):
    """State per partition, in memory and in a changelog."""

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        """What the partition holds, complete after recovery."""

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        """Returns once the changelog has it, and memory too."""


class OtherHalfLife(Exception):
    """The stored scores were made with another half-life than the rules say now."""


class Span(NamedTuple):
    """The activity offsets a batch answers for."""

    partition: int
    first: int
    last: int
    oldest_ms: int


def cut_blocks(table: str, facts: list[Fact], span: Span) -> Iterable[bytes]:
    """A table's rows as records of `timeline`: one, or several of growing offsets where they are too large together."""
    start, first, size = 0, span.first, 0
    for index, (offset, row) in enumerate(facts):
        size += len(row)
        last = index + 1 == len(facts)
        if last or (size >= BLOCK_BYTES and facts[index + 1][0] != offset):
            end = span.last if last else offset
            header = BlockHeader(table, span.partition, first, end, index + 1 - start, span.oldest_ms)
            yield encode_block(header, [row for _, row in facts[start : index + 1]])
            start, first, size = index + 1, offset + 1, 0


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
        self._remembered: dict[int, Remembered] = {}

    def recovered(self, partition: int) -> None:
        """The partition is ours, with its state complete. Raises OtherHalfLife."""
        state = self._seen.partition(partition)
        mark = read_watermark(state)
        if mark is not None and mark.half_life_ms != self._folding.half_life_ms:
            raise OtherHalfLife(
                f"The stored scores were made with a half-life of {mark.half_life_ms / 86_400_000:g} days, the rules say "
                f"{self._folding.half_life_ms / 86_400_000:g}. Set half_life_days back, or start with another TOUCHLINE_TOPIC_PREFIX "
                f"and TOUCHLINE_GROUP and a new database, and let the touches run through again."
            )
        self._remembered[partition] = Remembered(state)

    def dropped(self, partition: int) -> None:
        """The partition is not ours any more, or is read anew."""
        self._remembered.pop(partition, None)

    async def take(self, batch: RecordBatch) -> None:
        """Handle one batch of one activity partition."""
        started = perf_counter()
        partition = batch.partition
        if partition not in self._remembered:
            self.recovered(partition)
        remembered = self._remembered[partition]
        fresh = [record for record in batch.records if record.offset > remembered.memory.watermark]
        if fresh:
            await self._fold(partition, fresh, remembered)
        self._observer.batch("engage", len(batch), perf_counter() - started)
        self._observer.state(
            partition, len(self._states.partition(partition)), remembered.memory.count, 0
        )

    async def _fold(self, partition: int, records: list[Record], remembered: Remembered) -> None:
        forgetting = remembered.forget_idle(self._window_ms, self._seen.partition(partition))
        if forgetting:
            await self._keep(partition, forgetting, remembered.memory.watermark)
        dedupe = Dedupe(remembered.memory)
        fold = Batch(partition, self._states.partition(partition).get, dedupe, self._folding)
        for record in records:
            if record.value is not None:
                fold.take(record.offset, record.value)
        outcome = fold.finish()
        span = Span(partition, records[0].offset, records[-1].offset, outcome.oldest_ms)
        await self._send(self._outbox(outcome, span))
        if outcome.states:
            await self._states.write(partition, outcome.states)
        clock_ms = max(remembered.memory.clock_ms, fold.clock_ms)
        mark = Watermark(span.last, clock_ms, self._folding.half_life_ms)
        await self._keep(partition, remembered.remember(dedupe, mark), mark.offset)
        for (channel, result), count in outcome.counts.items():
            self._observer.touches(channel, result, count)
        for theirs in outcome.rules_versions - {self._rules_version}:
            self._observer.other_rules(theirs)

    async def _keep(self, partition: int, pending: Pending, version: int) -> None:
        await self._seen.write(partition, pending.changes, version)
        pending.apply()

    def _outbox(self, outcome: Outcome, span: Span) -> Outbox:
        topics = self._topics
        outbox: Outbox = {}
        for word in outcome.words:
            key = word.to.encode()
            place = topics.activity, partition_of(key, topics.activity_partitions)
            outbox.setdefault(place, []).append((key, _encode(word), ()))
        place = topics.timeline, span.partition % TIMELINE_PARTITIONS
        for table, facts in outcome.rows.tables().items():
            outbox.setdefault(place, []).extend((None, block, ()) for block in cut_blocks(table, facts, span))
        place = topics.profiles, span.partition
        for key_, whole, offset in outcome.profiles:
            outbox.setdefault(place, []).append((key_.encode(), publish(key_, whole, offset), ()))
        return outbox
