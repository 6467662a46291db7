"""What could not be used: by reason, one by one, and as it came.

A record in quarantine belongs to no tenant: who sent it cannot be trusted to be read from it. One that was mended and
sent again is a touch under its first coordinates; as long as there is none it is `open`.
"""

from dataclasses import dataclass

from dashboards.answers.run_query import Client, Row, read, read_one


@dataclass(frozen=True, slots=True)
class Refused:
    """One record. `place` is topic/partition/offset, `detail` names the field and what is wrong.

    `sent_again`: it was sent again and refused again; `reason` and `detail` are then the last ones.
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
    """One record with its bytes as they came."""

    record: Refused
    original: bytes


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many were refused for a reason, how many of them are open, and when the newest came."""

    reason: str
    records: int
    open: int
    newest_ms: int


def refused(
    client: Client, *, reason: str = "", since_ms: int = 0, limit: int = 100, open_only: bool = False
) -> list[Refused]:
    """The newest `limit` records, of one reason (schemas.rejected.Reason) or all."""
    found = read(client, "quarantine_list", reason=reason, since_ms=since_ms, limit=limit, open_only=open_only)
    return [_refused(row) for row in found]


def original(client: Client, topic: str, partition: int, offset: int, sent_again: bool = False) -> Original | None:
    """The record with those coordinates as it came first, or as it was last sent again and refused. None if missing."""
    place = {"topic": topic, "partition": partition, "offset": offset}
    row = read_one(client, "quarantine_one", **place, sent_again=int(sent_again))
    if row is None:
        return None
    raw = bytes.fromhex(row["original"])
    return Original(_refused({**row, "size_bytes": len(raw)}), raw)


def reasons(client: Client, *, since_ms: int = 0) -> list[ReasonCount]:
    """The most frequent reason first."""
    return [ReasonCount(**row) for row in read(client, "quarantine_reasons", since_ms=since_ms)]


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
