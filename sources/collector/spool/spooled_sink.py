"""A sink that writes to Kafka while it answers, and to the spool while it does not.

While Kafka answers, nothing is written to disk. New records do not wait for the drain of older ones: the result of the
pipeline does not depend on the order of messages.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from sources.collector.group_commit import KafkaSink
from sources.collector.sink import RawRecord, SinkUnavailable
from sources.collector.spool.drain import Drain
from sources.collector.spool.spool import Spool


class SpooledSink:
    """A sink that is available as long as Kafka or the disk of the spool is."""

    def __init__(self, kafka: KafkaSink, spool: Spool) -> None:
        self.kafka = kafka
        self.spool = spool
        self._drain: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to connect to Kafka and to drain, and return at once."""
        self.kafka.start()
        self._drain = asyncio.get_running_loop().create_task(Drain(self.spool, self.kafka).run())

    async def stop(self) -> None:
        """Stop draining, disconnect and release the folder. What is in the spool is sent after the next start."""
        if self._drain is not None:
            self._drain.cancel()
            with suppress(asyncio.CancelledError):
                await self._drain
        await self.kafka.stop()
        await self.spool.close()

    def ready(self) -> str | None:
        """Return why records are refused, or None."""
        away = self.kafka.ready()
        if away is None:
            return None
        full = self.spool.ready()
        return None if full is None else f"{away}. {full}"

    async def commit(self, records: Sequence[RawRecord]) -> None:
        """Return once Kafka has acknowledged the records or the spool has synced them.

        Records whose acknowledgement by Kafka was late may be in both; their event ids make them count once. Raises
        SinkUnavailable if neither takes them, and RecordsTooLarge.
        """
        if not records:
            return
        if self.kafka.ready() is None:
            with suppress(SinkUnavailable):  # then the spool takes them
                await self.kafka.commit(records)
                return
        await self.spool.append(records)
