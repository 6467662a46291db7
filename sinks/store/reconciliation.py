"""A block of touches whose insert nobody confirmed at once: what of it is missing is found and put in, table by table.

A repetition under the same token is dropped where the token is known. An engine that was killed may know the token and
not have the rows: a plain MergeTree writes its deduplication log before it takes the new part in (1 of 24 kills in the
middle of an insert lost a block so). Which is the case, each table tells by itself:

- `events` has a row per activity record of the block, or it has not;
- a rollup row remembers, per activity partition, the offset up to which it counts. Blocks of a partition come in order
  and one insert into a rollup is there as a whole or not at all, so whoever is not counted up to the block's end is
  not counted at all.

Rows go into that table alone, whatever it remembers. Looking again after a crash in between finds the rest. Only the
owner of a timeline partition does this, so nobody else adds rows of these activity partitions meanwhile.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.blocks import compress_rows, decompress_rows
from schemas.columns import TABLES
from sinks.clickhouse.client import Client
from sinks.clickhouse.msgpack_rows import split_rows
from sinks.store.insert import insert_frames

_KEYS: Final = {
    "touches_by_minute": "tenant, minute, channel, type",
    "touches_by_hour": "tenant, hour, channel, type, lead_source, referrer_class, device, country",
}
_SUMS: Final = "touches, bots, weight, upto"


@dataclass(slots=True)
class Missing:
    """How much of a block was not there."""

    events: int = 0
    rollup_rows: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.events or any(self.rollup_rows.values()))


def complete_touches(client: Client, frames: Sequence[bytes]) -> Missing:
    """Puts in what is missing of a block of `events` that was sent; returns how much. Raises the driver's errors."""
    rows: dict[int, dict[int, bytes]] = defaultdict(dict)
    for frame in frames:
        for row in split_rows(decompress_rows(frame), len(TABLES["events"])):
            rows[row.activity_partition][row.activity_offset] = row.data
    missing = Missing(_complete_events(client, rows))
    for rollup in _KEYS:
        missing.rollup_rows[rollup] = sum(
            _complete_rollup(client, rollup, partition, min(mine), max(mine)) for partition, mine in rows.items()
        )
    return missing


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


def _complete_rollup(client: Client, rollup: str, partition: int, first: int, last: int) -> int:
    """Both are looked at and added to in one statement."""
    keys = _KEYS[rollup]
    joined = " AND ".join(f"brought.{key} = counted.{key}" for key in keys.split(", "))
    time = keys.split(", ")[1]
    of_block = f"{rollup}_of(partition = {partition}, first = {first}, last = {last})"
    lacking = f"""
        FROM {of_block} AS brought
        LEFT JOIN (
            SELECT {keys}, max(upto[{partition}]) AS reached FROM {rollup}
            WHERE {time} IN (SELECT {time} FROM {of_block}) GROUP BY {keys}
        ) AS counted ON {joined}
        WHERE ifNull(counted.reached, 0) < brought.upto[{partition}]"""  # null where the server joins with nulls
    count = int(client.query(f"SELECT count() {lacking}").result_rows[0][0])
    if count:
        columns = ", ".join(f"brought.{name}" for name in f"{keys}, {_SUMS}".split(", "))
        client.command(
            f"INSERT INTO {rollup} ({keys}, {_SUMS}) SELECT {columns} {lacking} "
            "SETTINGS async_insert = 0, insert_deduplicate = 0, max_partitions_per_insert_block = 0"
        )
    return count
