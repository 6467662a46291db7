"""The feed: follows the topic `timeline` of a Kafka from 15 minutes ago, and watches Kafka itself.

The client of Kafka waits silently for a broker that is away. So a second connection asks for the lag of the stages
every few seconds, and its failure says that Kafka does not answer; the state of the pipeline then says so.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final, NoReturn

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from dashboards.live.bins import KEPT_S
from dashboards.live.lag import StageSource, partitions_by_topic, read_lag
from dashboards.live.pipeline_state import PipelineState

POLL_MS: Final = 500
WATCH_EVERY_S: Final = 5.0
ANSWER_S: Final = 4.0  # a Kafka that is silent for longer counts as away
REQUEST_MS: Final = 3_000
FETCH_BYTES: Final = 4 * 1024 * 1024
RETRY_S: Final = 1.0
FILL_LIMIT_S: Final = 20.0  # for reading the last 15 minutes; what is not read by then is skipped
Take = Callable[[bytes, int], None]
"""Takes the value of a record and the time at which it was appended."""
Step = Callable[[Callable[[], None]], Awaitable[NoReturn]]

log = logging.getLogger(__name__)


class TopicMissingError(Exception):
    """Kafka answers and does not have the topic `timeline`, because no worker has started yet."""


class Feed:
    """The feed of one process. `run` works until it is cancelled."""

    def __init__(
        self,
        kafka: str,
        topic: str,
        stages: Mapping[str, StageSource],
        take: Take,
        state: PipelineState,
        now_ms: Callable[[], int],
    ) -> None:
        self._kafka = kafka
        self._topic = topic
        self._stages = stages
        self._take = take
        self._state = state
        self._now_ms = now_ms

    async def run(self) -> None:
        """Follow the topic and watch Kafka; after an error connect again. Logs one warning per outage."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep(self._follow, "Live touches"))
            tasks.create_task(self._keep(self._watch, "The lag of the stages"))

    async def _keep(self, step: Step, what: str) -> None:
        warned = ""

        def connected() -> None:
            nonlocal warned
            warned = ""

        while True:
            try:
                await step(connected)
            except TopicMissingError as error:
                reason = str(error)
            except (KafkaError, TimeoutError, OSError) as error:
                self._state.kafka = False
                reason = f"Kafka at {self._kafka} does not answer ({type(error).__name__})"
            if reason != warned:
                log.warning("%s cannot be read: %s. Retrying every %g s.", what, reason, RETRY_S)
                warned = reason
            await asyncio.sleep(RETRY_S)

    async def _follow(self, connected: Callable[[], None]) -> NoReturn:
        async with self._connect() as (admin, consumer):
            partitions = (await partitions_by_topic(admin)).get(self._topic)
            if not partitions:
                raise TopicMissingError(f"Kafka has no topic {self._topic} yet: start a worker, which creates it")
            consumer.assign(partitions)
            await self._fill(consumer, partitions)
            connected()
            while True:
                await self._poll(consumer)

    async def _fill(self, consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> None:
        """Read the blocks of the last 15 minutes, as far as time allows."""
        self._state.filling = True
        ends = await consumer.end_offsets(partitions)
        since_ms = self._now_ms() - KEPT_S * 1000
        starts = await consumer.offsets_for_times(dict.fromkeys(partitions, since_ms))
        for partition in partitions:
            start = starts.get(partition)
            consumer.seek(partition, start.offset if start is not None else ends[partition])
        try:
            async with asyncio.timeout(FILL_LIMIT_S):
                while not await _has_reached(consumer, ends):
                    await self._poll(consumer)
        except TimeoutError:
            log.info("Live pages begin with less than 15 minutes: there was too much to read.")
            await consumer.seek_to_end(*partitions)
        self._state.filling = False

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        found = await consumer.getmany(timeout_ms=POLL_MS)
        for records in found.values():
            for record in records:
                self._take(record.value, record.timestamp)
                await asyncio.sleep(0)  # requests are answered between two blocks

    async def _watch(self, connected: Callable[[], None]) -> NoReturn:
        async with self._connect() as (admin, consumer):
            while True:
                async with asyncio.timeout(ANSWER_S):
                    self._state.lag = await read_lag(admin, consumer, self._stages)
                self._state.kafka = True
                connected()
                await asyncio.sleep(WATCH_EVERY_S)

    @asynccontextmanager
    async def _connect(self) -> AsyncIterator[tuple[AIOKafkaAdminClient, AIOKafkaConsumer]]:
        servers = [server.strip() for server in self._kafka.split(",")]
        admin = AIOKafkaAdminClient(
            bootstrap_servers=servers, client_id="touchline-live", request_timeout_ms=REQUEST_MS
        )
        consumer = AIOKafkaConsumer(
            bootstrap_servers=servers,
            client_id="touchline-live",
            auto_offset_reset="latest",
            enable_auto_commit=False,
            request_timeout_ms=REQUEST_MS,
            max_partition_fetch_bytes=FETCH_BYTES,
        )
        try:
            await admin.start()
            await consumer.start()
            yield admin, consumer
        finally:
            await consumer.stop()
            await admin.close()


async def _has_reached(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return all([await consumer.position(partition) >= end for partition, end in ends.items()])
