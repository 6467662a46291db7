"""Reading a few timeline records once more: what the store asks for when a crash may have left a block half stored."""

from collections.abc import Awaitable, Callable, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.topics import LARGEST_BLOCK_BYTES

Records = Sequence[tuple[int, bytes]]
PATIENCE_MS = 5_000


def make_reread(bootstrap: str, topic: str) -> Callable[[int, int, int], Awaitable[Records]]:
    """`reread(partition, first, last)`: those offsets, both included, as far as Kafka still has them."""

    async def reread(partition: int, first: int, last: int) -> Records:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=LARGEST_BLOCK_BYTES
        )
        await consumer.start()
        try:
            place = TopicPartition(topic, partition)
            consumer.assign([place])
            begin = (await consumer.beginning_offsets([place]))[place]
            consumer.seek(place, max(first, begin))
            found: list[tuple[int, bytes]] = []
            while begin <= last and (not found or found[-1][0] < last):
                answer = await consumer.getmany(place, timeout_ms=PATIENCE_MS)
                records = answer.get(place, [])
                if not records:
                    break
                found += [(record.offset, record.value) for record in records if record.offset <= last]
            return found
        finally:
            await consumer.stop()

    return reread
