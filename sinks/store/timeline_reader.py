"""Reads timeline records again, to complete a batch that a crash interrupted."""

import asyncio
import logging

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, KafkaTimeoutError

_WAIT_MS = 1_000
_AGAIN_S = 1.0
_FETCH_BYTES = 16 * 1024 * 1024  # per partition and request
_log = logging.getLogger(__name__)


class TimelineReader:
    """Reads given offsets of the timeline topic with a consumer of its own, without a group."""

    def __init__(self, kafka: str, topic: str) -> None:
        self._kafka = kafka
        self._topic = topic

    async def read(self, partition: int, first: int, last: int) -> list[tuple[int, bytes]] | None:
        """Return records `first` to `last`, both included; None when Kafka has deleted some of them.

        Returns an empty list when the log ends before `last`: the records were read once, so they exist, and the
        answer is not to be trusted. Waits while Kafka is unreachable. Raises aiokafka's other errors.
        """
        while True:
            try:
                return await self._read(partition, first, last)
            except KafkaError as error:
                if not (error.retriable or isinstance(error, KafkaTimeoutError)):
                    raise
                _log.warning("%s/%d is read again; waiting for Kafka: %s", self._topic, partition, error)
            await asyncio.sleep(_AGAIN_S)

    async def _read(self, partition: int, first: int, last: int) -> list[tuple[int, bytes]] | None:
        where = TopicPartition(self._topic, partition)
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka,
            enable_auto_commit=False,
            auto_offset_reset="none",
            max_partition_fetch_bytes=_FETCH_BYTES,
        )
        try:
            await consumer.start()
            consumer.assign([where])
            oldest = (await consumer.beginning_offsets([where]))[where]
            end = (await consumer.end_offsets([where]))[where]
            if oldest > first:
                return None
            if end <= last:
                return []
            consumer.seek(where, first)
            found: list[tuple[int, bytes]] = []
            while not found or found[-1][0] < last:
                records = (await consumer.getmany(where, timeout_ms=_WAIT_MS)).get(where, [])
                found += [(record.offset, record.value or b"") for record in records if record.offset <= last]
            return found
        finally:
            await consumer.stop()
