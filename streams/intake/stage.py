"""First stage: raw records become touches on `activity`, or go to the quarantine with their reason. Nothing is dropped.

1. decode each record by itself (pure), by the short way if it is plainly good: a bad one, or one we fail on, neither
   delays nor condemns its neighbours
2. send all touches and refusals, and wait until the broker has them
3. return: the batch may be acknowledged. A crash before that repeats it, to the same ids
"""

import logging
from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from schemas.activity import encode_record
from schemas.rejected import Reason, Rejected
from schemas.time import LATEST_MS
from streams.intake.column_cache import People
from streams.intake.decoder import Reading, decode
from streams.intake.fast_path import PlainPath, place_of
from streams.observer import Observer
from streams.quarantine import RawRecord, quarantine_record, read_raw
from streams.records import Message, Outbox, Record, RecordBatch, Send, partition_of
from streams.topics import Topics

log = logging.getLogger(__name__)


def _tell(faults: list[Exception], batch: RecordBatch) -> None:
    """One line a batch, however many records, with the first traceback."""
    if faults:
        log.error(
            "Intake failed on %d records of %s/%d (a mistake of Touchline, not of who sent them). They are in the "
            "quarantine with the reason `fault`: report this, and replay them once it is mended.",
            len(faults),
            batch.topic,
            batch.partition,
            exc_info=faults[0],
        )


class Intake:
    """The stage. `send` returns once everything is acknowledged."""

    def __init__(self, topics: Topics, reading: Reading, send: Send, observer: Observer) -> None:
        self._topics = topics
        self._reading = reading
        self._send = send
        self._observer = observer
        people = People(reading.order, reading.region)
        self._channels = {topics.raw(channel): channel for channel in topics.channels}
        self._plain = {topics.raw(c): PlainPath(c, reading, people) for c in topics.channels}

    async def process(self, batch: RecordBatch) -> None:
        """Handle one batch of one raw partition."""
        started = perf_counter()
        channel = self._channels[batch.topic]
        lanes: list[list[Message]] = [[] for _ in range(self._topics.activity_partitions)]
        refused: list[Message] = []
        reasons: Counter[str] = Counter()
        faults: list[Exception] = []
        for record, touch in self._read_plain(batch):
            if touch is None:
                raw = read_raw(channel, batch, record)
                result = self._settle(raw, faults)
                if isinstance(result, Rejected):
                    reasons[result.reason.value] += 1
                    refused.append(quarantine_record(raw, result, f"{batch.topic}/{batch.partition}/{record.offset}"))
                    continue
                touch = result
            lanes[partition_of(touch[0], len(lanes))].append((*touch, ()))
        _tell(faults, batch)
        await self._send(self._address(lanes, refused))
        self._report(channel, len(batch), reasons, perf_counter() - started)

    def _read_plain(self, batch: RecordBatch) -> Iterator[tuple[Record, tuple[bytes, bytes] | None]]:
        """Each record, with (key, value) of its touch if it is plainly good and was never in the quarantine."""
        path, place = self._plain.get(batch.topic), place_of(batch.topic, batch.partition)
        for record in batch.records:
            if path is None or record.headers or not 0 <= record.timestamp <= LATEST_MS:
                yield record, None
            else:
                yield record, path.read(record.value, record.offset, record.timestamp, place)

    def _address(self, lanes: list[list[Message]], refused: list[Message]) -> Outbox:
        outbox = {(self._topics.activity, number): lane for number, lane in enumerate(lanes) if lane}
        return outbox | {(self._topics.quarantine, 0): refused} if refused else outbox

    def _settle(self, raw: RawRecord, faults: list[Exception]) -> tuple[bytes, bytes] | Rejected:
        """(key, value) of the touch, or why there is none. A mistake of ours is such a reason too, and is in `faults`:
        one record that nobody foresaw must not hold up all that come after it."""
        try:
            result = decode(raw, self._reading)
            if isinstance(result, Rejected):
                return result
            return (result.ids[0] if result.ids else result.event_id).encode(), encode_record(result)
        except MemoryError:  # of the machine, not of the record
            raise
        except Exception as error:
            faults.append(error)
            return Rejected(Reason.FAULT, f"{type(error).__name__}: {error}")

    def _report(self, channel: str, records: int, reasons: Counter[str], seconds: float) -> None:
        refused = reasons.total()
        self._observer.touches(channel, "accepted", records - refused)
        self._observer.touches(channel, "rejected", refused)
        for reason, count in reasons.items():
            self._observer.rejected(channel, reason, count)
        self._observer.batch("intake", records, seconds)
