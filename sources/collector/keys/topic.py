"""Reading and writing a topic of entries, whose one partition has a record for each change of a secret."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, Generic

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.structs import ConsumerRecord

from sources.collector.keys.entry_layout import HASH_BYTES, E, EntryError, EntryLayout
from sources.collector.keys.key_table import KeyTable

POLL_MS: Final = 500
REQUEST_MS: Final = 3000  # a broker that is silent for longer is connected to again, so that a revocation arrives

log = logging.getLogger(__name__)


class KeyTopicMissingError(Exception):
    """Kafka answers and does not have the topic."""


class KeyTopicReader(Generic[E]):
    """A connection that reads the topic from its first record on."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, layout: EntryLayout[E]) -> None:
        self._consumer = consumer
        self._layout = layout
        self._partition = TopicPartition(topic, 0)

    async def load(self) -> KeyTable[E]:
        """Return the entries of all records that the topic has now. Raises KeyTopicMissingError and KafkaError."""
        if self._partition.topic not in await self._consumer.topics():
            raise KeyTopicMissingError(f"Kafka has no topic {self._partition.topic}")
        self._consumer.assign([self._partition])
        await self._consumer.seek_to_beginning(self._partition)
        end = (await self._consumer.end_offsets([self._partition]))[self._partition]
        table = KeyTable[E]()
        while await self._consumer.position(self._partition) < end:
            await self.poll(table)
        return table

    async def poll(self, table: KeyTable[E]) -> bool:
        """Wait up to `POLL_MS` for records, and put their entries into a table. Return whether there were any."""
        found = await self._consumer.getmany(self._partition, timeout_ms=POLL_MS)
        for record in found.get(self._partition, ()):
            apply_record(table, record, self._layout)
        return bool(found)


@asynccontextmanager
async def open_reader(kafka: str, topic: str, layout: EntryLayout[E]) -> AsyncIterator[KeyTopicReader[E]]:
    """Connect to Kafka and yield a reader. Raises KafkaError."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka,
        client_id="touchline-keys",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        request_timeout_ms=REQUEST_MS,
    )
    try:
        await consumer.start()
        yield KeyTopicReader(consumer, topic, layout)
    finally:
        await consumer.stop()


def apply_record(
    table: KeyTable[E], record: ConsumerRecord, layout: EntryLayout[E], warn: Callable[..., None] = log.warning
) -> None:
    """Put a record's entry into a table. A secret whose last record cannot be read becomes unknown, with a warning."""
    try:
        entry = layout.decode(record.key, record.value)
    except EntryError as error:
        warn("Record %d of topic %s is no entry of a %s: %s.", record.offset, record.topic, layout.noun, error)
        entry = None
    if entry is not None:
        table.put(record.key, entry)
    elif record.key is not None and len(record.key) == HASH_BYTES:
        table.remove(record.key)


async def read_table(kafka: str, topic: str, layout: EntryLayout[E]) -> KeyTable[E]:
    """Return all entries. Raises KeyTopicMissingError and KafkaError."""
    async with open_reader(kafka, topic, layout) as reader:
        return await reader.load()


async def write_entry(kafka: str, topic: str, layout: EntryLayout[E], key_hash: bytes, entry: E) -> None:
    """Append a record and return when all in-sync replicas have it. Raises KafkaError."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, client_id="touchline-keys", acks="all")
    try:
        await producer.start()
        await producer.send_and_wait(topic, layout.encode(entry), key=key_hash, partition=0)
    finally:
        await producer.stop()
