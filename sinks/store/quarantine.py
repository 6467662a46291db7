"""What could not be used, as rows of `quarantine`: records that intake refused, and rows that ClickHouse refused.

A quarantined record carries its story in Kafka headers, text in UTF-8: reason, detail, raw_topic, raw_partition,
raw_offset, received_at_ms; and sent_again_as (topic/partition/offset) if it had been in the quarantine before. Its
value is the original bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from schemas.blocks import compress_rows
from schemas.rejected import Reason
from schemas.time import LATEST_MS
from sinks.clickhouse.client import Client
from sinks.store.blocks import Unreadable
from sinks.store.insert import insert_frames
from sinks.store.row_bisection import BadRows

TIMELINE: Final = "timeline"  # what stands as raw_topic for rows that the store refused
_encode = msgspec.msgpack.Encoder()


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A record of the topic `quarantine`, as the consumer hands it out."""

    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


def record_row(record: QuarantineRecord) -> bytes:
    """The row of a quarantined record. A header that is missing or no number counts as empty or 0: the bytes matter."""
    told = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    return _row(
        told.get("raw_topic", ""),
        _number(told, "raw_partition", 0xFFFF),
        _number(told, "raw_offset", 2**63 - 1),
        _number(told, "received_at_ms", LATEST_MS),
        told.get("reason", ""),
        told.get("detail", ""),
        record.value or b"",
        int("sent_again_as" in told),
    )


def refused_rows(partition: int, bad: Iterable[BadRows], unreadable: Iterable[Unreadable]) -> list[bytes]:
    """A row per timeline record of which something was refused: kept under `timeline`, its partition and offset.

    Of a record that is no block nobody knows when its touches arrived: 0.
    """
    told = [(it.timeline_offset, it.received_at_ms, f"{it.count} rows of {it.table}: {it.why}", it.data) for it in bad]
    told += [(it.timeline_offset, 0, f"no block: {it.why}", it.value) for it in unreadable]
    reason = Reason.REFUSED_BY_STORE.value
    return [
        _row(TIMELINE, partition, offset, received_at_ms, reason, detail, data, 0)
        for offset, received_at_ms, detail, data in told
    ]


def insert_quarantine(client: Client, rows: Sequence[bytes]) -> None:
    """Adds rows; a record that is added again stays one. Raises the driver's errors."""
    insert_frames(client, "quarantine", [compress_rows(rows)])


def _row(*values: str | int | bytes) -> bytes:
    return b"".join(_encode.encode(value) for value in values)


def _number(told: dict[str, str], name: str, greatest: int) -> int:
    text = told.get(name, "")
    return min(int(text), greatest) if text.isascii() and text.isdigit() and len(text) < 20 else 0
