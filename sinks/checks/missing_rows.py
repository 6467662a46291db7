"""Rows that were stored and are missing: found by counting, without reading the rows.

Three tables count the same touches, so that a table which has lost some counts fewer than the others. And the store's
positions (sinks/store/intent_log.py) name the activity partitions of which each table was given rows: one without any
has lost them. Both look at few, narrow columns and can be afforded at every start.

While blocks are being stored, counts differ by what is on its way. The positions before and after the counting say how
much that is at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sinks.clickhouse.client import Client

_GIVEN: Final = ("events", "profiles", "session_pieces", "identities")
_COUNTS: Final = {
    "events": "SELECT count() FROM events WHERE NOT beyond_window",
    "touches_by_minute": "SELECT sum(touches) FROM touches_by_minute",
    "touches_by_hour": "SELECT sum(touches) FROM touches_by_hour",
}
_MERGED: Final = "SELECT count() FROM events FINAL WHERE NOT beyond_window"
_POSITIONS: Final = """
    SELECT log, passed_before, passed_after, version % 2 = 0 FROM store_blocks WHERE version > 0
    ORDER BY epoch DESC, owner DESC, version DESC LIMIT 1 BY log, timeline_partition"""
_REFUSED: Final = """
    SELECT count() FROM quarantine
    WHERE raw_topic = 'timeline' AND reason = 'refused_by_store' AND position(detail, {what:String}) > 0"""


@dataclass(frozen=True, slots=True)
class Missing:
    """What a table lacks: `count` of `what`, such as `touches`."""

    table: str
    count: int
    what: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Up to which activity offset, per log and "table/activity partition", everything is stored (`stored`), and up to
    which a block has been begun (`begun`)."""

    stored: Mapping[tuple[str, str], int]
    begun: Mapping[tuple[str, str], int]

    @property
    def quiet(self) -> bool:
        """Whether nothing is on its way."""
        return self.stored == self.begun


def read_standing(client: Client) -> Standing:
    """The store's positions, of all partitions. Raises the driver's errors."""
    stored: dict[tuple[str, str], int] = {}
    begun: dict[tuple[str, str], int] = {}
    for log, before, after, done in client.query(_POSITIONS).result_rows:
        stored |= {(log, key): upto for key, upto in (after if done else before).items()}
        begun |= {(log, key): upto for key, upto in after.items()}
    return Standing(stored, begun)


def find_missing(client: Client) -> list[Missing]:
    """What the counts show to be missing. Raises the driver's errors."""
    standing = read_standing(client)
    partitions = {table: _partitions(client, table) for table in _GIVEN}
    counts = _compare(client, _COUNTS)
    if counts:  # rows that a later merge makes one are no touches; to merge them takes longer than to count
        counts = _compare(client, {**_COUNTS, "events": _MERGED})
    return counts + _find_empty(client, standing, partitions)


def _compare(client: Client, queries: Mapping[str, str]) -> list[Missing]:
    before = read_standing(client)
    counts = {table: _count(client, query) for table, query in queries.items()}
    on_its_way = _on_its_way(before, read_standing(client))
    most = max(counts.values())
    return [Missing(table, most - count, "touches") for table, count in counts.items() if most - count > on_its_way]


def _on_its_way(before: Standing, after: Standing) -> int:
    """Activity offsets of which rows may have come in between: at most so many touches."""
    return sum(
        upto - before.stored.get(place, -1) for place, upto in after.begun.items() if place[1].startswith("events/")
    )


def _find_empty(client: Client, standing: Standing, partitions: Mapping[str, set[int]]) -> list[Missing]:
    """Tables without a row of an activity partition that brought them some."""
    given: dict[str, set[int]] = {}
    for _, key in standing.stored:
        table, _, partition = key.partition("/")
        given.setdefault(table, set()).add(int(partition))
    found = [
        Missing(table, len(empty), "partitions of `activity` (all of their rows)")
        for table in _GIVEN
        if (empty := given.get(table, set()) - partitions[table])
    ]
    return [one for one in found if not _was_refused(client, one.table)]


def _was_refused(client: Client, table: str) -> bool:
    """Whether ClickHouse refused rows of a table: then a partition may have none."""
    rows = client.query(_REFUSED, parameters={"what": f" rows of {table}: "}).result_rows
    return bool(rows[0][0])


def _partitions(client: Client, table: str) -> set[int]:
    return {row[0] for row in client.query(f"SELECT DISTINCT activity_partition FROM {table}").result_rows}


def _count(client: Client, query: str) -> int:
    return int(client.query(query).result_rows[0][0])
