"""Reconciles an insert of touches that was not acknowledged: finds what each table lacks and inserts only that.

ClickHouse skips a repeated insert where it remembers the token. An engine that was killed may remember the token and
lack the rows: a plain MergeTree writes its deduplication log before it adds the new part (1 of 24 kills in the middle
of an insert lost the rows in this way). Each table shows by itself which case it is:

- `events` either has the newest row of a touch or has not. A former revision of the batch need not be there: a merge
  removes it, and inserted again it would be taken for the newest;
- a rollup row keeps, per activity partition, the offset up to which it counts. The batches of a partition arrive in
  order, and one insert into a rollup is there as a whole or not at all, so a key that is not counted up to the end of
  the batch lacks the whole batch. What the batch brings to a key is computed from a table of its rows alone.

The missing rows are inserted into that table alone, whatever tokens it remembers. After a crash in between, the next
reconciliation finds the rest. Only the owner of a timeline partition reconciles, so no other process inserts rows of
these activity partitions meanwhile.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from schemas.blocks import compress_rows, decompress_rows
from schemas.columns import TABLES
from schemas.row_reader import RowReader
from sinks.clickhouse.client import Client
from sinks.store.insert import UNDEDUPLICATED, insert_frames, plain
from sinks.store.rollups import ROLLUPS, counts_of

_IN_DOUBT: Final = "touches_in_doubt_"
_FORMER: Final = -1  # `change` of a row that only the rollups take in
_RECORD: Final = "activity_partition, activity_offset, change"
_REPLAYED: Final = (  # a row that is there already changes nothing
    "INSERT INTO replayed SELECT raw_topic, raw_partition, raw_offset FROM {} "
    f"WHERE change > 0 AND has(flags, 'replayed') {UNDEDUPLICATED}"
)
_KEY: Final = ("tenant", "folded_into", "occurred_at", "event_id", "channel", "beyond_window")


@dataclass(slots=True)
class Completed:
    """How much was missing and has been inserted."""

    events: int = 0
    rollup_rows: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.events or any(self.rollup_rows.values()))


def complete_touches(client: Client, frames: Sequence[bytes]) -> Completed:
    """Insert the touches of frames that `events` and the rollups lack; return how many. Raises the driver's errors."""
    completed = Completed(_complete_events(client, _newest_rows(frames)))
    _drop_abandoned(client)
    table = f"{_IN_DOUBT}{uuid4().hex}"
    client.command(f"CREATE TABLE {table} AS incoming ENGINE = MergeTree ORDER BY ({_RECORD})")
    try:
        insert_frames(client, table, frames, plain(TABLES["events"]))
        partitions = client.query(f"SELECT DISTINCT activity_partition FROM {table} ORDER BY 1").result_rows
        for rollup in ROLLUPS:
            completed.rollup_rows[rollup] = sum(
                _complete_rollup(client, rollup, partition, table) for (partition,) in partitions
            )
        client.command(_REPLAYED.format(table))
    finally:
        client.command(f"DROP TABLE IF EXISTS {table}")
    return completed


def _drop_abandoned(client: Client) -> None:
    """Drop the tables of reconciliations that a kill interrupted."""
    rows = client.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {prefix:String}) "
        "AND metadata_modification_time < now() - INTERVAL 1 HOUR",
        parameters={"prefix": _IN_DOUBT},
    ).result_rows
    for (name,) in rows:
        client.command(f"DROP TABLE IF EXISTS {name}")


def _newest_rows(frames: Sequence[bytes]) -> dict[int, dict[int, bytes]]:
    """Return the rows that `events` must have, by activity partition and offset: of each key the newest."""
    reader = RowReader(TABLES["events"])
    newest: dict[tuple[bytes, ...], tuple[int, int, bytes]] = {}
    for frame in frames:
        for row in reader.rows(decompress_rows(frame)):
            if row["change"] != _FORMER:
                place = row["activity_partition"], row["activity_offset"], row.data
                newest[tuple(row.encoded(name) for name in _KEY)] = place
    rows: dict[int, dict[int, bytes]] = defaultdict(dict)
    for partition, offset, data in newest.values():
        rows[partition][offset] = data
    return rows


def _complete_events(client: Client, rows: dict[int, dict[int, bytes]]) -> int:
    absent: list[bytes] = []
    for partition, mine in rows.items():
        found = client.query(
            "SELECT activity_offset FROM events WHERE activity_partition = {partition:UInt16} "
            "AND activity_offset BETWEEN {first:UInt64} AND {last:UInt64}",
            parameters={"partition": partition, "first": min(mine), "last": max(mine)},
        ).result_rows
        there = {row[0] for row in found}
        absent += [data for offset, data in mine.items() if offset not in there]
    if absent:
        insert_frames(client, "events", [compress_rows(absent)])
    return len(absent)


def _complete_rollup(client: Client, rollup: str, partition: int, table: str) -> int:
    """Compare and insert in one statement. `table` has the rows of the batch."""
    of = ROLLUPS[rollup]
    keys, time, values = of.key, of.time, of.values
    joined = " AND ".join(f"batch.{key} = counted.{key}" for key in keys.split(", "))
    # a driver may send an insert twice when a connection breaks
    once = f"SELECT * FROM {table} WHERE activity_partition = {partition} LIMIT 1 BY {_RECORD}"
    of_batch = counts_of(rollup, f"({once})")
    lacking = f"""
        FROM ({of_batch}) AS batch
        LEFT JOIN (
            SELECT {keys}, max(upto[{partition}]) AS reached FROM {rollup}
            WHERE {time} IN (SELECT {time} FROM ({of_batch})) GROUP BY {keys}
        ) AS counted ON {joined}
        WHERE ifNull(counted.reached, 0) < batch.upto[{partition}]"""  # null where the server joins with nulls
    count = int(client.query(f"SELECT count() {lacking}").result_rows[0][0])
    if count:
        columns = ", ".join(f"batch.{name}" for name in f"{keys}, {values}".split(", "))
        client.command(f"INSERT INTO {rollup} ({keys}, {values}) SELECT {columns} {lacking} {UNDEDUPLICATED}")
    return count
