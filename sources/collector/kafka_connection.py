"""The collector's connection to Kafka: a producer while Kafka answers, and a reason while it does not.

A producer that has lost its Kafka is replaced instead of repaired, so that its unsent batches go with it and an outage
leaves no queue behind.

The producer is not idempotent. An idempotent producer of aiokafka 0.14 never gives up a batch, so memory would grow
while Kafka is away, and a batch that Kafka refuses leaves a gap in the sequence numbers, after which Kafka refuses
every later batch of the partition. A retry may therefore store records twice; the pipeline counts an event id once.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

log = logging.getLogger(__name__)

COMPRESSION: Final = "zstd"  # as the emitter compresses


@dataclass(frozen=True, slots=True)
class KafkaLimits:
    """Limits of time, size and memory of the Kafka sink.

    `ack_timeout_s`: time for one record batch to be acknowledged, after which Kafka counts as away. `reconnect_s`:
    pause between attempts to connect. `batch_bytes`: size of the largest record batch before compression; less than
    Kafka's default limit of 1 MB. `in_flight_bytes`: memory for records that are not acknowledged yet. `linger_s`: how
    long the first record of a batch waits for others.
    """

    ack_timeout_s: float = 5.0
    reconnect_s: float = 0.5
    batch_bytes: int = 512 * 1024
    in_flight_bytes: int = 64 * 1024 * 1024
    linger_s: float = 0.003


class KafkaConnection:
    """A producer that is replaced after each outage by a task that runs from `start` to `stop`.

    `prepare` is called in a thread at each connection, before the first record, and when a topic is missing; it may
    create topics. `lost` is called with the reason when the connection is lost.
    """

    def __init__(
        self,
        bootstrap: str,
        limits: KafkaLimits,
        prepare: Callable[[], object] | None = None,
        lost: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self.producer: Any = None
        self.reason: str | None = f"Kafka at {bootstrap} has not answered yet: check that it is running"
        self._bootstrap = bootstrap
        self._limits = limits
        self._prepare = prepare
        self._lost = lost
        self._wanted = asyncio.Event()
        self._connected = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False
        self._closing: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to connect, and return at once."""
        self._wanted.set()
        self._keeper = asyncio.get_running_loop().create_task(self._keep_connected())

    async def wait_connected(self) -> None:
        """Return once there is a connection."""
        await self._connected.wait()

    async def prepare_topics(self) -> None:
        """Create missing topics, as at a connection. Raises what `prepare` raises."""
        if self._prepare is not None:
            await asyncio.to_thread(self._prepare)

    def lose(self, producer: Any, error: BaseException) -> None:
        """Give up a producer whose Kafka does not answer; does nothing if it has been replaced already."""
        if producer is not self.producer or producer is None:
            return
        self.producer = None
        self.reason = f"Kafka at {self._bootstrap} does not answer ({describe(error)}): check that it is running"
        log.warning("%s. Reconnecting every %g s.", self.reason, self._limits.reconnect_s)
        self._connected.clear()
        self._wanted.set()
        self._close_later(producer)
        self._lost(self.reason)

    async def stop(self) -> None:
        """Disconnect. Records that are not acknowledged after `ack_timeout_s` are given up."""
        self._stopping = True
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        producer, self.producer = self.producer, None
        self.reason = "The collector is stopping"
        if producer is not None:
            self._close_later(producer)
        closing = list(self._closing)
        if closing:
            await asyncio.wait(closing, timeout=self._limits.ack_timeout_s)
            for task in closing:
                task.cancel()
            await asyncio.gather(*closing, return_exceptions=True)

    async def _keep_connected(self) -> None:
        # An error of the client at the moment of the cancellation replaces it (Python 3.11's `asyncio.wait_for`).
        while not self._stopping:
            await self._wanted.wait()
            try:
                self.producer = await self._connect()
            except (KafkaError, TimeoutError, OSError) as error:
                self.reason = (
                    f"Kafka at {self._bootstrap} does not answer ({describe(error)}): check that it is running"
                )
                await asyncio.sleep(self._limits.reconnect_s)
            except Exception as error:  # of `prepare`, such as topics that cannot be created
                if self.reason != str(error):
                    log.exception("The topics of Kafka at %s could not be prepared; retrying.", self._bootstrap)
                self.reason = str(error)
                await asyncio.sleep(self._limits.reconnect_s)
            else:
                self.reason = None
                self._wanted.clear()
                self._connected.set()
                log.info("Connected to Kafka at %s.", self._bootstrap)

    async def _connect(self) -> Any:
        timeout_ms = int(self._limits.ack_timeout_s * 1000)
        producer = AIOKafkaProducer(
            bootstrap_servers=[server.strip() for server in self._bootstrap.split(",")],
            client_id="touchline-collector",
            acks="all",
            compression_type=COMPRESSION,
            max_batch_size=self._limits.batch_bytes,
            request_timeout_ms=timeout_ms,
        )
        try:
            await asyncio.wait_for(producer.start(), self._limits.ack_timeout_s)
            await self.prepare_topics()
        except BaseException:
            self._close_later(producer)
            raise
        return producer

    def _close_later(self, producer: Any) -> None:
        """Close a producer in the background, because it first waits for its batches to expire."""
        task = asyncio.get_running_loop().create_task(_close(producer))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close(producer: Any) -> None:
    """Close a producer once its batches are sent or have expired; when cancelled, close its connections at once."""
    try:
        with suppress(KafkaError, OSError):
            await producer.stop()
    finally:
        await producer.client.close()


def describe(error: BaseException) -> str:
    """Return the name of an error of the client and its text, if it has one."""
    name, text = type(error).__name__, str(error).rstrip(".")
    return name if not text else text if text.startswith(name) else f"{name}: {text}"
