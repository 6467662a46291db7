"""Reading topics from one offset to another, without a consumer group."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from kafka import KafkaAdminClient

from streams.profile.identifier_state import version_of
from streams.state.changelog_reader import ChangelogCursor, read_changelogs
from streams.state.versioned_log import VersionedKeys, read_records
from streams.topics import LARGEST_BLOCK_BYTES
from touchline.errors import CliError

_WAIT_MS: Final = 1_000
_EMPTY_ANSWERS: Final = 30  # in a row, before a broker that reports more records is considered faulty


@dataclass(frozen=True, slots=True)
class Extent:
    """The offsets that a partition holds: from `begin` to before `end`."""

    begin: int
    end: int


def partition_counts(kafka: str) -> dict[str, int]:
    """Return the number of partitions of each topic. Raises kafka-python's KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
    finally:
        admin.close()


class KafkaLog:
    """A consumer without a group. Methods raise aiokafka's KafkaError."""

    def __init__(self, kafka: str) -> None:
        self._kafka = kafka
        self._partitions: dict[str, int] = {}
        self._consumer: Any = AIOKafkaConsumer(
            bootstrap_servers=kafka,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=2 * LARGEST_BLOCK_BYTES,
        )

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._consumer.stop()
        except asyncio.CancelledError:
            # Without Kafka, aiokafka passes on the cancellation of its own fetch, which does not cancel this task.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise

    async def extents(self, topic: str) -> dict[int, Extent]:
        """Return the extent of each partition. Raises CliError if the topic does not exist."""
        if topic not in self._partitions:
            self._partitions = partition_counts(self._kafka)
        if topic not in self._partitions:
            raise CliError(f"Topic {topic} does not exist: start a worker, which creates it.", code=1)
        partitions = [TopicPartition(topic, number) for number in range(self._partitions[topic])]
        begins = await self._consumer.beginning_offsets(partitions)
        ends = await self._consumer.end_offsets(partitions)
        return {one.partition: Extent(begins[one], ends[one]) for one in partitions}

    async def offsets_at(self, topic: str, extents: Mapping[int, Extent], time_ms: int) -> dict[int, int]:
        """Return, by partition, the offset of the first record that the broker received at that time or later."""
        times = {TopicPartition(topic, number): time_ms for number in extents}
        found = await self._consumer.offsets_for_times(times)
        return {one.partition: at.offset if at is not None else extents[one.partition].end for one, at in found.items()}

    async def time_of(self, topic: str, partition: int, extent: Extent) -> int | None:
        """Return when the broker received the first record of the extent, in ms. None means that there is none."""
        async for records in self.read(topic, partition, extent.begin, extent.end):
            return int(records[0].timestamp)
        return None

    async def read(self, topic: str, partition: int, first: int, end: int) -> AsyncIterator[list[Any]]:
        """Yield records from `first` to before `end`, some at a time. Raises CliError if Kafka stops sending them."""
        source = TopicPartition(topic, partition)
        self._consumer.assign([source])
        self._consumer.seek(source, first)
        empty = 0
        while first < end and await self._consumer.position(source) < end:
            records = (await self._consumer.getmany(source, timeout_ms=_WAIT_MS)).get(source, [])
            empty = 0 if records else empty + 1
            if empty > _EMPTY_ANSWERS:
                raise CliError(
                    f"Kafka does not return {topic}/{partition} up to offset {end}: see the broker's log.", code=1
                )
            wanted = [record for record in records if record.offset < end]
            if wanted:
                yield wanted


async def read_states(kafka: str, topic: str, partition: int) -> dict[bytes, bytes]:
    """Return the state that an empty worker would restore from the changelog of `states`."""
    keys = VersionedKeys(version_of)

    def absorb(records: Any, position: int) -> int:
        found, after = read_records(records, position)
        keys.absorb(found)
        return after

    client = AIOKafkaClient(bootstrap_servers=kafka, client_id="touchline-rebuild")
    try:
        await client.bootstrap()
        await read_changelogs([ChangelogCursor((topic, partition), absorb, lambda: None)], client, kafka)
    finally:
        await client.close()
    return keys.values
