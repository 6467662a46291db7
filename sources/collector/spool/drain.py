"""The drain: one task that sends the segments of the spool to Kafka, oldest first, while Kafka answers."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sources.collector.group_commit import KafkaSink
from sources.collector.sink import RawRecord, RecordsTooLarge, SinkUnavailable
from sources.collector.spool.frame import Damage, encode_frame, read_frames
from sources.collector.spool.segment import set_aside
from sources.collector.spool.spool import Spool

log = logging.getLogger(__name__)

CHUNK_BYTES: Final = 256 * 1024  # of values that one commit sends
_PAUSE_S: Final = 0.5
_DISK_PAUSE_S: Final = 5.0


class Drain:
    """Sends what the spool has, until it is cancelled. Cancelling is safe at any time, as a crash is."""

    def __init__(self, spool: Spool, kafka: KafkaSink) -> None:
        self._spool = spool
        self._kafka = kafka
        self._reported = ""

    async def run(self) -> None:
        """Drain the spool whenever it has records and Kafka answers."""
        while True:
            await self._spool.appended.wait()
            await self._kafka.wait_ready()
            segment = await self._spool.oldest()
            if segment is None:
                continue
            try:
                await self._send(segment)
            except OSError as error:
                log.error("Segment %s of the spool cannot be drained (%s); trying others first.", segment, error)
                self._spool.postpone(segment)
                await asyncio.sleep(_DISK_PAUSE_S)

    async def _send(self, segment: Path) -> None:
        """Send the records of a segment, then delete it. What cannot be read is set aside before. Raises OSError."""
        content = await asyncio.to_thread(segment.read_bytes)
        records: list[RawRecord] = []
        for one in read_frames(content):
            if isinstance(one, RawRecord):
                records.append(one)
            elif one.torn:
                log.info("Segment %s ends with a record whose write did not finish; it is left out.", segment)
            else:
                await self._set_aside(segment, one, content)
        sent = 0
        for chunk in cut_chunks(records):
            for position in await self._commit(chunk):
                await self._set_aside_record(segment, sent + position, chunk[position])
            sent += len(chunk)
            self._spool.usage.drained += len(chunk)
        await self._spool.delete(segment)
        log.info("Kafka has the %d records of segment %s of the spool.", len(records), segment.name)

    async def _commit(self, records: list[RawRecord]) -> tuple[int, ...]:
        """Send records, however often it takes, and return the positions of those that are too large for Kafka."""
        while True:
            try:
                await self._kafka.commit(records)
            except RecordsTooLarge as error:
                return error.positions
            except SinkUnavailable as error:
                if str(error) != self._reported:
                    self._reported = str(error)
                    log.warning("The spool waits for Kafka: %s", error)
                await asyncio.sleep(_PAUSE_S)
                await self._kafka.wait_ready()
            else:
                self._reported = ""
                return ()

    async def _set_aside(self, segment: Path, damage: Damage, content: bytes) -> None:
        kept = await asyncio.to_thread(set_aside, segment, f"byte-{damage.start}", content[damage.start : damage.end])
        self._spool.usage.damaged += 1
        log.error(
            "Segment %s of the spool is damaged at bytes %d to %d: their records are lost unless you restore them from "
            "%s. Look for disk faults in the system's log.",
            segment,
            damage.start,
            damage.end,
            kept,
        )

    async def _set_aside_record(self, segment: Path, number: int, record: RawRecord) -> None:
        kept = await asyncio.to_thread(set_aside, segment, f"record-{number}", encode_frame(record))
        self._spool.usage.damaged += 1
        log.error(
            "A record of segment %s is too large for topic %s and is kept in %s: raise max.message.bytes of the topic.",
            segment,
            record.topic,
            kept,
        )


def cut_chunks(records: list[RawRecord]) -> Iterator[list[RawRecord]]:
    """Yield the records in order, in lists of about `CHUNK_BYTES`."""
    chunk: list[RawRecord] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += len(record.value)
        if size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
