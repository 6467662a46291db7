"""Rows that were stored and are missing, found by counting instead of reading them.

Five tables count the same touches, so a table that has lost some counts fewer than the others. And the store's
positions (sinks/store/intent_log.py) name the activity partitions from which each table received rows: a table without
rows of such a partition has lost them. Both checks read few, narrow columns, so they run at every start.

While rows are being stored, counts differ by the rows in flight. The positions before and after counting give the upper
limit of that difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sinks.clickhouse.client import Client

_GIVEN: Final = ("events", "profiles", "session_pieces", "identities", "page_times")
_COUNTS: Final = {
    "events": "SELECT count() FROM events WHERE NOT beyond_window",
    "touches_by_minute": "SELECT sum(touches) FROM touches_by_minute",
    "touches_by_hour": "SELECT sum(touches) FROM touches_by_hour",
    "touches_by_day": "SELECT sum(touches) FROM touches_by_day",
    "quality_by_hour": "SELECT sum(touches) FROM quality_by_hour",
}
_MERGED: Final = "SELECT count() FROM events FINAL WHERE NOT beyond_window"
_POSITIONS: Final = """
    SELECT log, passed_before, passed_after, version % 2 = 0 FROM store_blocks WHERE version > 0
    ORDER BY epoch DESC, owner DESC, version DESC LIMIT 1 BY log, timeline_partition"""
_REFUSED: Final = """
    SELECT count() FROM quarantine
    WHERE raw_topic = 'timeline' AND reason = 'refused_by_store' AND position(detail, {what:String}) > 0"""


@dataclass(frozen=True, slots=True)
class MissingRows:
    """A table that lacks `count` of `what`, such as `touches`."""

    table: str
    count: int
    what: str


@dataclass(frozen=True, slots=True)
class StoredOffsets:
    """Activity offsets per log and "table/activity partition".

    Everything up to `stored` is stored, and the store has begun to insert everything up to `begun`.
    """

    stored: Mapping[tuple[str, str], int]
    begun: Mapping[tuple[str, str], int]

    @property
    def is_idle(self) -> bool:
        """Whether no insert is in flight."""
        return self.stored == self.begun


def read_stored_offsets(client: Client) -> StoredOffsets:
    """Read the store's positions of all partitions. Raises the driver's errors."""
    stored: dict[tuple[str, str], int] = {}
    begun: dict[tuple[str, str], int] = {}
    for log, before, after, done in client.query(_POSITIONS).result_rows:
        stored |= {(log, key): upto for key, upto in (after if done else before).items()}
        begun |= {(log, key): upto for key, upto in after.items()}
    return StoredOffsets(stored, begun)


def find_missing(client: Client) -> list[MissingRows]:
    """Return what is missing according to the counts. Raises the driver's errors."""
    offsets = read_stored_offsets(client)
    partitions = {table: _partitions(client, table) for table in _GIVEN}
    counts = _compare(client, _COUNTS)
    if counts:  # rows that a later merge joins are one touch; merging takes longer than counting, so it is second
        counts = _compare(client, {**_COUNTS, "events": _MERGED})
    return counts + _find_empty(client, offsets, partitions)


def _compare(client: Client, queries: Mapping[str, str]) -> list[MissingRows]:
    before = read_stored_offsets(client)
    counts = {table: _count(client, query) for table, query in queries.items()}
    in_flight = _in_flight(before, read_stored_offsets(client))
    most = max(counts.values())
    return [MissingRows(table, most - count, "touches") for table, count in counts.items() if most - count > in_flight]


def _in_flight(before: StoredOffsets, after: StoredOffsets) -> int:
    """Return how many touches at most were stored between two readings of the positions."""
    return sum(
        upto - before.stored.get(place, -1) for place, upto in after.begun.items() if place[1].startswith("events/")
    )


def _find_empty(client: Client, offsets: StoredOffsets, partitions: Mapping[str, set[int]]) -> list[MissingRows]:
    """Return the tables without rows of an activity partition from which they received some."""
    given: dict[str, set[int]] = {}
    for _, key in offsets.stored:
        table, _, partition = key.partition("/")
        given.setdefault(table, set()).add(int(partition))
    found = [
        MissingRows(table, len(empty), "partitions of `activity` (all of their rows)")
        for table in _GIVEN
        if (empty := given.get(table, set()) - partitions[table])
    ]
    return [one for one in found if not _was_refused(client, one.table)]


def _was_refused(client: Client, table: str) -> bool:
    """Return whether ClickHouse refused rows of a table, in which case a partition may have none."""
    rows = client.query(_REFUSED, parameters={"what": f" rows of {table}: "}).result_rows
    return bool(rows[0][0])


def _partitions(client: Client, table: str) -> set[int]:
    return {row[0] for row in client.query(f"SELECT DISTINCT activity_partition FROM {table}").result_rows}


def _count(client: Client, query: str) -> int:
    return int(client.query(query).result_rows[0][0])
