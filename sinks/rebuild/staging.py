"""Tables that a rebuild fills from Kafka and compares with the real ones: `rebuild_<table>`, plain and without views.

They are dropped before and after. Only their rows that a real table lacks are copied into it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.blocks import compress_rows
from sinks.clickhouse.client import Client
from sinks.clickhouse.errors import Verdict, judge
from sinks.store.blocks import Part
from sinks.store.insert import COLUMNS
from sinks.store.row_bisection import BadRows, SchemaAtFault, sift

PREFIX: Final = "rebuild_"
_ORDER: Final = {  # staging table -> (what it is like, its sorting key)
    "events": ("events", "activity_partition, activity_offset"),
    "events_waiting": ("events", "activity_partition, activity_offset"),
    "profiles": ("profiles", "tenant, identifier, activity_offset"),
    "identities": ("identities", "tenant, identifier, activity_offset"),
    "session_pieces": ("session_pieces", "tenant, folded_into, day, activity_offset"),
    "profiles_now": ("profiles", "tenant, identifier"),
    "identities_now": ("identities", "tenant, identifier"),
    "profiles_waiting": ("profiles", "tenant, identifier"),
    "identities_waiting": ("identities", "tenant, identifier"),
    "quarantine": ("quarantine", "raw_topic, raw_partition, raw_offset, sent_again"),
}
_TOUCHES: Final = "tenant String, identifier String, touches UInt64, first_seen DateTime64(3, 'UTC')"
TOUCHES_COLUMNS: Final = ("tenant", "identifier", "touches", "first_seen")
_SETTINGS: Final[dict[str, object]] = {
    "async_insert": 0,
    "insert_deduplicate": 0,
    "max_partitions_per_insert_block": 0,
}


class NotStaged(Exception):
    """ClickHouse took rows and does not have them; the message is one sentence."""


@dataclass(slots=True)
class Staging:
    """Fills the staging tables through one client, and counts what it sent. `bad`: rows that ClickHouse refuses."""

    client: Client
    sent: dict[str, int] = field(default_factory=dict)
    bad: list[BadRows] = field(default_factory=list)

    def make(self) -> None:
        """All of them, empty. Raises the driver's errors."""
        self.drop()
        for name, (like, order) in _ORDER.items():
            self.client.command(f"CREATE TABLE {PREFIX}{name} AS {like} ENGINE = MergeTree ORDER BY ({order})")
        self.client.command(
            f"CREATE TABLE {PREFIX}touches ({_TOUCHES}) ENGINE = MergeTree ORDER BY (tenant, identifier)"
        )

    def drop(self) -> None:
        """Whatever a rebuild left."""
        for name in (*_ORDER, "touches"):
            self.client.command(f"DROP TABLE IF EXISTS {PREFIX}{name}")

    def add_parts(self, into: str, table: str, parts: Sequence[Part]) -> None:
        """Blocks' rows of a table; those that ClickHouse refuses are set aside in `bad`."""
        frames = [part.frame for part in parts]
        rows = sum(part.header.rows for part in parts)
        try:
            self._insert(into, COLUMNS[table], frames)
        except ClickHouseError as error:
            if judge(error) is Verdict.RETRY:
                raise
            try:
                sifted = sift(self.client, table, parts)
            except SchemaAtFault:
                raise error from None
            self._insert(into, COLUMNS[table], sifted.frames)
            self.bad += sifted.bad
            rows -= sum(bad.count for bad in sifted.bad)
        self.sent[into] = self.sent.get(into, 0) + rows

    def add_rows(self, into: str, rows: Sequence[bytes]) -> None:
        """Encoded rows of a staging table."""
        columns = TOUCHES_COLUMNS if into == "touches" else COLUMNS[_ORDER[into][0]]
        if rows:
            self._insert(into, columns, [compress_rows(rows)])
            self.sent[into] = self.sent.get(into, 0) + len(rows)

    def check(self) -> None:
        """Raises `NotStaged` unless everything sent is there: what is compared next must not be short."""
        for name, rows in self.sent.items():
            found = int(self.client.query(f"SELECT count() FROM {PREFIX}{name}").result_rows[0][0])
            if found != rows:
                raise NotStaged(
                    f"ClickHouse took {rows} rows for {PREFIX}{name} and holds {found}: make room on its disk, then "
                    "run `touchline rebuild` again"
                )

    def _insert(self, into: str, columns: Iterable[str], frames: Sequence[bytes]) -> None:
        if frames:
            self.client.raw_insert(
                f"{PREFIX}{into}",
                tuple(columns),
                insert_block=b"".join(frames),
                fmt="MsgPack",
                compression="zstd",
                settings={**_SETTINGS, "insert_deduplication_token": uuid4().hex},
            )
