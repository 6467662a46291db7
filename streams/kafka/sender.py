"""Sending many messages to many partitions, and knowing that all of them arrived."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from aiokafka.errors import KafkaError

from streams.kafka.record_accumulator import Placed, RecordAccumulator
from streams.records import Message, TopicPartition

MANY_MESSAGES: Final = 256  # of one partition: enough for record batches of their own, at once
MANY_BYTES: Final = 64 * 1024

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
        or not at all), small ones together with those of other senders; partitions go side by side. While the broker is
        away this waits. Raises `SendError`. Cancelled, it may still send what it has handed over: what is sent must be
        harmless when sent again.
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
                if isinstance(one, asyncio.Task):  # what is shared with other senders goes its way
                    one.cancel()
            raise
        for tp, done in sent.items():
            _raise(done.exception(), tp)

    async def append(self, tp: TopicPartition, messages: Sequence[Message]) -> Span | None:
        """Send messages to one partition, as `send` does. The offsets they have, if they follow one another without a
        gap; None if not, or if the broker does not say (it had them already, from an attempt it had not answered).
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
        """Raises `SendError` where there is no such partition."""
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
    """The offsets of `count` messages, `start` messages into what was placed; None where there are gaps, or who knows.

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
