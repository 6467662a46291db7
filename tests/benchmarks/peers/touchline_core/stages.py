"""The two stages of the job: raw messages become touches on a topic, and touches become state and rows."""

import asyncio
from collections.abc import Mapping, Sequence
from struct import Struct
from typing import Any, Final

import msgspec

from streams.engage.dedupe import Dedupe, DedupeVerdict, digest_of
from streams.engage.dedupe_state import DedupeState, Watermark
from streams.records import Message, Record, RecordBatch, Send, partition_of
from streams.state.table import ChangelogTable
from tests.benchmarks.peers.contract import Place, Touch, read_touch
from tests.benchmarks.peers.ledger import Ledger
from tests.benchmarks.peers.row import finish_row
from tests.benchmarks.peers.score import HALF_LIFE_MS
from tests.benchmarks.peers.store import Store

STATE: Final = Struct("<qqd")
"""(offset, touches, score): a customer in the table of states."""

BUCKET: Final = "touches"  # one for all ids, since no peer forgets any
WINDOW_MS: Final = 1 << 60
_FRESH: Final = (-1, 0, 0.0)
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Touch).decode


def version_of(value: bytes) -> int:
    """Return the offset of the last touch in a customer's state."""
    return int.from_bytes(value[:8], "little", signed=True)


class Read:
    """Stage 1: decode and validate, then send each touch to the partition of its customer."""

    def __init__(self, ledger: Ledger, channels: Mapping[str, str], topic: str, partitions: int, send: Send) -> None:
        self._ledger = ledger
        self._channels = channels
        self._topic = topic
        self._partitions = partitions
        self._send = send

    async def process(self, batch: RecordBatch) -> None:
        """Process one batch of one raw partition; it is acknowledged when all its touches are."""
        ledger = self._ledger
        channel, topic, partition = self._channels[batch.topic], batch.topic, batch.partition
        outboxes: list[list[Message]] = [[] for _ in range(self._partitions)]
        for record in batch.records:
            touch = read_touch(channel, record.value, Place(topic, partition, record.offset, record.timestamp))
            if touch is None:
                ledger.rejected += 1
                continue
            owner = touch.owner.encode()
            outboxes[partition_of(owner, self._partitions)].append((owner, _encode(touch), ()))
        await self._send({(self._topic, number): outbox for number, outbox in enumerate(outboxes) if outbox})
        ledger.handled += len(batch)


class Fold:
    """Stage 2: dedupe, count and score; insert rows; write the changed states, then the ids and the watermark.

    A crash before the last write repeats the batch: touches that a state has are skipped by their offset. Rows are
    inserted before the states, so a crash in between inserts them again, with the same counts and scores.
    """

    def __init__(self, ledger: Ledger, store: Store, states: ChangelogTable, seen: ChangelogTable) -> None:
        self._ledger = ledger
        self._store = store
        self._states = states
        self._seen = seen
        self._dedupe_states: dict[int, DedupeState] = {}
        self._inserting = asyncio.Lock()
        self.folded = 0

    def dropped(self, partition: int) -> None:
        """Forget the ids of a partition that was taken away."""
        self._dedupe_states.pop(partition, None)

    async def process(self, batch: RecordBatch) -> None:
        """Process one batch of one partition of touches."""
        partition = batch.partition
        if partition not in self._dedupe_states:
            self._dedupe_states[partition] = DedupeState(self._seen.partition(partition))
        known = self._dedupe_states[partition]
        fresh = [record for record in batch.records if record.offset > known.index.watermark]
        if fresh:
            dedupe = Dedupe(known.index, WINDOW_MS)
            changes, rows = self._fold(self._states.partition(partition), dedupe, fresh)
            await self._insert(rows)
            await self._states.write(partition, changes)
            mark = Watermark(fresh[-1].offset, dedupe.clock_ms, HALF_LIFE_MS, ())
            pending = known.remember_batch(dedupe, mark, self._seen.partition(partition))
            await self._seen.write(partition, pending.changes, mark.offset)
            pending.apply()
        self.folded += len(batch)

    def _fold(
        self, states: Mapping[bytes, bytes], dedupe: Dedupe, records: Sequence[Record]
    ) -> tuple[dict[bytes, bytes | None], list[bytes]]:
        """Return the changed states and the rows."""
        changed: dict[bytes, tuple[int, int, float]] = {}
        rows: list[bytes] = []
        new = DedupeVerdict.NEW
        for record in records:
            touch: Any = _decode(record.value or b"")
            owner: Any = record.key
            if dedupe.judge(BUCKET, digest_of(touch.owner, touch.event_id), record.timestamp) is not new:
                self._ledger.duplicates += 1
                continue
            state = changed.get(owner)
            if state is None:
                value = states.get(owner)
                state = _FRESH if value is None else STATE.unpack(value)
            offset, touches, score = state
            if record.offset <= offset:
                continue
            touches, score = touches + 1, score + touch.points
            changed[owner] = record.offset, touches, score
            rows.append(finish_row(touch.row, touches, score))
        return {owner: STATE.pack(*state) for owner, state in changed.items()}, rows

    async def _insert(self, rows: Sequence[bytes]) -> None:
        async with self._inserting:  # the driver serialises its calls
            await asyncio.to_thread(self._store.insert, rows)
