"""Small messages on their way to Kafka: messages that many executors send at about the same time share a request.

A request has a fixed cost, and the broker accepts one record batch of a partition at a time. So the messages of all
senders for a partition become one record batch, and the record batches of all partitions are passed to the producer
together, `LINGER_S` after the first message: within that time the executors of a worker wake one after another.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from aiokafka.errors import KafkaTimeoutError, ProducerClosed

from streams.records import Message, TopicPartition

LINGER_S: Final = 0.002


Placed = list[tuple[int, int]]  # by record batch: the first offset (-1 means unknown), the number of messages


class PendingBatch:
    """Messages of several senders for one partition; `arrived` completes when the broker has all of them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.arrived: asyncio.Future[Placed] = asyncio.get_running_loop().create_future()


class RecordAccumulator:
    """The pending messages of one started aiokafka producer. Used in the producer's event loop only."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._waiting: dict[TopicPartition, PendingBatch] = {}
        self._in_flight: dict[TopicPartition, PendingBatch] = {}
        self._alone: Counter[TopicPartition] = Counter()
        self._due: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def through(cls, producer: Any) -> "RecordAccumulator":
        """Return the accumulator of this producer, which all senders share."""
        found = _accumulators.get(producer)
        if found is None:
            found = _accumulators[producer] = cls(producer)
        return found

    def put(self, tp: TopicPartition, messages: Sequence[Message]) -> tuple["asyncio.Future[Placed]", int]:
        """Send messages together with others. Return the shared future, and where these messages begin in its result.

        The future completes when the broker has all messages. A caller must not cancel it, and its error may be due to
        the messages of others.
        """
        pending = self._waiting.get(tp)
        if pending is None:
            pending = self._waiting[tp] = PendingBatch()
        start = len(pending.messages)
        pending.messages += messages
        if tp not in self._in_flight:
            self._flush_soon()
        return pending.arrived, start

    async def send_alone(self, tp: TopicPartition, messages: Sequence[Message]) -> Placed:
        """Send messages at once, in record batches of their own, and return when the broker has them.

        They may overtake messages that linger. Raises aiokafka's errors.
        """
        self._alone[tp] += 1
        try:
            batches = pack(self._producer, messages)
            placed = await asyncio.gather(*[await self._hand_over(batch, tp) for batch in batches])
            return _place(placed, batches)
        finally:
            self._alone[tp] -= 1
            if not self._alone[tp]:
                del self._alone[tp]

    def _flush_soon(self) -> None:
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(LINGER_S, self._flush)

    def _flush(self) -> None:
        """Send what waits, except for partitions whose batch before is not acknowledged yet."""
        self._due = None
        together: dict[TopicPartition, PendingBatch] = {}
        for tp in [tp for tp in self._waiting if tp not in self._in_flight]:
            pending = self._in_flight[tp] = self._waiting.pop(tp)
            if tp in self._alone:
                self._begin({tp: pending})  # may have to queue: other partitions must not wait for that
            else:
                together[tp] = pending
        if together:
            self._begin(together)

    def _begin(self, pending_batches: dict[TopicPartition, PendingBatch]) -> None:
        task = asyncio.get_running_loop().create_task(self._send(pending_batches))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, pending_batches: dict[TopicPartition, PendingBatch]) -> None:
        for tp, pending in pending_batches.items():
            try:
                batches = pack(self._producer, pending.messages)
                handed = [await self._hand_over(batch, tp) for batch in batches]
            except Exception as error:
                self._settle(tp, pending, error)
            else:
                acknowledge = partial(self._acknowledge, tp, pending, batches)
                if len(handed) == 1:
                    handed[0].add_done_callback(acknowledge)
                else:
                    asyncio.gather(*handed).add_done_callback(acknowledge)

    def _acknowledge(
        self, tp: TopicPartition, pending: PendingBatch, batches: list[Any], done: "asyncio.Future[Any]"
    ) -> None:
        error = ProducerClosed() if done.cancelled() else done.exception()
        if error is None:
            placed = done.result()
            self._settle(tp, pending, _place([placed] if len(batches) == 1 else placed, batches))
        else:
            self._settle(tp, pending, error)

    def _settle(self, tp: TopicPartition, pending: PendingBatch, outcome: Placed | BaseException) -> None:
        del self._in_flight[tp]
        if isinstance(outcome, BaseException):
            pending.arrived.set_exception(outcome)
            pending.arrived.exception()  # asyncio would log it as lost if every sender has been cancelled
        else:
            pending.arrived.set_result(outcome)
        if tp in self._waiting:
            self._flush_soon()

    async def _hand_over(self, batch: Any, tp: TopicPartition) -> "asyncio.Future[Any]":
        """Queue a record batch with the producer. Waits until the one before it was sent, however long that takes."""
        while True:
            try:
                future: asyncio.Future[Any] = await self._producer.send_batch(batch, tp[0], partition=tp[1])
            except KafkaTimeoutError:
                continue  # it was not queued
            return future


def pack(producer: Any, messages: Sequence[Message]) -> list[Any]:
    """Pack messages into as few of aiokafka's batch builders as possible; an oversized message gets its own."""
    batches: list[Any] = []
    now_ms = int(time.time() * 1000)
    batch = None
    for key, value, headers in messages:
        packed = None if batch is None else batch.append(timestamp=now_ms, key=key, value=value, headers=headers or [])
        if packed is None:
            batch = producer.create_batch()
            batch.append(timestamp=now_ms, key=key, value=value, headers=headers or [])
            batches.append(batch)
    for batch in batches:
        batch.close()  # so that the producer adds no other messages
    return batches


_accumulators: "WeakKeyDictionary[Any, RecordAccumulator]" = WeakKeyDictionary()


def _place(placed: Sequence[Any], batches: Sequence[Any]) -> Placed:
    return [(one.offset, batch.record_count()) for one, batch in zip(placed, batches, strict=True)]
