"""Sending many messages to many partitions, with one answer when all of them are acknowledged."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from aiokafka.errors import KafkaError

from streams.kafka.record_accumulator import Placed, RecordAccumulator
from streams.records import Message, TopicPartition

MANY_MESSAGES: Final = 256  # of one partition: enough for record batches of their own, sent at once
MANY_BYTES: Final = 64 * 1024

Span = tuple[int, int]  # the first offset, and the one after the last


class SendError(RuntimeError):
    """Messages that Kafka refused for good; other messages of the same call may have arrived."""


class Sender:
    """Sends through the idempotent producer of `app`, a `StreamsApp` that has been started."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def send(self, messages: Mapping[TopicPartition, Sequence[Message]]) -> None:
        """Send messages; return when the broker has acknowledged all of them. Raises SendError.

        Messages of one partition keep their order and go in as few record batches as possible (a record batch is
        appended whole or not at all), small ones together with those of other senders. Partitions are sent to
        concurrently. Waits while the broker is away. Messages may still be sent after a cancellation, so sending them
        twice must be harmless.
        """
        for tp, some in messages.items():
            if some:
                await self._check(tp)
        sent = {tp: self._begin(tp, some)[0] for tp, some in messages.items() if some}
        try:
            if sent:
                await asyncio.wait(sent.values())
        except asyncio.CancelledError:
            for one in sent.values():
                if isinstance(one, asyncio.Task):  # a future shared with other senders must complete
                    one.cancel()
            raise
        for tp, done in sent.items():
            _raise(done.exception(), tp)

    async def append(self, tp: TopicPartition, messages: Sequence[Message]) -> Span | None:
        """Send messages to one partition, as `send` does. Return their offsets if these are consecutive.

        None means that there are gaps, or that the broker does not report offsets because an earlier attempt, whose
        answer was lost, had already appended the messages.
        """
        await self._check(tp)
        arrived, start = self._begin(tp, messages)
        try:
            await asyncio.wait([arrived])
        except asyncio.CancelledError:
            if isinstance(arrived, asyncio.Task):
                arrived.cancel()
            raise
        _raise(arrived.exception(), tp)
        return find_span(arrived.result(), start, len(messages))

    async def _check(self, tp: TopicPartition) -> None:
        """Raises SendError if the partition does not exist."""
        topic, partition = tp
        try:
            known = await self._app.producer.driver.partitions_for(topic)
        except KafkaError as error:
            _raise(error, tp)
        if partition not in known:
            raise SendError(f"Topic {topic} has {len(known)} partitions, there is no partition {partition}.")

    def _begin(self, tp: TopicPartition, messages: Sequence[Message]) -> tuple["asyncio.Future[Placed]", int]:
        outgoing = RecordAccumulator.through(self._app.producer.driver)
        if len(messages) > MANY_MESSAGES or sum(len(value or b"") for _, value, _ in messages) > MANY_BYTES:
            return asyncio.ensure_future(outgoing.send_alone(tp, messages)), 0
        return outgoing.put(tp, messages)


def find_span(placed: Placed, start: int, count: int) -> Span | None:
    """Return the offsets of `count` messages that begin `start` messages after the first of `placed`.

    None means that there are gaps, or that offsets are unknown.

    >>> find_span([(100, 5), (105, 2)], 4, 2)
    (104, 106)
    """
    if any(first < 0 or first + many != following for (first, many), (following, _) in pairwise(placed)):
        return None
    begin = placed[0][0] + start
    return None if placed[0][0] < 0 or placed[-1][0] < 0 else (begin, begin + count)


def _raise(error: BaseException | None, tp: TopicPartition) -> None:
    if isinstance(error, KafkaError):
        text = f"Kafka refused messages for {tp[0]}/{tp[1]}: {type(error).__name__}: {error}."
        raise SendError(text) from error
    if error is not None:
        raise error
