"""Stage 1: raw records become touches on `activity`, or go to the quarantine with their reason. Nothing is dropped.

1. Decode each record by itself (pure), on the fast path if possible. An invalid record, or one on which the code fails,
   does not affect the others.
2. Send all touches and refusals, and wait until the broker has acknowledged them.
3. Return: the batch may be committed. A crash before that repeats it, with the same event ids.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from time import perf_counter

from schemas.activity import encode_record
from schemas.arrival import arrival_of
from schemas.rejected import Reason, Rejected
from schemas.time import LATEST_MS
from streams.intake.column_cache import IdentifierReader
from streams.intake.decoder import IntakeConfig, decode, key_of
from streams.intake.fast_path import FastPath, place_of
from streams.observer import Observer
from streams.quarantine import RawRecord, quarantine_record, read_raw, was_replayed
from streams.records import Message, Outbox, Record, RecordBatch, Send, partition_of
from streams.topics import Topics

log = logging.getLogger(__name__)


def _log_faults(faults: list[Exception], batch: RecordBatch) -> None:
    """Log one line per batch, however many records failed, with the first traceback."""
    if faults:
        log.error(
            "Intake failed on %d records of %s/%d because of a defect in Touchline, not in the records. They are in "
            "the quarantine with the reason `fault`: report this, and replay them once it is fixed.",
            len(faults),
            batch.topic,
            batch.partition,
            exc_info=faults[0],
        )


class Intake:
    """The stage. `send` returns once the broker has acknowledged everything."""

    def __init__(self, topics: Topics, config: IntakeConfig, send: Send, observer: Observer) -> None:
        self._topics = topics
        self._config = config
        self._send = send
        self._observer = observer
        identifiers = IdentifierReader(config.order, config.region)
        self._channels = {topics.raw(channel): channel for channel in topics.channels}
        self._fast_paths = {topics.raw(c): FastPath(c, config, identifiers) for c in topics.channels}

    async def process(self, batch: RecordBatch) -> None:
        """Process one batch of one raw partition."""
        started = perf_counter()
        channel = self._channels[batch.topic]
        by_partition: list[list[Message]] = [[] for _ in range(self._topics.activity_partitions)]
        refused: list[Message] = []
        reasons: Counter[str] = Counter()
        faults: list[Exception] = []
        for record, touch in self._read_fast(batch):
            if touch is None:
                raw = read_raw(channel, batch, record)
                result = self._decode(raw, faults)
                if isinstance(result, Rejected):
                    reasons[result.reason.value] += 1
                    refused.append(quarantine_record(raw, result, f"{batch.topic}/{batch.partition}/{record.offset}"))
                    continue
                touch = result
            by_partition[partition_of(touch[0], len(by_partition))].append((*touch, ()))
        _log_faults(faults, batch)
        await self._send(self._address(by_partition, refused))
        self._report(channel, len(batch), reasons, perf_counter() - started)

    def _read_fast(self, batch: RecordBatch) -> Iterator[tuple[Record, tuple[bytes, bytes] | None]]:
        """Yield each record with (key, value) of its touch, or with None if it needs the reference path.

        Records from the quarantine always need it.
        """
        path, place = self._fast_paths.get(batch.topic), place_of(batch.topic, batch.partition)
        for record in batch.records:
            received_at_ms = record.timestamp
            if path is None or not 0 <= received_at_ms <= LATEST_MS or (record.headers and was_replayed(record)):
                yield record, None
                continue
            if record.headers:
                received_at_ms = arrival_of(record.headers, received_at_ms)
            yield record, path.read(record.value, record.offset, received_at_ms, place)

    def _address(self, by_partition: list[list[Message]], refused: list[Message]) -> Outbox:
        outbox = {(self._topics.activity, number): messages for number, messages in enumerate(by_partition) if messages}
        return outbox | {(self._topics.quarantine, 0): refused} if refused else outbox

    def _decode(self, raw: RawRecord, faults: list[Exception]) -> tuple[bytes, bytes] | Rejected:
        """Return (key, value) of the touch, or why there is none.

        An exception is such a reason, too, and is added to `faults`: one such record must not block the partition.
        """
        try:
            result = decode(raw, self._config)
            if isinstance(result, Rejected):
                return result
            return key_of(result), encode_record(result)
        except MemoryError:  # caused by the machine, not by the record
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
