"""Faust's producer, changed to wait for the broker at its start and for all acknowledgements at its end."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from faust.transport.drivers import aiokafka as driver

from streams.kafka.connect import start_or_stop, wait_for_kafka

log = logging.getLogger(__name__)


class BatchProducer(driver.Producer):
    """An idempotent producer with acknowledgement by all replicas, which waits for the broker at its start."""

    @property
    def driver(self) -> Any:
        """The aiokafka producer. Raises Faust's `NotReady` before it is started."""
        return self._ensure_producer()

    def _settings_extra(self) -> Mapping[str, Any]:
        # An idempotent producer of aiokafka resends a batch until it is accepted, however long the broker is away, and
        # the broker drops batches that it has already.
        return {"acks": "all", "enable_idempotence": True}

    async def on_start(self) -> None:
        """Connect, however long that takes."""
        await self.add_runtime_dependency(self.buffer)
        address = ",".join(driver.server_list(self.transport.url, self.transport.default_port))
        stopped = lambda: bool(self.should_stop or self.app.should_stop)  # noqa: E731
        self._producer = await wait_for_kafka(address, self._connect, stopped)

    async def _connect(self) -> Any:
        producer = self._new_producer()
        await start_or_stop(producer.start, producer.stop)
        return producer

    async def flush(self) -> None:
        """Wait until all messages are acknowledged; stock Faust gives up on its own buffer after 0.1 s."""
        while self.buffer.size:
            await self.buffer.flush()
        if self._producer is not None:
            grace_s = self.app.consumer.grace_s
            try:
                await asyncio.wait_for(self._producer.flush(), grace_s)
            except TimeoutError:
                log.warning("Kafka did not acknowledge all messages within %g s.", grace_s)

    async def on_stop(self) -> None:
        """Close within a limit, because an idempotent producer waits for an absent broker without end.

        The offsets of messages that are lost with it were not committed.
        """
        producer, self._producer = self._producer, None
        if producer is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(producer.stop(), self.app.consumer.grace_s)
