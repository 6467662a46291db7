"""Records for the quarantine topic, and raw records that may have been there before."""

from dataclasses import dataclass
from re import compile as pattern
from typing import Final

from schemas.arrival import arrival_of
from schemas.rejected import Rejected
from schemas.time import LATEST_MS
from streams.records import Message, Record, RecordBatch

ORIGIN: Final = "origin"  # header of a replayed record: the topic/partition/offset it had first
KEPT_BYTES: Final = 4 * 1024 * 1024  # of an original: half of the largest record of the quarantine
_PLACE: Final = pattern(rb"([a-zA-Z0-9._-]{1,249})/([0-9]{1,5})/([0-9]{1,18})")  # with Kafka's topic names
_LAST_PARTITION: Final = 0xFFFF  # the largest value of the column


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record of a raw topic. A record that was replayed from the quarantine keeps its first coordinates."""

    channel: str
    topic: str
    partition: int
    offset: int
    received_at_ms: int
    value: bytes | None
    replayed: bool = False


def read_raw(channel: str, batch: RecordBatch, record: Record) -> RawRecord:
    """Return a consumed record, under its first coordinates if it was replayed from the quarantine.

    Anyone may write to a raw topic: an invalid header is ignored, and a time outside the range of the column is
    clamped.
    """
    topic, partition, offset, replayed = batch.topic, batch.partition, record.offset, False
    for name, value in record.headers:
        place = _PLACE.fullmatch(value or b"") if name == ORIGIN else None
        if place and int(place[2]) <= _LAST_PARTITION:
            topic, partition, offset, replayed = place[1].decode(), int(place[2]), int(place[3]), True
    received_at_ms = arrival_of(record.headers, min(max(record.timestamp, 0), LATEST_MS))
    return RawRecord(channel, topic, partition, offset, received_at_ms, record.value, replayed)


def was_replayed(record: Record) -> bool:
    """Return whether a record comes from the quarantine, or may do so."""
    return any(name == ORIGIN for name, _ in record.headers)


def quarantine_record(raw: RawRecord, why: Rejected, place: str = "") -> Message:
    """Return the original bytes as a record for the quarantine, with reason and origin in its headers.

    A value of more than `KEPT_BYTES` is truncated, and the detail has both sizes. `place` is the topic/partition/offset
    that a replayed record has now.
    """
    size = len(raw.value or b"")
    cut = f" (only the first {KEPT_BYTES} of {size} bytes are kept)" if size > KEPT_BYTES else ""
    headers = {
        "reason": why.reason.value,
        "detail": why.detail + cut,
        "raw_topic": raw.topic,
        "raw_partition": raw.partition,
        "raw_offset": raw.offset,
        "received_at_ms": raw.received_at_ms,
    }
    first = f"{raw.topic}/{raw.partition}/{raw.offset}"
    if place and place != first:
        headers["sent_again_as"] = place
    key = first.encode()
    kept = raw.value[:KEPT_BYTES] if raw.value else raw.value
    return key, kept, [(name, str(value).encode(errors="replace")) for name, value in headers.items()]
