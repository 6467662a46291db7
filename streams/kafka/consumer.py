"""Faust's Kafka driver, made to deliver record batches.

Faust moves one message at a time through several queues and timers. Here one *message* carries a `RecordBatch`: Faust's
agents, group membership and lifecycle stay as they are, at a hundredth of the cost. What is overridden, and why:

- `getmany`: one message per batch of one partition, only for partitions whose stage has room, and none while the group
  is being rebalanced (stock Faust fetches before it has sought, then clears the queues, and can lose what it fetched);
- committing: by `OffsetTracker` (the stock gap logic is O(records) and can pass unfinished messages), and a commit that
  failed is not taken for done;
- `wait_empty`: the executors finish what they have in hand, within a limit;
- the end of a rebalance: stock Faust fetches again though the next one has begun meanwhile;
- errors of the group: they are asked for at all times, not only while records are fetched.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from typing import Any

from aiokafka.errors import CorruptRecordException, KafkaError, UnsupportedCodecError
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
FETCH_TIMEOUT_S = 1.0
IN_VAIN_S = 0.5
NOT_READY_S = 0.02  # how long to look away while there is no assignment or it is being changed

log = logging.getLogger(__name__)


class BatchConsumer(driver.Consumer):
    """Delivers messages whose value is a `RecordBatch` and whose offset is that of its last record."""

    _thread: FetchThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limits = self.app.limits
        self.offsets = OffsetTracker(limits.in_flight_batches, limits.in_flight_bytes)
        self.progressed_at_s: dict[TP, float] = {}
        self._roomless: set[TP] = set()  # those for which the last question was not asked
        self._freed = 0  # counts when one of these got room
        self._assigned_in = -1  # which of the app's rebalances the assignment is from

    def _new_consumer_thread(self) -> FetchThread:
        thread = FetchThread(self, loop=self.loop, beacon=self.beacon)
        thread.lease = Lease(float(self.app.conf.broker_session_timeout))
        return thread

    @property
    def thread(self) -> FetchThread:
        """The thread that talks to Kafka."""
        return self._thread

    def committed(self, tp: TP) -> int | None:
        """The committed offset of an assigned partition, if there is one."""
        offset: int | None = self._committed_offset.get(tp)
        return offset

    # -- records in

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 - Faust's name
        """What Faust's fetcher loops over."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        active = self._get_active_partitions()
        if self.app.rebalancing or not active:
            await asyncio.sleep(NOT_READY_S)
            return
        rebalances = self.app.rebalancing_count
        drained = await self._fetch(active, rebalances)
        for (topic, partition), taken in drained.items():
            tp = TP(topic, partition)
            for batch in cut_batches(topic, partition, taken.records, self.app.limits.batch_bytes):
                if self._is_interrupted(rebalances):
                    return  # what is left was not handed out: it is read again from the last commit
                yield tp, self._hand_out(tp, batch)
            if self._is_interrupted(rebalances):
                return
            self.offsets.pass_over(tp, taken.position)

    def _is_interrupted(self, rebalances: int) -> bool:
        return bool(self.app.rebalancing_count != rebalances or not self.flow_active)

    def _hand_out(self, tp: TP, batch: RecordBatch) -> ConsumerMessage:
        self.offsets.hand_out(tp, batch.last_offset, batch.size_bytes)
        self._read_offset[tp] = None  # Faust drops what is before it: all of a topic that was made anew
        return self._wrap(tp, batch)

    async def _fetch(self, active: Iterable[TP], rebalances: int) -> Drained:
        """Ask the thread for records of partitions that have room."""
        freed = self._freed
        roomy = frozenset(tp for tp in active if self._has_room(tp))
        self._roomless = set(active) - roomy
        asked = self._thread.fetch(roomy, rebalances, FETCH_TIMEOUT_S, lambda: self._freed != freed)
        return await self._have(asked) or {}

    @Service.timer(ERRORS_EVERY_S)
    async def _look_for_errors(self) -> None:
        """Hear of what went wrong in the group also while nothing is fetched: while joining it, or without partitions.

        aiokafka joins no more until somebody has asked.
        """
        if not (self.should_stop or self.app.should_stop):
            await self._have(self._thread.look_for_errors())

    async def _have(self, asked: Coroutine[Any, Any, Drained | None]) -> Drained | None:
        """The thread's answer, None if Kafka refused."""
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asked, self._thread.thread_loop))
        except (UnsupportedCodecError, CorruptRecordException) as error:
            exit_now(f"Records read from Kafka cannot be decoded: {type(error).__name__}: {error}.", error)
        except KafkaError as error:
            if not error.retriable:  # not authorised, fenced, or a task of aiokafka has ended: only a new start helps
                exit_now(f"Kafka refused this worker: {type(error).__name__}: {error}.", error)
            log.warning("Kafka refused a request (%s); trying again.", error)
            await asyncio.sleep(1.0)
            return None

    def _has_room(self, tp: TP) -> bool:
        """Whether a batch may be handed out. A stage that lingers has one at a time: meanwhile the next one grows."""
        if self.app.linger_s.get(tp.topic) and not self.offsets.is_idle(tp):
            return False
        return self.offsets.has_room(tp)

    def _wrap(self, tp: TP, batch: RecordBatch) -> ConsumerMessage:
        last = batch.records[-1]
        return ConsumerMessage(
            batch.topic, batch.partition, last.offset, last.timestamp / 1000, 1, None, None, batch, None, 0,
            batch.size_bytes, tp, generation_id=self.app.consumer_generation_id,
        )  # fmt: skip

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Holes need no books here, see `OffsetTracker`."""

    async def verify_all_partitions_active(self) -> None:
        """Do nothing: `streams.runtime.progress` reports a stuck partition.

        Faust's livelock timer asks for the assignment while the thread may still be connecting, and then
        `ConsumerNotStarted` would end a worker that only waits for Kafka.
        """

    # -- acknowledgements and commits

    def accept(self, event: Any) -> None:
        """Pass an event on to its lane, unless it is left over from an earlier assignment."""
        if event.message.generation_id == self.app.consumer_generation_id:
            self.app.executors.put(event)

    def finish(self, event: Any) -> None:
        """A stage is done with an event: acknowledge it."""
        message = event.message
        if message.generation_id != self.app.consumer_generation_id:
            return
        event.ack()
        self.offsets.finish(message.tp, message.offset)
        self.progressed_at_s[message.tp] = time.monotonic()
        # Faust's own books of what was acknowledged are not used; empty, they cost nothing.
        self._acked.pop(message.tp, None)
        self._acked_index.pop(message.tp, None)
        if message.tp in self._roomless:
            self._roomless.clear()  # asked anew, once
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
        """Go to the committed offsets. Does not return when the group is being rebalanced anew.

        Faust would fetch again, into an assignment that is not the one it has sought in. It ends this wait when it
        hears of the new assignment, and seeks there.
        """
        assigned_in = self._assigned_in
        await super().perform_seek()
        if self.app.rebalancing_count != assigned_in:
            await asyncio.get_running_loop().create_future()

    def resume_flow(self) -> None:
        """Fetch again, unless the group is being rebalanced anew: then that ends with this, too."""
        if self.app.rebalancing_count == self._assigned_in:
            super().resume_flow()

    @property
    def grace_s(self) -> float:
        """How long to wait for what is in hand. Without the lease the broker is away or others go on: in vain."""
        return float(self.app.limits.grace_s if self._thread.lease.is_held() else IN_VAIN_S)

    async def wait_empty(self) -> None:
        """Let the stages finish what they have in hand, then commit it."""
        await self.app.executors.close(self.grace_s)
        if self._thread.lease.is_held():
            await self.maybe_wait_for_commit_to_finish()
            await self.commit()
        self._unacked_messages.clear()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """The group is being rebalanced: everything is given back, and most of it comes again."""
        await super().on_partitions_revoked(revoked)
        await self.app.executors.close(self.grace_s)
        for table in self.app.changelog_tables:
            table.revoke()
        self.offsets.forget()
        self._committed_offset.clear()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """The group has been rebalanced: this is what this worker has now."""
        try:
            self._take_over(assigned, generation_id)
        except Exception as error:  # aiokafka would write it down, and the partitions would stay here, untouched
            exit_now(f"Partitions could not be taken over: {type(error).__name__}: {error}.", error)
        await super().on_partitions_assigned(assigned, generation_id)

    def _take_over(self, assigned: set[TP], generation_id: int) -> None:
        self._assigned_in = self.app.rebalancing_count  # the next one begins when this has returned
        self._thread.lease.renew(self._thread.lease.joined_s)
        self._thread._assignor.generation = generation_id
        self.offsets.forget()
        self.progressed_at_s = dict.fromkeys(assigned, time.monotonic())
        for table in self.app.changelog_tables:
            standbys = set(self._thread._assignor.standby.get(table.source, ()))
            table.assign({tp.partition for tp in assigned if tp.topic == table.source}, generation_id, standbys)
        self.app.recovery.resume()
        self.app.executors.open()


class BatchTransport(driver.Transport):
    """What a `StreamsApp` speaks Kafka with."""

    Consumer = BatchConsumer
    Producer = BatchProducer
