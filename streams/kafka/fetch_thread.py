"""The consumer's thread, in which aiokafka runs: fetching of many partitions at once, commits and rejoining."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import ConsumerStoppedError, KafkaError
from aiokafka.structs import TopicPartition as KafkaTopicPartition
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, server_list
from mode import Service

from streams.kafka.connect import start_or_stop, wait_for_kafka
from streams.kafka.fetch_session import SessionClient
from streams.kafka.lease import Lease
from streams.kafka.offset_commit import commit_offsets
from streams.kafka.prefetch import PartitionRecords, Prefetch, PrefetchLimits
from streams.kafka.sticky_assignor import StickyAssignor
from streams.records import TopicPartition

BATCHES_PER_FETCH = 4  # full batches that one call of `fetch` takes out of the buffers


Drained = dict[TopicPartition, PartitionRecords]


class FetchThread(AIOKafkaConsumerThread):
    """Faust's consumer thread, changed to fetch in batches and to outlast an absent broker."""

    room: asyncio.Event
    prefetch: Prefetch | None = None
    lease: Lease

    async def on_start(self) -> None:
        """Connect, however long that takes."""
        self.room = asyncio.Event()
        self.time_started = time.monotonic()
        self._consumer = await wait_for_kafka(self._address(), self._connect, lambda: bool(self.should_stop))

    def _address(self) -> str:
        return ",".join(server_list(self.transport.url, self.transport.default_port))

    async def on_thread_stop(self) -> None:
        """Leave the group and close the connections. An absent broker is not waited for."""
        with suppress(asyncio.CancelledError, KafkaError):  # aiokafka raises those of its own cancelled requests
            await super().on_thread_stop()

    async def _connect(self) -> AIOKafkaConsumer:
        consumer = self._create_consumer(loop=self.thread_loop)
        await start_or_stop(consumer.start, consumer.stop)
        self.lease.watch(consumer._coordinator)
        limits = self.app.limits
        consumer._fetcher._client = SessionClient(consumer._client)
        prefetch_limits = PrefetchLimits(limits.batch_records, limits.fetch_bytes, limits.held_bytes)
        self.prefetch = Prefetch(consumer._fetcher, prefetch_limits, self.app.idle_pauses, self.app.linger_s)
        return consumer

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        conf, limits = self.app.conf, self.app.limits
        self._assignor = StickyAssignor(self.app.standbys, self.app.warm)
        return AIOKafkaConsumer(
            bootstrap_servers=server_list(transport.url, transport.default_port),
            client_id=conf.broker_client_id,
            group_id=conf.id,
            group_instance_id=conf.consumer_group_instance_id,
            partition_assignment_strategy=[self._assignor],
            enable_auto_commit=False,
            auto_offset_reset=conf.consumer_auto_offset_reset,
            isolation_level="read_committed",  # records of aborted transactions do not count
            fetch_max_wait_ms=limits.fetch_wait_ms,
            max_partition_fetch_bytes=limits.fetch_bytes,
            max_poll_interval_ms=int(conf.broker_max_poll_interval * 1000),
            request_timeout_ms=int(conf.broker_request_timeout * 1000),
            session_timeout_ms=int(conf.broker_session_timeout * 1000),
            rebalance_timeout_ms=int(conf.broker_rebalance_timeout * 1000),
            heartbeat_interval_ms=int(conf.broker_heartbeat_interval * 1000),
            metadata_max_age_ms=conf.consumer_metadata_max_age_ms,
            connections_max_idle_ms=conf.consumer_connections_max_idle_ms,
            check_crcs=conf.broker_check_crcs,
        )

    @Service.task
    async def _thread_keepalive(self) -> None:
        """Do nothing. mode wakes the thread every second for requests that would be missed; ours wake it themselves."""

    async def _keepalive2(self) -> None:
        """Do nothing. mode wakes the main thread every second, only to log when it is late."""

    # -- rejoining

    @property
    def rejoin_pending(self) -> bool:
        """Whether this worker is to rejoin as soon as its standbys are warm, see `streams.kafka.standby_replicas`."""
        return self._consumer is not None and self._assignor.rejoin_pending

    def rejoin(self) -> None:
        """Rejoin the group, because this worker's claim has changed. May be called from any thread."""
        self._assignor.rejoin_pending = False
        self.thread_loop.call_soon_threadsafe(self._ensure_consumer()._coordinator.request_rejoin)

    # -- fetching

    async def fetch(
        self, free: Collection[TopicPartition], rebalances: int, timeout_s: float, is_outdated: Callable[[], bool]
    ) -> Drained:
        """Return records of the `free` partitions, at most a batch of each.

        The result is empty after `timeout_s`, on a rebalance, or when `free` is out of date because another partition
        has room again: then `room` is set, or `is_outdated` returns True. Raises the errors of the group, which
        aiokafka reports nowhere else.
        """
        consumer, prefetch = self._ensure_consumer(), self.prefetch
        _check_errors(consumer)
        fetcher = consumer._fetcher
        if consumer._closed or fetcher._closed or prefetch is None:
            raise ConsumerStoppedError()
        until_s = time.monotonic() + timeout_s
        self.room.clear()  # before the check of `is_outdated`: what is freed from now on sets it again
        with fetcher._subscriptions.fetch_context():
            while self.app.rebalancing_count == rebalances and not fetcher._subscriptions.reassignment_in_progress:
                drained = prefetch.drain(free, BATCHES_PER_FETCH)
                left_s = until_s - time.monotonic()
                if drained or left_s <= 0 or self.room.is_set() or is_outdated():
                    return drained
                await self._wait_for_data(fetcher, min(left_s, prefetch.lingers_for(free)))
        return {}

    async def check_errors(self) -> None:
        """Raises the group's error, if there is one."""
        if self._consumer is not None and not self._consumer._closed:
            _check_errors(self._consumer)

    async def _wait_for_data(self, fetcher: Any, timeout_s: float) -> None:
        """Wait until records were fetched, `room` is set, or the time is over."""
        fetched = fetcher._create_fetch_waiter()
        room = asyncio.ensure_future(self.room.wait())
        try:
            await asyncio.wait([fetched, room], timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            room.cancel()
            if not fetched.cancel() and not fetched.cancelled():
                fetched.exception()  # the group's error; `_check_errors` raises it, too

    def positions(self, partitions: Collection[TopicPartition]) -> dict[TopicPartition, tuple[int | None, int | None]]:
        """Return position and end of assigned partitions, None where unknown. May be called from any thread.

        The end is that of completed transactions: records of an open one are not counted.
        """
        subscription = self._consumer._subscription.subscription if self._consumer is not None else None
        assignment = subscription.assignment if subscription is not None else None
        if assignment is None:
            return {}
        states = {tp: assignment.state_value(KafkaTopicPartition(*tp)) for tp in partitions}
        return {tp: (self._position(tp, state), state.lso) for tp, state in states.items() if state is not None}

    def _position(self, tp: TopicPartition, state: Any) -> int | None:
        """Return where the stage will continue: before records that are fetched and not yet delivered."""
        start = None if self.prefetch is None else self.prefetch.start(tp)
        position: int | None = state.position if state.has_valid_position else None
        return position if start is None else start

    # -- committing

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> bool:
        """Commit offsets. Return False if that failed and is to be repeated, or no longer concerns this worker."""
        consumer = self._ensure_consumer()
        generation = consumer._coordinator.generation
        return bool(await self.call_thread(commit_offsets, consumer, dict(offsets), generation, self._address()))


def _check_errors(consumer: Any) -> None:
    """Raises the group's error, or the one that ended the fetching task, which aiokafka does not report."""
    consumer._coordinator.check_errors()
    if consumer._fetcher.error_future.done():
        consumer._fetcher.error_future.result()
