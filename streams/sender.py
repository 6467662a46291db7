"""Sending many messages to many partitions, and knowing that all of them arrived."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from aiokafka.errors import KafkaError, KafkaTimeoutError

from streams.in_flight import TopicPartition

Headers = Sequence[tuple[str, bytes]]
Message = tuple[bytes | None, bytes | None, Headers | None]
Span = tuple[int, int]  # of offsets: the first one, and the one after the last


class SendError(RuntimeError):
    """Messages were refused for good, or their topic is not as it should be; some of the others may have arrived."""


class Sender:
    """Sends through the app's idempotent producer. `app` is a `StreamsApp` that has been started."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def send(self, messages: Mapping[TopicPartition, Sequence[Message]]) -> None:
        """Send messages `(key, value, headers)`; return when the broker has acknowledged all of them.

        Those of one partition keep their order, in as few record batches as they fit (a record batch is appended whole
        or not at all); partitions go side by side. While the broker is away this waits. Raises `SendError`. Cancelled,
        it may still send what it has handed over: what is sent must be harmless when sent again.
        """
        if len(messages) == 1:
            for tp, some in messages.items():
                await self._send_partition(tp, some)
            return
        sending = [self._send_partition(tp, some) for tp, some in messages.items() if some]
        results = await asyncio.gather(*sending, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def append(self, tp: TopicPartition, messages: Sequence[Message]) -> Span | None:
        """Send messages to one partition, as `send` does. The offsets they have, if they follow one another without a
        gap; None if not, or if the broker does not say (it had them already, from an attempt it had not answered).
        """
        placed = await self._send_partition(tp, messages)
        for (first, count), (following, _) in pairwise(placed):
            if first < 0 or first + count != following:
                return None
        first, (last, count) = placed[0][0], placed[-1]
        return None if last < 0 else (first, last + count)

    async def _send_partition(self, tp: TopicPartition, messages: Sequence[Message]) -> list[tuple[int, int]]:
        """The first offset and the number of messages of each record batch."""
        producer = self._app.producer.driver
        topic, partition = tp
        try:
            known = await producer.partitions_for(topic)
            if partition not in known:
                raise SendError(f"Topic {topic} has {len(known)} partitions, there is no partition {partition}.")
            batches = _build_batches(producer, messages)
            sent = [await _hand_over(producer, batch, tp) for batch in batches]
            placed = await asyncio.gather(*sent)
        except KafkaError as error:
            text = f"Kafka refused messages for {topic}/{partition}: {type(error).__name__}: {error}."
            raise SendError(text) from error
        return [(one.offset, batch.record_count()) for one, batch in zip(placed, batches, strict=True)]


async def _hand_over(producer: Any, batch: Any, tp: TopicPartition) -> "asyncio.Future[Any]":
    """Queue a record batch with the producer. Waits while the one before it has not left, however long that is."""
    while True:
        try:
            future: asyncio.Future[Any] = await producer.send_batch(batch, tp[0], partition=tp[1])
        except KafkaTimeoutError:
            continue  # it was not queued
        return future


def _build_batches(producer: Any, messages: Sequence[Message]) -> list[Any]:
    """Pack messages into aiokafka's batch builders; one that is larger than a batch gets one of its own."""
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
