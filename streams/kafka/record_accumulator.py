"""Small messages on their way to Kafka: what many lanes send within a moment goes as one request.

A request has a price however little is in it, and the broker takes one record batch of a partition at a time. So the
messages of all senders for a partition become one record batch, and the record batches of all partitions are handed to
the producer together, a moment after the first message: the lanes of a worker wake one after another within that time.
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


Placed = list[tuple[int, int]]  # by record batch: the first offset (-1: the broker did not say), how many messages


class PendingBatch:
    """Messages of several senders for one partition; `arrived` when the broker has all of them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.arrived: asyncio.Future[Placed] = asyncio.get_running_loop().create_future()
        self.arrived.add_done_callback(_note)  # also when every sender has been cancelled


class RecordAccumulator:
    """Everything that goes through one producer (aiokafka's, started). To be used in its loop only."""

    def __init__(self, producer: Any) -> None:
        self._producer = producer
        self._waiting: dict[TopicPartition, PendingBatch] = {}
        self._away: dict[TopicPartition, PendingBatch] = {}
        self._alone: Counter[TopicPartition] = Counter()
        self._due: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def through(cls, producer: Any) -> "RecordAccumulator":
        """The one of this producer: all senders share it."""
        found = _accumulators.get(producer)
        if found is None:
            found = _accumulators[producer] = cls(producer)
        return found

    def put(self, tp: TopicPartition, messages: Sequence[Message]) -> tuple["asyncio.Future[Placed]", int]:
        """Send messages along with others: when the broker has all of them, and where these begin among them.

        The future is shared: whoever waits for it must not cancel it, and its error may be due to others' messages.
        """
        parcel = self._waiting.get(tp)
        if parcel is None:
            parcel = self._waiting[tp] = PendingBatch()
        start = len(parcel.messages)
        parcel.messages += messages
        if tp not in self._away:
            self._flush_soon()
        return parcel.arrived, start

    async def send_alone(self, tp: TopicPartition, messages: Sequence[Message]) -> Placed:
        """Send messages in record batches of their own, and return when the broker has them. Raises aiokafka's errors.

        They do not wait for a moment, and may overtake those that do.
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
        """Send what waits, unless the partition's parcel before it is still on its way."""
        self._due = None
        together: dict[TopicPartition, PendingBatch] = {}
        for tp in [tp for tp in self._waiting if tp not in self._away]:
            parcel = self._away[tp] = self._waiting.pop(tp)
            if tp in self._alone:
                self._begin({tp: parcel})  # may have to queue: nobody else is to wait for that
            else:
                together[tp] = parcel
        if together:
            self._begin(together)

    def _begin(self, parcels: dict[TopicPartition, PendingBatch]) -> None:
        task = asyncio.get_running_loop().create_task(self._send(parcels))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, parcels: dict[TopicPartition, PendingBatch]) -> None:
        for tp, parcel in parcels.items():
            try:
                batches = pack(self._producer, parcel.messages)
                handed = [await self._hand_over(batch, tp) for batch in batches]
            except Exception as error:
                self._settle(tp, parcel, error)
            else:
                asyncio.gather(*handed).add_done_callback(partial(self._acknowledge, tp, parcel, batches))

    def _acknowledge(
        self, tp: TopicPartition, parcel: PendingBatch, batches: list[Any], done: "asyncio.Future[list[Any]]"
    ) -> None:
        error = ProducerClosed() if done.cancelled() else done.exception()
        self._settle(tp, parcel, error or _place(done.result(), batches))

    def _settle(self, tp: TopicPartition, parcel: PendingBatch, outcome: Placed | BaseException) -> None:
        del self._away[tp]
        if isinstance(outcome, BaseException):
            parcel.arrived.set_exception(outcome)
        else:
            parcel.arrived.set_result(outcome)
        if tp in self._waiting:
            self._flush_soon()

    async def _hand_over(self, batch: Any, tp: TopicPartition) -> "asyncio.Future[Any]":
        """Queue a record batch with the producer. Waits while the one before it has not left, however long that is."""
        while True:
            try:
                future: asyncio.Future[Any] = await self._producer.send_batch(batch, tp[0], partition=tp[1])
            except KafkaTimeoutError:
                continue  # it was not queued
            return future


def pack(producer: Any, messages: Sequence[Message]) -> list[Any]:
    """Messages in as few of aiokafka's batch builders as they fit; one larger than a batch gets one of its own."""
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
        batch.close()  # nothing sent otherwise may slip in
    return batches


_accumulators: "WeakKeyDictionary[Any, RecordAccumulator]" = WeakKeyDictionary()


def _place(placed: Sequence[Any], batches: Sequence[Any]) -> Placed:
    return [(one.offset, batch.record_count()) for one, batch in zip(placed, batches, strict=True)]


def _note(arrived: "asyncio.Future[Placed]") -> None:
    if not arrived.cancelled():
        arrived.exception()
