"""The third agent's work: timeline records in, rows in ClickHouse out, each exactly once.

Per batch: what is new of it -> the intent -> one insert per table -> what was refused goes to `quarantine` -> the
caller acknowledges. See `positions` for why a crash between any two of these loses and doubles nothing.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from schemas.blocks import BlockHeader
from sinks.clickhouse.client import Client
from sinks.store.blocks import join_records
from sinks.store.counters import Counters
from sinks.store.delivery import Delivery, Lane
from sinks.store.intent_log import BeingRebuilt, Fenced, Intent, Positions
from sinks.store.quarantine import QuarantineRecord, record_row
from sinks.store.retry import Patience, Pauses
from sinks.store.row_bisection import BadRows

Records = Sequence[tuple[int, bytes]]
Reread = Callable[[int, int, int], Awaitable[Records | None]]
_TAKEOVERS: Final = 5
_REREADS: Final = 10
_LAST_WORDS_S: Final = 5.0

_log = logging.getLogger(__name__)


class NotReread(Exception):
    """Timeline records that are needed again could not be had."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch: all of it is stored or quarantined, so it may be acknowledged."""

    rows: int
    refused: list[BadRows] = field(default_factory=list)


class Store:
    """Takes batches of timeline partitions; one at a time per partition, different partitions at the same time.

    `connect` makes a writer (it may raise: it is tried again). `reread(partition, first, last)` gets timeline records
    once more. `log` names the Kafka log the offsets belong to, so that those of another Kafka are not mistaken for
    replays. `owner` is unique to this process. `on_stored(header, now_ms)` hears of every block that has been stored.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        reread: Reread,
        *,
        log: str,
        owner: str,
        pauses: Pauses,
        on_stored: Callable[[BlockHeader, int], None] = lambda header, now_ms: None,
        settle_s: float = 2.0,
        threads: int = 8,
    ) -> None:
        self._reread = reread
        self._log = log
        self._owner = owner
        self._on_stored = on_stored
        self._settle_s = settle_s
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="store")
        self._patience = Patience(pauses, self._executor, time.time)
        self._lanes: dict[int, Lane] = {}
        self._locks: dict[int, asyncio.Lock] = {}
        self._seen: set[int] = set()
        self._settlers: dict[int, asyncio.Task[None]] = {}
        self.counters = Counters()
        self._delivery = Delivery(connect, self._patience, self.counters, log)

    @property
    def trouble(self) -> str | None:
        """What keeps rows from being stored, and since when; None: nothing."""
        return self._patience.trouble

    @property
    def retries(self) -> int:
        """How often anything was tried again."""
        return self._patience.retries

    async def take(self, records: Records, partition: int) -> Taken:
        """Stores consecutive records (offset, value) of a timeline partition. Returns when they may be acknowledged.

        Raises NewerLayout, `Fenced` when others keep taking the partition away, and what `reread` raises.
        """
        async with self._locks.setdefault(partition, asyncio.Lock()):
            self._stop_settler(partition)
            for attempt in range(_TAKEOVERS):
                try:
                    return await self._take(records, partition)
                except Fenced as fenced:
                    self._lanes.pop(partition, None)
                    if attempt + 1 == _TAKEOVERS:
                        raise
                    _log.warning("%s; claiming it again", fenced)
                except BaseException:
                    # What was begun is found out from the intent: by the next owner, or by us.
                    self._lanes.pop(partition, None)
                    self._patience.clear(f"timeline partition {partition}")
                    raise
            raise AssertionError("not reached")

    async def own(self, partition: int) -> Lane:
        """Claims a partition and completes the last block that was begun there: after this call for all partitions,
        blocks are whole in every table. Raises what `reread` raises."""
        async with self._locks.setdefault(partition, asyncio.Lock()):
            while True:
                lane = await self._open(partition, 0)
                try:
                    await self._patience.persist(lane.name, lane.positions.check)
                except Fenced:  # a worker claimed it at the same moment
                    continue
                return lane

    async def take_quarantine(self, records: Sequence[QuarantineRecord]) -> int:
        """Stores records of the topic `quarantine`; returns how many. Again the same ones: no change."""
        if records:
            await self._delivery.quarantine([record_row(record) for record in records])
        return len(records)

    async def release(self, partition: int) -> None:
        """The partition was taken from this worker: the next batch of it, if any, begins at its committed offset.

        Waits for nothing. A batch in flight goes on; whoever claims the partition next finds out about it.
        """
        self._stop_settler(partition)
        self._lanes.pop(partition, None)
        self._seen.discard(partition)

    async def close(self) -> None:
        """Notes what is complete, as far as ClickHouse answers soon, and closes the connections."""
        for lane in list(self._lanes.values()):
            self._stop_settler(lane.partition)
            try:
                async with asyncio.timeout(_LAST_WORDS_S):
                    await self._settle(lane)
            except Exception as error:
                _log.info("%s is not settled, its last block will be sent once more: %s", lane.name, error)
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._delivery.close()

    async def _take(self, records: Records, partition: int) -> Taken:
        if not records:
            return Taken(0)
        lane = self._lanes.get(partition) or await self._open(partition, records[0][0])
        new = [record for record in records if record[0] >= lane.next_offset]
        block = join_records(partition, new, lane.passed)
        self.counters.add_dropped(block.dropped)
        if not (block.parts or block.unreadable):
            lane.passed, lane.next_offset = block.after, max(lane.next_offset, block.last + 1)
            return Taken(0)
        await self._patience.persist(lane.name, partial(lane.positions.intend, block))
        bad = await self._delivery.send(lane, block)
        lane.passed, lane.next_offset, lane.unsettled = block.after, block.last + 1, block
        self._settlers[partition] = asyncio.create_task(self._settle_later(lane))
        now_ms = int(time.time() * 1000)
        for header in block.headers:
            self._on_stored(header, now_ms)
        return Taken(sum(header.rows for header in block.headers) - sum(rows.count for rows in bad), bad)

    async def _open(self, partition: int, start: int) -> Lane:
        """Claims the partition; the last block anybody began there is completed before anything else.

        Who starts anew at an offset beyond that block was told so by a commit. Only whole blocks are committed: who
        starts within it has lost commits, or Kafka has lost records.
        """
        name = f"timeline partition {partition}"
        client = await self._delivery.client(name)
        lane = Lane(partition, client, Positions(client, self._log, partition, self._owner))
        intent = await self._claim(lane)
        committed = partition not in self._seen and intent is not None and start > intent.last
        if intent is not None:
            if not (intent.done or committed):
                await self._heal(lane, intent)
            lane.passed, lane.next_offset = dict(intent.after), intent.last + 1
        self._seen.add(partition)
        self._lanes[partition] = lane
        return lane

    async def _claim(self, lane: Lane) -> Intent | None:
        """The newest intent, once the partition is ours. Waits while a rebuild holds it."""
        tries = 0
        while True:
            try:
                return await self._patience.persist(lane.name, lane.positions.claim)
            except BeingRebuilt as held:
                self._patience.note(lane.name, "rebuild", str(held))
            tries += 1
            await self._patience.rest(tries)

    async def _heal(self, lane: Lane, intent: Intent) -> None:
        records = await self._records_of(lane, intent)
        if records is None or records[0][0] != intent.first:
            _log.error(
                "%s: Kafka no longer has offsets %d to %d, which a crash may have left half stored; "
                "run `touchline audit`, and keep the timeline topic longer than ClickHouse may be away",
                *(lane.name, intent.first, intent.last),
            )
            return
        block = join_records(lane.partition, records, intent.before)
        _log.info("%s: sending offsets %d to %d once more", lane.name, intent.first, intent.last)
        await self._delivery.send(lane, block, in_doubt=True)
        lane.unsettled = block
        await self._patience.persist(lane.name, partial(self._settle_now, lane))

    async def _records_of(self, lane: Lane, intent: Intent) -> Records | None:
        """An answer that does not reach the end is no answer: to go on without those records would lose rows."""
        for tries in range(1, _REREADS + 1):
            records = await self._reread(lane.partition, intent.first, intent.last)
            if records is None or (records and records[-1][0] == intent.last):
                return records
            await self._patience.rest(tries)
        raise NotReread(
            f"{lane.name}: Kafka did not give offsets {intent.first} to {intent.last} again, which may be half stored: "
            "nothing of this partition is stored before it does; look at the Kafka broker"
        )

    async def _settle_later(self, lane: Lane) -> None:
        """An idle partition's last block is noted as complete: nobody sends it again once its token is forgotten."""
        await asyncio.sleep(self._settle_s)
        try:
            await self._settle(lane)
        except Exception as error:
            _log.debug("%s is not settled yet: %s", lane.name, error)

    async def _settle(self, lane: Lane) -> None:
        await self._patience.once(partial(self._settle_now, lane))

    def _settle_now(self, lane: Lane) -> None:
        block = lane.unsettled
        if block is not None:
            lane.positions.settle(block)
            if lane.unsettled is block:
                lane.unsettled = None

    def _stop_settler(self, partition: int) -> None:
        if (task := self._settlers.pop(partition, None)) is not None:
            task.cancel()
