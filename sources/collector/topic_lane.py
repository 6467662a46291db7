"""The records that wait for one topic: one record batch in flight per partition, the partitions in turn."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import Any, Final

from aiokafka.errors import KafkaConnectionError, KafkaError, MessageSizeTooLargeError, RecordListTooLargeError

from sources.collector.kafka_connection import KafkaConnection, KafkaLimits, describe
from sources.collector.record_batch import PendingCommit, Run, halve, memory_size, pack
from sources.collector.sink import RawRecord, SinkUnavailable

log = logging.getLogger(__name__)

RETRY_AFTER_S: Final = 2
_LOOKUPS: Final = 5
_LOOKUP_PAUSE_S: Final = 0.1
_TOO_LARGE: Final = (MessageSizeTooLargeError, RecordListTooLargeError)


class Usage:
    """Memory in flight of all lanes, and what they have done since the start."""

    __slots__ = ("acknowledged", "batches", "bytes_in_flight", "failed", "refused")

    def __init__(self) -> None:
        self.bytes_in_flight = 0
        self.acknowledged = 0
        self.failed = 0
        self.refused = 0
        self.batches = 0


class TopicLane:
    """The records of one topic that wait for a record batch, and the batches in flight.

    While every partition has a batch in flight, records gather for the next batch. So batches grow with the load, and
    a producer never has more than one batch of a partition, which it would queue.
    """

    def __init__(self, topic: str, connection: KafkaConnection, limits: KafkaLimits, usage: Usage) -> None:
        self._topic = topic
        self._connection = connection
        self._limits = limits
        self._usage = usage
        self._waiting: deque[Run] = deque()
        self._busy: set[int] = set()
        self._next = 0
        self._due: asyncio.TimerHandle | None = None
        self._looking_up: asyncio.Task[None] | None = None
        self._reported = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, commit: PendingCommit, records: Sequence[RawRecord], positions: Sequence[int]) -> None:
        """Queue records of a request; they are sent `linger_s` after the first of their batch, or later."""
        self._waiting.append(Run(records, positions, commit))
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(self._limits.linger_s, self._flush)

    def fail_waiting(self, reason: str) -> None:
        """Fail the requests whose records are not in a batch yet."""
        waiting = list(self._waiting)
        self._waiting.clear()
        self._fail(waiting, reason)

    def _flush(self) -> None:
        self._due = None
        producer = self._connection.producer
        if producer is None:
            self.fail_waiting(self._connection.reason or "Kafka is not connected")
            return
        cluster = producer.client.cluster
        known = cluster.partitions_for_topic(self._topic)
        if known is None:
            self._look_up(producer)
            return
        led = cluster.available_partitions_for_topic(self._topic) or known
        free = sorted(led - self._busy)
        start = next((n for n, one in enumerate(free) if one >= self._next), 0)
        for partition in free[start:] + free[:start]:
            if not self._waiting:
                break
            self._next = partition + 1
            self._busy.add(partition)
            builder = producer.create_batch()
            runs = pack(builder, self._waiting, int(time.time() * 1000))
            self._begin(self._send(producer, partition, builder, runs))

    def _begin(self, coroutine: Any) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, producer: Any, partition: int, builder: Any, runs: list[Run]) -> None:
        try:
            await self._deliver(producer, partition, builder, runs)
        finally:
            self._busy.discard(partition)
            if self._waiting and self._due is None:
                self._flush()

    async def _deliver(self, producer: Any, partition: int, builder: Any, runs: list[Run]) -> None:
        """Send a batch and tell the requests. A batch that is too large is sent in halves, down to the one record."""
        try:
            async with asyncio.timeout(self._limits.ack_timeout_s):
                arrived = await producer.send_batch(builder, self._topic, partition=partition)
            await _wait(arrived, self._limits.ack_timeout_s)
        except _TOO_LARGE:
            if len(runs) == 1 and len(runs[0].records) == 1:
                self._release(runs)
                self._usage.refused += 1
                runs[0].commit.refuse(runs[0].positions[0])
                return
            for half in halve(runs):
                builder = producer.create_batch()
                pack(builder, deque(half), int(time.time() * 1000))
                await self._deliver(producer, partition, builder, half)
        except (KafkaError, TimeoutError) as error:
            if isinstance(error, TimeoutError) or error.retriable:
                self._connection.lose(producer, error)
            self._fail(runs, f"Kafka did not acknowledge records for topic {self._topic} ({describe(error)})")
        except Exception as error:  # a fault of the client: the requests must not wait for ever
            log.exception("Records for topic %s could not be sent.", self._topic)
            self._fail(runs, f"Records for topic {self._topic} could not be sent ({describe(error)})")
        else:
            self._usage.batches += 1
            self._usage.acknowledged += self._release(runs)
            for run in runs:
                run.commit.acknowledge(len(run.records))

    def _look_up(self, producer: Any) -> None:
        if self._looking_up is None or self._looking_up.done():
            self._looking_up = asyncio.get_running_loop().create_task(self._find_partitions(producer))

    async def _find_partitions(self, producer: Any) -> None:
        """Ask Kafka for the partitions, create the topic if it was deleted, then send what waits."""
        producer.client.add_topic(self._topic)
        try:
            if not await self._has_partitions(producer.client):
                await self._connection.prepare_topics()
                if not await self._has_partitions(producer.client):
                    raise LookupError(f"Kafka has no topic {self._topic}: create it, or correct TOUCHLINE_TOPIC_PREFIX")
        except (KafkaError, TimeoutError) as error:
            self._connection.lose(producer, error)
        except Exception as error:  # of the preparation, such as a topic that may not be created
            self._report(str(error))
            self.fail_waiting(str(error))
            return
        self._reported = ""
        self._flush()  # without a connection, this fails what waits

    async def _has_partitions(self, client: Any) -> bool:
        """Return whether Kafka knows the topic; ask a few times, because a new topic takes a moment."""
        async with asyncio.timeout(self._limits.ack_timeout_s):
            for _ in range(_LOOKUPS):
                if not await client.force_metadata_update():
                    raise KafkaConnectionError("no broker answers")
                if client.cluster.partitions_for_topic(self._topic) is not None:
                    return True
                await asyncio.sleep(_LOOKUP_PAUSE_S)
        return False

    def _report(self, reason: str) -> None:
        """Log why the topic takes no records, once until it takes some."""
        if reason != self._reported:
            log.error("Records for topic %s are refused with 503: %s", self._topic, reason)
        self._reported = reason

    def _fail(self, runs: list[Run], reason: str) -> None:
        self._usage.failed += self._release(runs)
        for run in runs:
            run.commit.fail(SinkUnavailable(f"{reason}.", RETRY_AFTER_S))

    def _release(self, runs: list[Run]) -> int:
        """Free the memory of records that are no longer in flight, and return how many they are."""
        self._usage.bytes_in_flight -= sum([memory_size(run.records) for run in runs])
        return sum([len(run.records) for run in runs])


async def _wait(arrived: "asyncio.Future[Any]", timeout_s: float) -> None:
    """Wait for an acknowledgement without cancelling it, because aiokafka's future would then log its error."""
    arrived.add_done_callback(_retrieve)
    done, _ = await asyncio.wait([arrived], timeout=timeout_s)
    if not done:
        raise TimeoutError
    arrived.result()


def _retrieve(arrived: "asyncio.Future[Any]") -> None:
    if not arrived.cancelled():
        arrived.exception()
