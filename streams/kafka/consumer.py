"""Faust's Kafka consumer, changed to deliver record batches.

Faust moves one message at a time through several queues and timers. Here one *message* carries a `RecordBatch`: Faust's
agents, group membership and lifecycle stay as they are, at a hundredth of the cost. Overridden are:

- `getmany`: one message per batch of one partition, only for partitions whose stage has room, and none while the group
  is being rebalanced (stock Faust fetches before it has sought, then clears the queues, and can lose records);
- the loop around it: stock Faust starts four tasks for each message, a quarter of what the event loop does at 100
  touches a second;
- commits: from `OffsetTracker` (the stock gap logic is O(records) and can pass unfinished messages), and a commit that
  failed does not count as done;
- `wait_empty`: the executors finish their current batches, within a limit;
- the end of a rebalance: stock Faust fetches again although the next rebalance has begun meanwhile;
- errors of the group: they are checked at all times, not only while records are fetched.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from typing import Any

from aiokafka.errors import ConsumerStoppedError, CorruptRecordException, KafkaError, UnsupportedCodecError
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage
from mode import Service

from streams.fail_fast import exit_now
from streams.kafka.fetch_thread import Drained, FetchThread
from streams.kafka.lease import Lease
from streams.kafka.offset_tracker import OffsetTracker
from streams.kafka.producer import BatchProducer
from streams.records import RecordBatch, cut_batches

ERRORS_EVERY_S = 1.0
FETCH_TIMEOUT_S = 5.0
GRACE_WITHOUT_LEASE_S = 0.5
NOT_READY_S = 0.02  # pause while there is no assignment, or while it changes

log = logging.getLogger(__name__)


class BatchConsumer(driver.Consumer):
    """A consumer whose messages have a `RecordBatch` as value, and the offset of its last record."""

    _thread: FetchThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = self.app.limits
        self.offsets = OffsetTracker(limits.in_flight_batches, limits.in_flight_bytes)
        self.progressed_at_s: dict[TP, float] = {}
        self._without_room: set[TP] = set()  # partitions that the last fetch left out
        self._freed = 0  # how often one of these got room
        self._assigned_in = -1  # the number of the app's rebalance that made the assignment

    def _new_consumer_thread(self) -> FetchThread:
        thread = FetchThread(self, loop=self.loop, beacon=self.beacon)
        thread.lease = Lease(float(self.app.conf.broker_session_timeout))
        return thread

    @property
    def thread(self) -> FetchThread:
        """The thread that talks to Kafka."""
        return self._thread

    def committed(self, tp: TP) -> int | None:
        """Return the committed offset of an assigned partition, None if there is none."""
        offset: int | None = self._committed_offset.get(tp)
        return offset

    # -- records in

    async def _drain_messages(self, fetcher: Service) -> None:
        """Deliver messages until the consumer or its fetcher stops. No queue behind `callback` is ever full."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                async for _, message in self.getmany(FETCH_TIMEOUT_S):
                    await self.callback(message)
        except (ConsumerStoppedError, asyncio.CancelledError):
            if not self.app.should_stop:
                raise

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 - Faust's name
        """Yield messages of one fetch."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        active = self._get_active_partitions()
        if self.app.rebalancing or not active:
            await asyncio.sleep(NOT_READY_S)
            return
        rebalances = self.app.rebalancing_count
        drained = await self._fetch(active, rebalances)
        for (topic, partition), fetched in drained.items():
            tp = TP(topic, partition)
            for batch in cut_batches(topic, partition, fetched.records, self.app.limits.batch_bytes):
                if self._is_interrupted(rebalances):
                    return  # the remaining records were not delivered: they are read again from the last commit
                yield tp, self._deliver(tp, batch)
            if self._is_interrupted(rebalances):
                return
            self.offsets.skip_to(tp, fetched.position)

    def _is_interrupted(self, rebalances: int) -> bool:
        return bool(self.app.rebalancing_count != rebalances or not self.flow_active)

    def _deliver(self, tp: TP, batch: RecordBatch) -> ConsumerMessage:
        self.offsets.deliver(tp, batch.last_offset, batch.size_bytes)
        return self._wrap(tp, batch)

    async def _fetch(self, active: Iterable[TP], rebalances: int) -> Drained:
        """Fetch records of partitions that have room."""
        freed = self._freed
        self._without_room = self._find_without_room(active)
        roomy = frozenset(active) - self._without_room
        request = self._thread.fetch(roomy, rebalances, FETCH_TIMEOUT_S, lambda: self._freed != freed)
        return await self._await_thread(request) or {}

    @Service.timer(ERRORS_EVERY_S)
    async def _check_errors(self) -> None:
        """Check errors of the group also while nothing is fetched: while joining it, or without partitions.

        aiokafka does not join again until its error has been read.
        """
        if not (self.should_stop or self.app.should_stop):
            await self._await_thread(self._thread.check_errors())

    async def _await_thread(self, request: Coroutine[Any, Any, Drained | None]) -> Drained | None:
        """Run a request in the thread and return its result, None if Kafka refused it for now."""
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(request, self._thread.thread_loop))
        except (UnsupportedCodecError, CorruptRecordException) as error:
            exit_now(f"Records read from Kafka cannot be decoded: {type(error).__name__}: {error}.", error)
        except KafkaError as error:
            if not error.retriable:  # not authorised, fenced, or a task of aiokafka has ended: only a restart helps
                exit_now(f"Kafka refused this worker: {type(error).__name__}: {error}.", error)
            log.warning("Kafka refused a request (%s); retrying.", error)
            await asyncio.sleep(1.0)
            return None

    def _find_without_room(self, active: Iterable[TP]) -> set[TP]:
        """Return the partitions of which no batch may be delivered.

        A stage that lingers has one batch of a partition at a time, while the next one grows.
        """
        if self.offsets.is_full:
            return set(active)
        return {
            tp
            for tp in self.offsets.busy().intersection(active)
            if self.app.linger_s.get(tp[0]) or not self.offsets.has_room(tp)
        }

    def _wrap(self, tp: TP, batch: RecordBatch) -> ConsumerMessage:
        last = batch.records[-1]
        return ConsumerMessage(
            batch.topic, batch.partition, last.offset, last.timestamp / 1000, 1, None, None, batch, None, 0,
            batch.size_bytes, tp, generation_id=self.app.consumer_generation_id,
        )  # fmt: skip

    @Service.task
    async def _commit_livelock_detector(self) -> None:
        """Do nothing: `streams.runtime.progress` reports a stuck partition.

        Faust's timer reads the assignment while the thread may still be connecting, and `ConsumerNotStarted` would then
        end a worker that only waits for Kafka.
        """

    # -- acknowledgements and commits

    def accept(self, event: Any) -> None:
        """Pass an event to the executor of its partition, unless it belongs to an earlier assignment."""
        if event.message.generation_id == self.app.consumer_generation_id:
            self.app.executors.put(event)

    def finish(self, event: Any) -> None:
        """Acknowledge an event that its stage has processed."""
        message = event.message
        if message.generation_id != self.app.consumer_generation_id:
            return
        event.ack()
        self.offsets.finish(message.tp, message.offset)
        self.progressed_at_s[message.tp] = time.monotonic()
        # Faust's lists of acknowledged messages are not used; empty, they cost nothing.
        self._acked.pop(message.tp, None)
        self._acked_index.pop(message.tp, None)
        if message.tp in self._without_room:
            self._without_room.clear()  # the next fetch decides anew
            self._freed += 1
            self._thread.thread_loop.call_soon_threadsafe(self._thread.room.set)

    def _filter_tps_with_pending_acks(self, topics: Any = None) -> Iterable[TP]:
        return [TP(*tp) for tp in self.offsets.partitions() if topics is None or tp in topics or tp[0] in topics]

    def _new_offset(self, tp: TP) -> int | None:
        return self.offsets.committable(tp)

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:
        assigned = self.assignment()
        ours = {tp: offset for tp, offset in offsets.items() if tp in assigned}
        if not ours or not await self._commit(ours):
            return False
        self._committed_offset.update(ours)
        self.app.monitor.on_tp_commit(ours)
        return True

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        return await self._thread.commit(offsets)

    # -- rebalances and the end

    async def perform_seek(self) -> None:
        """Seek to the committed offsets. Does not return while the next rebalance is in progress.

        Faust would fetch again, for an assignment that is not the one in which it has sought. It ends this wait when it
        gets the new assignment, and seeks there.
        """
        assigned_in = self._assigned_in
        await super().perform_seek()
        if self.app.rebalancing_count != assigned_in:
            await asyncio.get_running_loop().create_future()

    def resume_flow(self) -> None:
        """Fetch again, unless the next rebalance is in progress: its end calls this, too."""
        if self.app.rebalancing_count == self._assigned_in:
            super().resume_flow()

    @property
    def grace_s(self) -> float:
        """How long to wait for current batches; briefly without the lease, because they can probably not finish."""
        return float(self.app.limits.grace_s if self._thread.lease.is_held() else GRACE_WITHOUT_LEASE_S)

    async def wait_empty(self) -> None:
        """Let the stages finish their current batches, then commit."""
        await self.app.executors.close(self.grace_s)
        if self._thread.lease.is_held():
            await self.maybe_wait_for_commit_to_finish()
            await self.commit()
        self._unacked_messages.clear()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Give all partitions back for a rebalance; most of them return."""
        await super().on_partitions_revoked(revoked)
        await self.app.executors.close(self.grace_s)
        for table in self.app.changelog_tables:
            table.revoke()
        self.offsets.reset()
        self._committed_offset.clear()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Take over the partitions that a rebalance assigned."""
        try:
            self._take_over(assigned, generation_id)
        except Exception as error:  # aiokafka would only log it, and the partitions would stay here unprocessed
            exit_now(f"Partitions could not be taken over: {type(error).__name__}: {error}.", error)
        await super().on_partitions_assigned(assigned, generation_id)

    def _take_over(self, assigned: set[TP], generation_id: int) -> None:
        self._assigned_in = self.app.rebalancing_count  # the next rebalance begins after this has returned
        self._thread.lease.renew(self._thread.lease.joined_s)
        self._thread._assignor.generation = generation_id
        self.offsets.reset()
        self.progressed_at_s = dict.fromkeys(assigned, time.monotonic())
        for table in self.app.changelog_tables:
            standbys = set(self._thread._assignor.standby.get(table.source, ()))
            table.assign({tp.partition for tp in assigned if tp.topic == table.source}, generation_id, standbys)
        self.app.recovery.resume()
        self.app.executors.open()
        if self._thread._assignor.lacks_topics:
            self._thread.rejoin()


class BatchTransport(driver.Transport):
    """The Kafka driver of a `StreamsApp`."""

    Consumer = BatchConsumer
    Producer = BatchProducer
