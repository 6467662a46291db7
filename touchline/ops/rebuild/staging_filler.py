"""The first half of a rebuild: the rows that Kafka still has are copied into the staging tables.

- `states` gives the rows of `profiles` and `identities` and the touches of each identifier. It is kept for ever.
- `timeline` has the rows themselves, for as many days as the raw topics are retained.
- `activity` is folded once more for earlier touches, if it still begins with its first record.
- `quarantine` has the refused records. It is kept for ever.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from schemas.blocks import BlockHeader, decode_block, encode_block
from schemas.row_layouts import EVENTS_LAYOUT
from sinks.rebuild.staging import Staging
from sinks.store.blocks import StoreBatch, TableBlock, read_batch
from sinks.store.quarantine import QuarantineRecord, record_row, refused_rows
from streams.engage.batch_fold import FoldConfig
from streams.engage.replay_fold import ReplayFold
from streams.engage.state_rows import rows_of_state
from streams.topics import Topics
from touchline.errors import CliError
from touchline.ops.kafka_log import Extent, KafkaLog, read_states

Progress = Callable[[str, int, int], None]
_WAITING: Final = ("events", "profiles", "identities")
_REFOLDED: Final = 20_000  # records that a worker may have folded twice: the largest batch
_ROWS: Final = 20_000  # inserted into a staging table at once


@dataclass(slots=True)
class TimelineRange:
    """The stored part of one timeline partition, and what of it was read.

    Records before `target` have been stored; those from it on wait for a worker. `passed` is the last activity offset
    of the stored blocks, by table and activity partition.
    """

    partition: int
    target: int
    extent: Extent
    first: int  # offset at which reading began
    passed: dict[str, int] = field(default_factory=dict)
    covered: dict[int, int] = field(default_factory=dict)  # activity partition -> first offset of `events` on timeline


@dataclass(slots=True)
class StagingFiller:
    """Fills the staging tables of one rebuild. Raises the errors of both drivers, and CliError."""

    kafka: str
    topics: Topics
    log: KafkaLog
    staging: Staging
    progress: Progress
    since_ms: int | None = None
    refolded: list[int] = field(default_factory=list)  # activity partitions that were folded again
    read: dict[str, int] = field(default_factory=dict)  # records, by source

    async def fill_states(self) -> None:
        """Add the rows that the states give. To be called first, so that `timeline` is read at least that far."""
        for partition in range(self.topics.activity_partitions):
            self.progress("states", partition, self.topics.activity_partitions)
            made: dict[str, list[bytes]] = {"profiles_now": [], "identities_now": [], "touches": []}
            state = await read_states(self.kafka, self.topics.states, partition)
            for key, value in state.items():
                rows = rows_of_state(key, value, partition)
                for into, row in zip(made, rows, strict=True):
                    made[into].append(row)
                if len(made["touches"]) >= _ROWS:
                    self._send(made)
            self._send(made)
            self._count("states", len(state))

    async def fill_timeline(self, part: TimelineRange) -> None:
        """Add the blocks of one partition up to its present end, both stored and waiting ones."""
        end = (await self.log.extents(self.topics.timeline))[part.partition].end
        passed: dict[str, int] = {}
        async for records in self.log.read(self.topics.timeline, part.partition, part.first, end):
            self.progress(f"timeline/{part.partition}", records[-1].offset - part.first, end - part.first)
            pairs = [(record.offset, record.value or b"") for record in records]
            batch = read_batch(part.partition, [one for one in pairs if one[0] < part.target], passed)
            self._stage(batch)
            for header in batch.headers:
                if header.table == "events":
                    part.covered.setdefault(header.partition, header.first)
            passed = batch.after
            part.passed |= {key: upto for key, upto in passed.items() if upto > part.passed.get(key, -1)}
            if waiting := [one for one in pairs if one[0] >= part.target]:
                batch = read_batch(part.partition, waiting, passed)
                for table in _WAITING:
                    self.staging.add_blocks(f"{table}_waiting", table, batch.blocks.get(table, []))
                self.staging.bad.clear()  # the worker that stores them quarantines them
                passed = batch.after
            self._count("timeline", len(records))

    def _stage(self, batch: StoreBatch) -> None:
        for table, blocks in batch.blocks.items():
            self.staging.add_blocks(table, table, blocks)
        bad, self.staging.bad = self.staging.bad, []
        self.staging.add_rows("quarantine", refused_rows(batch.partition, bad, batch.unreadable))

    async def fill_quarantine(self, upto: dict[int, int]) -> None:
        """Add the records of the topic `quarantine` that were stored."""
        topic = self.topics.quarantine
        for partition, extent in (await self.log.extents(topic)).items():
            first = await self._first(topic, partition, extent)
            end = min(extent.end, upto.get(partition, 0))
            async for records in self.log.read(topic, partition, first, end):
                self.progress(topic, records[-1].offset - first, end - first)
                rows = [record_row(QuarantineRecord(record.value, record.headers)) for record in records]
                self.staging.add_rows("quarantine", rows)
                self._count("quarantine", len(records))

    async def fill_activity(self, fold_config: FoldConfig, window_ms: int, ranges: Sequence[TimelineRange]) -> None:
        """Add touches stored before `timeline` begins, for partitions whose `activity` is complete."""
        if self.since_ms is not None:
            return
        for partition, extent in (await self.log.extents(self.topics.activity)).items():
            part = ranges[partition % len(ranges)]
            # The first remaining blocks may repeat earlier ones and lack rows of the first attempt.
            stored = part.passed.get(f"events/{partition}", -1) + 1
            upto = min(stored, part.covered.get(partition, stored) + _REFOLDED)
            if extent.begin == 0 < part.extent.begin and upto > 0:
                await self._refold(ReplayFold(partition, fold_config, window_ms), partition, upto)
                self.refolded.append(partition)

    async def _refold(self, replay: ReplayFold, partition: int, upto: int) -> None:
        async for records in self.log.read(self.topics.activity, partition, 0, upto):
            self.progress(f"activity/{partition}", records[-1].offset, upto)
            facts = replay.fold((record.offset, record.value or b"") for record in records)
            if replay.unknown_namespaces:
                unknown = ", ".join(sorted(replay.unknown_namespaces))
                raise CliError(
                    f"Touches are linked by {unknown}, which TOUCHLINE_IDENTIFIERS does not contain: "
                    "run this with the settings of the workers."
                )
            if facts:
                rows = [row for _, row in facts]
                first, last = records[0].offset, records[-1].offset
                header = BlockHeader("events", partition, first, last, len(rows), 0, EVENTS_LAYOUT)
                header, frame = decode_block(encode_block(header, rows))
                self.staging.add_blocks("events", "events", [TableBlock(0, header, frame)])
                self.staging.bad.clear()  # refused then, too, and kept in the quarantine
            self._count("activity", len(records))

    async def _first(self, topic: str, partition: int, extent: Extent) -> int:
        if self.since_ms is None:
            return extent.begin
        return (await self.log.offsets_at(topic, {partition: extent}, self.since_ms))[partition]

    def _send(self, made: dict[str, list[bytes]]) -> None:
        for into, rows in made.items():
            self.staging.add_rows(into, rows)
            rows.clear()

    def _count(self, source: str, records: int) -> None:
        self.read[source] = self.read.get(source, 0) + records


def range_of(partition: int, stored: Any, committed: int, extent: Extent, first: int) -> TimelineRange:
    """Return the range of a partition from the store's positions and the group's committed offset.

    `stored` is the store's session of the partition. The group may have committed more than a database restored from a
    backup knows of.
    """
    target = max(stored.next_offset, committed)
    return TimelineRange(partition, target, extent, max(first, extent.begin), dict(stored.passed))
