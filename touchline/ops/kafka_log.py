"""Topics read from one offset to another, without a group, for what is made again from Kafka."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.client import AIOKafkaClient
from kafka import KafkaAdminClient

from deploy.kafka_probe import any_listening
from streams.profile.identifier_state import version_of
from streams.state.changelog_reader import ChangelogCursor, read_changelogs
from streams.state.versioned_log import Book, absorb_records, read_records
from streams.topics import LARGEST_BLOCK_BYTES
from touchline.errors import CliError
from touchline.worker.kafka_setup import COMING, COMING_S, CONNECT_S

_WAIT_MS: Final = 1_000
_COMING_LIMIT_S: Final = 30.0
_SILENT: Final = 30  # empty answers in a row, after which a broker that promised records is given up


@dataclass(frozen=True, slots=True)
class Extent:
    """What a partition holds: offsets `begin` to `end`, the latter not included."""

    begin: int
    end: int


def check_listens(kafka: str) -> None:
    """Raises CliError unless something answers at one of the addresses."""
    try:
        if any_listening(kafka, CONNECT_S):
            return
    except ValueError as error:
        raise CliError(f"TOUCHLINE_KAFKA={kafka!r} is not an address such as host:9092[,host:9092].") from error
    raise CliError(f"Kafka at {kafka} does not answer: start it, then run `touchline rebuild` again.", code=1)


def committed_offsets(kafka: str, groups: list[str], topic: str) -> dict[int, int]:
    """The furthest offset that any of these groups has committed, by partition. Raises kafka-python's KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    found: dict[int, int] = {}
    try:
        for group in groups:
            for place, at in _group_offsets(admin, group).items():
                if place.topic == topic:
                    found[place.partition] = max(at.offset, found.get(place.partition, 0))
    finally:
        admin.close()
    return found


def _group_offsets(admin: KafkaAdminClient, group: str) -> dict[Any, Any]:
    """Wait for the coordinator of a Kafka that has only just started: it still loads what groups have committed."""
    until_s = time.monotonic() + _COMING_LIMIT_S
    while True:
        try:
            offsets: dict[Any, Any] = admin.list_group_offsets({group: None})[group]
            return offsets
        except COMING:
            if time.monotonic() > until_s:
                raise
            time.sleep(COMING_S)


def partition_counts(kafka: str) -> dict[str, int]:
    """How many partitions each topic has. Raises kafka-python's KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics()}
    finally:
        admin.close()


class KafkaLog:
    """A consumer of its own. Methods raise aiokafka's KafkaError."""

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
            # Without Kafka, aiokafka passes on that it has cancelled a fetch of its own; that is no end of this task.
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise

    async def extents(self, topic: str) -> dict[int, Extent]:
        """By partition. Raises CliError if the topic is not there."""
        if topic not in self._partitions:
            self._partitions = partition_counts(self._kafka)
        if topic not in self._partitions:
            raise CliError(f"Topic {topic} is not there: start a worker, which makes it.", code=1)
        places = [TopicPartition(topic, number) for number in range(self._partitions[topic])]
        begins = await self._consumer.beginning_offsets(places)
        ends = await self._consumer.end_offsets(places)
        return {place.partition: Extent(begins[place], ends[place]) for place in places}

    async def since(self, topic: str, extents: Mapping[int, Extent], time_ms: int) -> dict[int, int]:
        """By partition, the offset of the first record that the broker took at that time or later."""
        places = {TopicPartition(topic, number): time_ms for number in extents}
        found = await self._consumer.offsets_for_times(places)
        return {
            place.partition: at.offset if at is not None else extents[place.partition].end
            for place, at in found.items()
        }

    async def time_of(self, topic: str, partition: int, extent: Extent) -> int | None:
        """When the broker took the first record that is there, in ms; None: there is none."""
        async for records in self.read(topic, partition, extent.begin, extent.end):
            return int(records[0].timestamp)
        return None

    async def read(self, topic: str, partition: int, first: int, end: int) -> AsyncIterator[list[Any]]:
        """Records from `first` to before `end`, some at a time. Raises CliError where Kafka stops giving them."""
        place = TopicPartition(topic, partition)
        self._consumer.assign([place])
        self._consumer.seek(place, first)
        silent = 0
        while first < end and await self._consumer.position(place) < end:
            records = (await self._consumer.getmany(place, timeout_ms=_WAIT_MS)).get(place, [])
            silent = 0 if records else silent + 1
            if silent > _SILENT:
                raise CliError(
                    f"Kafka does not give {topic}/{partition} up to offset {end}: look at the broker.", code=1
                )
            wanted = [record for record in records if record.offset < end]
            if wanted:
                yield wanted


async def read_states(kafka: str, topic: str, partition: int) -> dict[bytes, bytes]:
    """What the changelog of states holds, as an empty worker would read it."""
    book = Book()

    def absorb(records: Any, position: int) -> int:
        found, after = read_records(records, position)
        absorb_records(book, found, version_of)
        return after

    client = AIOKafkaClient(bootstrap_servers=kafka, client_id="touchline-rebuild")
    try:
        await client.bootstrap()
        await read_changelogs([ChangelogCursor((topic, partition), absorb, lambda: None)], client, kafka)
    finally:
        await client.close()
    return book.state
