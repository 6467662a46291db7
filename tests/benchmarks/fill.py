"""Filling of raw topics before the workers read them."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final
from zlib import crc32

from aiokafka import AIOKafkaProducer

from tests.benchmarks.day import Kind, Message, Truth, truth_of

BATCH_BYTES: Final = 64 * 1024  # as of producers with a small linger time
ON_THE_WAY: Final = 64  # unacknowledged batches


def fill(kafka: str, prefix: str, partitions: int, messages: Iterable[Message]) -> Truth:
    """Send all messages, each to the partition of its key; return their expected outcome after all acknowledgements."""
    return truth_of(asyncio.run(_fill(kafka, prefix, partitions, messages)))


async def _fill(kafka: str, prefix: str, partitions: int, messages: Iterable[Message]) -> Counter[Kind]:
    kinds = Counter[Kind]()
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_batch_size=BATCH_BYTES)
    await producer.start()
    try:
        batches: dict[tuple[str, int], Any] = {}
        waiting: set[asyncio.Future[Any]] = set()
        for message in messages:
            kinds[message.kind] += 1
            place = prefix + message.channel, crc32(message.key) % partitions
            batch = batches.get(place) or batches.setdefault(place, producer.create_batch())
            if batch.append(timestamp=None, key=message.key, value=message.value) is None:
                waiting.add(await producer.send_batch(batch, place[0], partition=place[1]))
                batches[place] = producer.create_batch()
                batches[place].append(timestamp=None, key=message.key, value=message.value)
                waiting = await _settle(waiting)
        waiting |= {await producer.send_batch(one, topic, partition=n) for (topic, n), one in batches.items()}
        for done in asyncio.as_completed(waiting):
            await done
    finally:
        await producer.stop()
    return kinds


async def _settle(waiting: set[asyncio.Future[Any]]) -> set[asyncio.Future[Any]]:
    """Wait until few batches are unacknowledged and return those; raises the error of a refused batch."""
    if len(waiting) < ON_THE_WAY:
        return waiting
    done, left = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for one in done:
        one.result()
    return set(left)
