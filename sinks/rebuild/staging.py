"""Staging tables `rebuild_<table>`, which a rebuild fills from Kafka and compares with the real tables.

They have no views and are dropped before and after. Only rows that a real table lacks are copied into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from clickhouse_connect.driver.exceptions import ClickHouseError

from schemas.blocks import compress_rows
from schemas.column import TEXT, TIME, Column, columns_of
from schemas.columns import QUARANTINE, TABLES
from schemas.plural import counted
from sinks.clickhouse.client import Client
from sinks.clickhouse.errors import ErrorKind, classify
from sinks.store.blocks import TableBlock
from sinks.store.insert import insert_frames
from sinks.store.row_bisection import BadRows, TableFaultError, find_bad_rows

PREFIX: Final = "rebuild_"
_ORDER: Final = {  # staging table -> (the table whose columns it has, its sorting key)
    "events": ("events", "activity_partition, activity_offset"),
    "events_waiting": ("events", "activity_partition, activity_offset"),
    "profiles": ("profiles", "tenant, identifier, activity_offset"),
    "identities": ("identities", "tenant, identifier, activity_offset"),
    "session_pieces": ("session_pieces", "tenant, folded_into, day, activity_offset"),
    "page_times": ("page_times", "tenant, folded_into, page_id, activity_offset"),
    "profiles_now": ("profiles", "tenant, identifier"),
    "identities_now": ("identities", "tenant, identifier"),
    "profiles_waiting": ("profiles", "tenant, identifier"),
    "identities_waiting": ("identities", "tenant, identifier"),
    "quarantine": ("quarantine", "raw_topic, raw_partition, raw_offset, sent_again"),
}
_COLUMNS: Final = {**TABLES, "quarantine": QUARANTINE}
_TOUCHES: Final = columns_of(
    ("tenant", TEXT, ""), ("identifier", TEXT, ""), ("touches", "UInt64", 0), ("first_seen", TIME, 0)
)


class StagingIncompleteError(Exception):
    """ClickHouse accepted rows for staging and does not have them; the message is one sentence."""


@dataclass(slots=True)
class Staging:
    """Fills the staging tables through one client and counts the rows. `bad` are rows that ClickHouse refuses."""

    client: Client
    sent: dict[str, int] = field(default_factory=dict)
    bad: list[BadRows] = field(default_factory=list)

    def create(self) -> None:
        """Create all staging tables, empty. Raises the driver's errors."""
        self.drop()
        for name, (like, order) in _ORDER.items():
            self.client.command(f"CREATE TABLE {PREFIX}{name} AS {like} ENGINE = MergeTree ORDER BY ({order})")
        columns = ", ".join(f"{column.name} {column.type}" for column in _TOUCHES)
        self.client.command(
            f"CREATE TABLE {PREFIX}touches ({columns}) ENGINE = MergeTree ORDER BY (tenant, identifier)"
        )

    def drop(self) -> None:
        """Drop all staging tables, also those that another rebuild has left."""
        for name in (*_ORDER, "touches"):
            self.client.command(f"DROP TABLE IF EXISTS {PREFIX}{name}")

    def add_blocks(self, into: str, table: str, blocks: Sequence[TableBlock]) -> None:
        """Insert the rows of blocks; those that ClickHouse refuses are added to `bad`."""
        frames = [block.frame for block in blocks]
        rows = sum(block.header.rows for block in blocks)
        try:
            self._insert(into, TABLES[table], frames)
        except ClickHouseError as error:
            if classify(error) is ErrorKind.RETRY:
                raise
            try:
                found = find_bad_rows(self.client, table, blocks)
            except TableFaultError:
                raise error from None
            self._insert(into, TABLES[table], found.frames)
            self.bad += found.bad
            rows -= sum(bad.count for bad in found.bad)
        self.sent[into] = self.sent.get(into, 0) + rows

    def add_rows(self, into: str, rows: Sequence[bytes]) -> None:
        """Insert encoded rows."""
        columns = _TOUCHES if into == "touches" else _COLUMNS[_ORDER[into][0]]
        if rows:
            self._insert(into, columns, [compress_rows(rows)])
            self.sent[into] = self.sent.get(into, 0) + len(rows)

    def check(self) -> None:
        """Raise `StagingIncompleteError` unless every sent row is stored, since a comparison needs all of them."""
        for name, rows in self.sent.items():
            found = int(self.client.query(f"SELECT count() FROM {PREFIX}{name}").result_rows[0][0])
            if found != rows:
                raise StagingIncompleteError(
                    f"ClickHouse accepted {counted(rows, 'row')} for {PREFIX}{name} and has {found}: make room on its "
                    "disk, then run `touchline rebuild` again"
                )

    def _insert(self, into: str, columns: Sequence[Column], frames: Sequence[bytes]) -> None:
        if frames:
            insert_frames(self.client, f"{PREFIX}{into}", frames, columns)
