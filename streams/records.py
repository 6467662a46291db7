"""Records that stages receive and messages that they send: all that a stage knows of Kafka."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

RECORD_OVERHEAD_BYTES = 100  # approximate memory of a record besides its key and value

TopicPartition = tuple[str, int]
Headers = Sequence[tuple[str, bytes]]
Message = tuple[bytes | None, bytes | None, Headers | None]  # key, value, headers
Outbox = dict[TopicPartition, list[Message]]
Send = Callable[[Mapping[TopicPartition, Sequence[Message]]], Awaitable[None]]


class Record(Protocol):
    """The fields of a consumed record that stages use; `timestamp` is in epoch milliseconds."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """Consecutive records of one partition, never empty. Offsets may have gaps where a log was compacted."""

    topic: str
    partition: int
    records: Sequence[Record]
    size_bytes: int = 0

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return self.records[0].offset

    @property
    def last_offset(self) -> int:
        """Offset of the last record: acknowledging the batch acknowledges everything up to here."""
        return self.records[-1].offset

    def __len__(self) -> int:
        return len(self.records)


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key: CRC-32, which runs in C, where Kafka's murmur2 would run in Python."""
    return crc32(key) % partitions


def size_record(record: Record) -> int:
    """Return the bytes that a record counts towards the limit of a batch."""
    return len(record.key or b"") + len(record.value or b"") + RECORD_OVERHEAD_BYTES


def cut_batches(topic: str, partition: int, records: Sequence[Record], max_bytes: int) -> Iterator[RecordBatch]:
    """Cut records into batches of at most `max_bytes`; a record larger than that is a batch of its own."""
    start = size = 0
    for index, record in enumerate(records):
        record_bytes = size_record(record)
        if index > start and size + record_bytes > max_bytes:
            yield RecordBatch(topic, partition, records[start:index], size)
            start, size = index, 0
        size += record_bytes
    if start < len(records):
        yield RecordBatch(topic, partition, records[start:], size)
