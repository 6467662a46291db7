"""Messages of many senders share record batches, with a producer that answers when the test says."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError

from streams.kafka.record_accumulator import Placed, RecordAccumulator
from streams.kafka.sender import find_span
from streams.records import Message, TopicPartition

ONE, TWO = ("topic", 0), ("topic", 1)
FITS = 4


class Batch:
    def __init__(self) -> None:
        self.values: list[bytes | None] = []

    def append(self, *, timestamp: int, key: object, value: bytes | None, headers: object) -> object | None:
        if len(self.values) == FITS:
            return None
        self.values.append(value)
        return object()

    def close(self) -> None:
        pass

    def record_count(self) -> int:
        return len(self.values)


class Producer:
    """A stand-in for aiokafka's producer. `sent` has its record batches in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[TopicPartition, list[bytes | None], asyncio.Future[Any]]] = []
        self.busy = 0
        self._handed = asyncio.Event()

    def create_batch(self) -> Batch:
        return Batch()

    async def send_batch(self, batch: Batch, topic: str, *, partition: int) -> "asyncio.Future[Any]":
        if self.busy:
            self.busy -= 1
            raise KafkaTimeoutError()
        future = asyncio.get_running_loop().create_future()
        self.sent.append(((topic, partition), batch.values, future))
        self._handed.set()
        return future

    async def wait_sent(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.sent) < count:
                self._handed.clear()
                await self._handed.wait()

    def answer(self, which: int, offset: int) -> None:
        self.sent[which][2].set_result(SimpleNamespace(offset=offset))

    @property
    def contents(self) -> list[tuple[TopicPartition, list[bytes | None]]]:
        return [(tp, values) for tp, values, _ in self.sent]


def messages_of(*values: bytes) -> list[Message]:
    return [(None, value, None) for value in values]


async def test_messages_of_many_senders_are_one_record_batch_per_partition() -> None:
    producer = Producer()
    accumulator = RecordAccumulator.through(producer)
    assert RecordAccumulator.through(producer) is accumulator
    first, start = accumulator.put(ONE, messages_of(b"a", b"b"))
    second, later = accumulator.put(ONE, messages_of(b"c"))
    other, _ = accumulator.put(TWO, messages_of(b"d"))
    await producer.wait_sent(2)
    assert producer.contents == [(ONE, [b"a", b"b", b"c"]), (TWO, [b"d"])]
    producer.answer(0, 70)
    assert find_span(await first, start, 2) == (70, 72)
    assert find_span(await second, later, 1) == (72, 73)
    assert not other.done()


async def test_later_messages_are_sent_when_the_broker_has_answered() -> None:
    producer = Producer()
    accumulator = RecordAccumulator(producer)
    accumulator.put(ONE, messages_of(b"a"))
    await producer.wait_sent(1)
    arrived = [accumulator.put(ONE, messages_of(value))[0] for value in (b"b", b"c")]
    accumulator.put(TWO, messages_of(b"d"))
    await producer.wait_sent(2)
    assert producer.contents == [(ONE, [b"a"]), (TWO, [b"d"])]
    producer.answer(0, 1)
    await producer.wait_sent(3)
    assert producer.contents[2] == (ONE, [b"b", b"c"])
    producer.answer(2, 2)
    assert [await one for one in arrived] == [[(2, 2)], [(2, 2)]]


async def test_messages_that_fill_several_record_batches() -> None:
    producer = Producer()
    arrived, start = RecordAccumulator(producer).put(ONE, messages_of(*[b"%d" % n for n in range(FITS + 2)]))
    await producer.wait_sent(2)
    producer.answer(0, 10)
    producer.answer(1, 10 + FITS)
    assert find_span(await arrived, start, FITS + 2) == (10, 10 + FITS + 2)


async def test_a_refusal_reaches_every_sender_of_its_batch_and_no_later_one() -> None:
    producer = Producer()
    accumulator = RecordAccumulator(producer)
    arrived = [accumulator.put(ONE, messages_of(value))[0] for value in (b"a", b"b")]
    await producer.wait_sent(1)
    after, _ = accumulator.put(ONE, messages_of(b"c"))
    producer.sent[0][2].set_exception(MessageSizeTooLargeError())
    for one in arrived:
        with pytest.raises(MessageSizeTooLargeError):
            await asyncio.shield(one)
    await producer.wait_sent(2)
    producer.answer(1, 0)
    assert await after == [(0, 1)]


async def test_a_batch_that_could_not_be_queued_is_queued_again() -> None:
    producer = Producer()
    producer.busy = 2
    arrived, _ = RecordAccumulator(producer).put(ONE, messages_of(b"a"))
    await producer.wait_sent(1)
    producer.answer(0, 5)
    assert await arrived == [(5, 1)]


async def test_many_messages_are_sent_alone_and_at_once() -> None:
    producer = Producer()
    accumulator = RecordAccumulator(producer)
    alone = asyncio.create_task(accumulator.send_alone(ONE, messages_of(b"a")))
    along, _ = accumulator.put(ONE, messages_of(b"b"))
    await producer.wait_sent(2)
    assert producer.contents == [(ONE, [b"a"]), (ONE, [b"b"])]
    producer.answer(0, 5)
    producer.answer(1, 6)
    assert (await alone, await along) == ([(5, 1)], [(6, 1)])


@pytest.mark.parametrize(
    ("placed", "start", "count", "span"),
    [
        ([(100, 5)], 0, 5, (100, 105)),
        ([(100, 5)], 3, 1, (103, 104)),
        ([(100, 5), (105, 2)], 4, 2, (104, 106)),
        ([(100, 5), (106, 2)], 0, 7, None),
        ([(-1, 5)], 0, 5, None),
        ([(100, 5), (-1, 2)], 0, 7, None),
        ([(-1, 5), (105, 2)], 0, 7, None),
    ],
)
def test_the_offsets_of_messages(placed: Placed, start: int, count: int, span: Sequence[int] | None) -> None:
    assert find_span(placed, start, count) == span
