"""Quarantined records: lists, and original bytes.

A quarantined record has no tenant, because its content cannot be trusted. It is `open` until it was sent again and
accepted.
"""

from dataclasses import dataclass

from dashboards.answers.run_query import Client, Row, read, read_one


@dataclass(frozen=True, slots=True)
class Refused:
    """A quarantined record. `place` is topic/partition/offset; `detail` names the field and what is wrong.

    `sent_again` means that it was sent again and refused again; `reason` and `detail` are those of the last refusal.
    """

    place: str
    raw_topic: str
    raw_partition: int
    raw_offset: int
    received_ms: int
    reason: str
    detail: str
    size_bytes: int
    open: bool
    sent_again: bool


@dataclass(frozen=True, slots=True)
class Original:
    """A record with its original bytes."""

    record: Refused
    original: bytes


def refused(
    client: Client, *, reason: str = "", since_ms: int = 0, limit: int = 100, open_only: bool = False
) -> list[Refused]:
    """Return the newest `limit` records of one reason (schemas.rejected.Reason), or of all with ''."""
    found = read(client, "quarantine_list", reason=reason, since_ms=since_ms, limit=limit, open_only=open_only)
    return [_refused(row) for row in found]


def original(client: Client, topic: str, partition: int, offset: int, sent_again: bool = False) -> Original | None:
    """Return a record with its original bytes, or those last sent again and refused; None if there is none."""
    coordinates = {"topic": topic, "partition": partition, "offset": offset}
    row = read_one(client, "quarantine_one", **coordinates, sent_again=int(sent_again))
    if row is None:
        return None
    raw = bytes.fromhex(row["original"])
    return Original(_refused({**row, "size_bytes": len(raw)}), raw)


def _refused(row: Row) -> Refused:
    return Refused(
        f"{row['raw_topic']}/{row['raw_partition']}/{row['raw_offset']}",
        row["raw_topic"],
        row["raw_partition"],
        row["raw_offset"],
        row["received_ms"],
        row["reason"],
        row["detail"],
        row["size_bytes"],
        bool(row["open"]),
        bool(row["sent_again"]),
    )
