"""Rows of the table `quarantine`: records that intake refused, and rows that ClickHouse refused.

The value of a quarantined record is the original bytes. Its Kafka headers, text in UTF-8, say why and from where:
reason, detail, raw_topic, raw_partition, raw_offset, received_at_ms; and sent_again_as (topic/partition/offset) if it
had been replayed from the quarantine before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.blocks import compress_rows
from schemas.columns import QUARANTINE
from schemas.rejected import Reason
from schemas.row_binary import encode_values
from schemas.time import LATEST_MS
from sinks.clickhouse.client import Client
from sinks.store.blocks import UnreadableRecord
from sinks.store.insert import insert_frames
from sinks.store.row_bisection import BadRows

TIMELINE: Final = "timeline"  # raw_topic of rows that the store refused


@dataclass(frozen=True, slots=True)
class QuarantineRecord:
    """A record of the topic `quarantine`."""

    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


def record_row(record: QuarantineRecord) -> bytes:
    """Return the row of a quarantined record. A missing header counts as empty, one that is no number as 0."""
    headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
    return _row(
        headers.get("raw_topic", ""),
        _number(headers, "raw_partition", 0xFFFF),
        _number(headers, "raw_offset", 2**63 - 1),
        _number(headers, "received_at_ms", LATEST_MS),
        headers.get("reason", ""),
        headers.get("detail", ""),
        record.value or b"",
        int("sent_again_as" in headers),
    )


def refused_rows(partition: int, bad: Iterable[BadRows], unreadable: Iterable[UnreadableRecord]) -> list[bytes]:
    """Return a row per timeline record with refused rows, with the topic `timeline` and its partition and offset.

    The arrival time is 0 for a record that is no block, because it is unknown.
    """
    refused = [  # `sinks.checks.missing_rows` searches the details for " rows of TABLE: "
        (it.timeline_offset, it.received_at_ms, f"{it.count} rows of {it.table}: {it.why}", it.data) for it in bad
    ]
    refused += [(it.timeline_offset, 0, f"no block: {it.why}", it.value) for it in unreadable]
    reason = Reason.REFUSED_BY_STORE.value
    return [
        _row(TIMELINE, partition, offset, received_at_ms, reason, detail, data, 0)
        for offset, received_at_ms, detail, data in refused
    ]


def insert_quarantine(client: Client, rows: Sequence[bytes]) -> None:
    """Insert rows; a record that is inserted again is kept once. Raises the driver's errors."""
    insert_frames(client, "quarantine", [compress_rows(rows)])


def _row(*values: str | int | bytes) -> bytes:
    return encode_values(QUARANTINE, values)


def _number(headers: dict[str, str], name: str, greatest: int) -> int:
    text = headers.get(name, "")
    return min(int(text), greatest) if text.isascii() and text.isdigit() and len(text) < 20 else 0
