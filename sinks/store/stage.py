"""The store stage: records of `timeline` become rows in ClickHouse, each exactly once.

Per batch: drop replays -> write the intent -> one insert per table -> refused rows go to `quarantine` -> the caller
acknowledges. `sinks.store.intent_log` says why a crash between any two of these steps loses and doubles nothing.
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
from sinks.store.blocks import read_batch
from sinks.store.counters import Counters
from sinks.store.delivery import Delivery, PartitionSession
from sinks.store.intent_log import BeingRebuiltError, FencedError, Intent, IntentLog
from sinks.store.quarantine import QuarantineRecord, record_row
from sinks.store.retry import Backoff, Retrier
from sinks.store.row_bisection import BadRows

Records = Sequence[tuple[int, bytes]]
Reread = Callable[[int, int, int], Awaitable[Records | None]]
_TAKEOVERS: Final = 5
_REREADS: Final = 10
_CLOSE_S: Final = 5.0

_log = logging.getLogger(__name__)


class RereadError(Exception):
    """Kafka did not return timeline records that have to be sent again; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The result of a batch that may be acknowledged: `rows` stored and `refused` ones in the quarantine."""

    rows: int
    refused: list[BadRows] = field(default_factory=list)


class Store:
    """Stores batches of timeline partitions: one at a time per partition, different partitions concurrently.

    `connect` makes a writer; it is retried when it raises. `reread(partition, first, last)` reads timeline records
    again. `log` names the Kafka log that the offsets belong to, so that those of another Kafka are not taken for
    replays. `owner` is unique to this process. `on_stored(header, now_ms)` is called for every stored block.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        reread: Reread,
        *,
        log: str,
        owner: str,
        backoff: Backoff,
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
        self._retrier = Retrier(backoff, self._executor, time.time)
        self._sessions: dict[int, PartitionSession] = {}
        self._locks: dict[int, asyncio.Lock] = {}
        self._seen: set[int] = set()
        self._settlers: dict[int, asyncio.Task[None]] = {}
        self.counters = Counters()
        self._delivery = Delivery(connect, self._retrier, self.counters, log)

    @property
    def outage(self) -> str | None:
        """Why rows are not being stored, and since when; None when they are."""
        return self._retrier.outage

    @property
    def retries(self) -> int:
        """The number of retries since the start."""
        return self._retrier.retries

    async def write(self, records: Records, partition: int) -> BatchResult:
        """Store consecutive records (offset, value) of a timeline partition; return once they may be acknowledged.

        Raises NewerLayoutError, FencedError when other owners claim the partition repeatedly, and what `reread`
        raises.
        """
        async with self._locks.setdefault(partition, asyncio.Lock()):
            self._stop_settler(partition)
            for attempt in range(_TAKEOVERS):
                try:
                    return await self._write(records, partition)
                except FencedError as fenced:
                    self._sessions.pop(partition, None)
                    if attempt + 1 == _TAKEOVERS:
                        raise
                    _log.warning("%s; claiming it again", fenced)
                except BaseException:
                    # The intent tells the next owner, or this one, which batch was begun.
                    self._sessions.pop(partition, None)
                    self._retrier.end_outage(f"timeline partition {partition}")
                    raise
            raise AssertionError("not reached")

    async def claim(self, partition: int) -> PartitionSession:
        """Claim a partition and complete the last batch that was begun there.

        After this call for all partitions, every batch is complete in every table. Raises what `reread` raises.
        """
        async with self._locks.setdefault(partition, asyncio.Lock()):
            while True:
                session = await self._open_session(partition, 0)
                try:
                    await self._retrier.run(session.name, session.intent_log.check)
                except FencedError:  # a worker claimed it at the same moment
                    continue
                return session

    async def write_quarantine(self, records: Sequence[QuarantineRecord]) -> int:
        """Store records of the topic `quarantine`; return how many. Storing a record again changes nothing."""
        if records:
            await self._delivery.quarantine([record_row(record) for record in records])
        return len(records)

    async def release(self, partition: int) -> None:
        """Forget a partition that was taken from this worker; a later batch of it begins at the committed offset.

        Returns at once. A batch in flight continues; the next owner finds its intent.
        """
        self._stop_settler(partition)
        self._sessions.pop(partition, None)
        self._seen.discard(partition)

    async def close(self) -> None:
        """Settle what is stored, unless ClickHouse takes too long to answer, and close the connections."""
        for session in list(self._sessions.values()):
            self._stop_settler(session.partition)
            try:
                async with asyncio.timeout(_CLOSE_S):
                    await self._settle(session)
            except Exception as error:
                _log.info("%s is not settled, its last batch will be sent again: %s", session.name, error)
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._delivery.close()

    async def _write(self, records: Records, partition: int) -> BatchResult:
        if not records:
            return BatchResult(0)
        session = self._sessions.get(partition) or await self._open_session(partition, records[0][0])
        new = [record for record in records if record[0] >= session.next_offset]
        batch = read_batch(partition, new, session.passed)
        self.counters.add_dropped(batch.dropped)
        if not (batch.blocks or batch.unreadable):
            session.passed, session.next_offset = batch.after, max(session.next_offset, batch.last + 1)
            return BatchResult(0)
        await self._retrier.run(session.name, partial(session.intent_log.write_intent, batch))
        bad = await self._delivery.send(session, batch)
        session.passed, session.next_offset, session.unsettled = batch.after, batch.last + 1, batch
        self._settlers[partition] = asyncio.create_task(self._settle_later(session))
        now_ms = int(time.time() * 1000)
        for header in batch.headers:
            self._on_stored(header, now_ms)
        return BatchResult(sum(header.rows for header in batch.headers) - sum(rows.count for rows in bad), bad)

    async def _open_session(self, partition: int, start: int) -> PartitionSession:
        """Claim the partition, and complete the last batch that was begun there before anything else is stored.

        A start beyond that batch means that it was committed, and only complete batches are. A start within it means
        that the group has lost commits, or Kafka records.
        """
        name = f"timeline partition {partition}"
        client = await self._delivery.client(name)
        session = PartitionSession(partition, client, IntentLog(client, self._log, partition, self._owner))
        intent = await self._claim(session)
        committed = partition not in self._seen and intent is not None and start > intent.last
        if intent is not None:
            if not (intent.done or committed):
                await self._resend_last_batch(session, intent)
            session.passed, session.next_offset = dict(intent.after), intent.last + 1
        self._seen.add(partition)
        self._sessions[partition] = session
        return session

    async def _claim(self, session: PartitionSession) -> Intent | None:
        """Claim the partition and return its newest intent. Waits while a rebuild holds it."""
        tries = 0
        while True:
            try:
                return await self._retrier.run(session.name, session.intent_log.claim)
            except BeingRebuiltError as held:
                self._retrier.report(session.name, "rebuild", str(held))
            tries += 1
            await self._retrier.wait(tries)

    async def _resend_last_batch(self, session: PartitionSession, intent: Intent) -> None:
        records = await self._reread_batch(session, intent)
        if records is None or records[0][0] != intent.first:
            _log.error(
                "%s: Kafka no longer has offsets %d to %d, which a crash may have left half stored; "
                "run `touchline audit`, and retain the timeline topic for longer than ClickHouse may be away",
                *(session.name, intent.first, intent.last),
            )
            return
        batch = read_batch(session.partition, records, intent.before)
        _log.info("%s: sending offsets %d to %d again", session.name, intent.first, intent.last)
        await self._delivery.send(session, batch, may_be_stored=True)
        session.unsettled = batch
        await self._retrier.run(session.name, partial(self._settle_now, session))

    async def _reread_batch(self, session: PartitionSession, intent: Intent) -> Records | None:
        """Read the batch of an intent again; None when Kafka no longer has all of it.

        An answer that ends early is retried, since continuing without those records would lose rows.
        """
        for tries in range(1, _REREADS + 1):
            records = await self._reread(session.partition, intent.first, intent.last)
            if records is None or (records and records[-1][0] == intent.last):
                return records
            await self._retrier.wait(tries)
        raise RereadError(
            f"{session.name}: Kafka did not return offsets {intent.first} to {intent.last}, which may be half stored: "
            "nothing of this partition is stored until it does; check the Kafka broker"
        )

    async def _settle_later(self, session: PartitionSession) -> None:
        """Settle the last batch of an idle partition, so that it is not sent again after its token was forgotten."""
        await asyncio.sleep(self._settle_s)
        try:
            await self._settle(session)
        except Exception as error:
            _log.debug("%s is not settled yet: %s", session.name, error)

    async def _settle(self, session: PartitionSession) -> None:
        await self._retrier.run_once(partial(self._settle_now, session))

    def _settle_now(self, session: PartitionSession) -> None:
        batch = session.unsettled
        if batch is not None:
            session.intent_log.settle(batch)
            if session.unsettled is batch:
                session.unsettled = None

    def _stop_settler(self, partition: int) -> None:
        if (task := self._settlers.pop(partition, None)) is not None:
            task.cancel()
