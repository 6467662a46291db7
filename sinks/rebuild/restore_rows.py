"""Restores rows from a rebuild's staging tables: finds and inserts the missing ones by SQL, table by table.

Every statement may be repeated, since it inserts only what is missing. `hold.guard` keeps a late statement from
inserting anything (sinks/rebuild/hold.py).
"""

from collections.abc import Iterator
from typing import Final

from sinks.clickhouse.client import Client
from sinks.rebuild.hold import STATEMENT_S, Hold
from sinks.rebuild.staging import PREFIX
from sinks.store.insert import COLUMNS, UNDEDUPLICATED

KEYS: Final = {
    "profiles": "tenant, identifier",
    "identities": "tenant, identifier",
    "session_pieces": "tenant, folded_into, day",
    "page_times": "tenant, folded_into, page_id",
    "identity_children": "tenant, parent, identifier",
    "quarantine": "raw_topic, raw_partition, raw_offset, sent_again",
}
_CHILDREN: Final = "tenant, parent, identifier, activity_partition, activity_offset"
_SLICE: Final = 500_000  # activity offsets per statement
_RECORD: Final = "raw_topic, raw_partition, raw_offset"
_TOUCH: Final = "tenant, folded_id, occurred_at, event_id, channel, beyond_window"


def insert_missing(
    client: Client, hold: Hold, table: str, columns: str, rest: str, *, change: bool, in_time: bool = False
) -> int:
    """Insert `SELECT columns rest` into a table; return the number of rows. `change` False only counts them.

    `in_time` means that the statement must end before the hold can lapse. Rows with a version do not need that.
    """
    count = int(client.query(f"SELECT count() FROM (SELECT {columns} {rest})").result_rows[0][0])
    if count and change:
        hold.check()
        client.command(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM (SELECT {columns} {rest}) "
            f"WHERE {hold.guard} {UNDEDUPLICATED}" + (f", max_execution_time = {STATEMENT_S}" if in_time else "")
        )
    return count


def restore_events(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Insert staged touches that `events` lacks; return how many. Rollups are not changed.

    Touches are compared by their activity record; those beyond the dedupe window by their sorting key, because repeats
    of them become one row. A revision that a newer one has replaced is not missing, and must not be inserted after it.
    """
    found = 0
    newest = f"""SELECT {_TOUCH}, max(activity_offset) AS newest FROM (
        SELECT {_TOUCH}, activity_offset FROM {PREFIX}events WHERE change = 2
        UNION ALL SELECT {_TOUCH}, activity_offset FROM events WHERE change = 2) GROUP BY {_TOUCH}"""
    for partition, first, last in _slices(client):
        of_slice = f"activity_partition = {partition} AND activity_offset BETWEEN {first} AND {last}"
        rest = f"""FROM {PREFIX}events LEFT JOIN ({newest}) AS revised USING ({_TOUCH})
            WHERE {of_slice} AND change > 0 AND activity_offset >= ifNull(newest, 0) AND if(
            beyond_window,
            ({_TOUCH}) NOT IN (SELECT {_TOUCH} FROM events WHERE beyond_window),
            activity_offset NOT IN (SELECT activity_offset FROM events WHERE {of_slice}))
            LIMIT 1 BY activity_offset"""
        found += insert_missing(client, hold, table, ", ".join(COLUMNS["events"]), rest, change=change, in_time=True)
    return found


def _slices(client: Client) -> Iterator[tuple[int, int, int]]:
    rows = client.query(
        f"SELECT activity_partition, min(activity_offset), max(activity_offset) FROM {PREFIX}events "
        "GROUP BY 1 ORDER BY 1"
    ).result_rows
    for partition, first, last in rows:
        for start in range(first, last + 1, _SLICE):
            yield partition, start, min(start + _SLICE - 1, last)


def restore_versions(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Insert the newest staged row of each key where the stored one is older or missing. For tables with versions."""
    if table == "identity_children":
        source = f"(SELECT * FROM {PREFIX}identities WHERE parent != '')"
        return _restore(client, hold, table, _CHILDREN, source, change=change)
    return _restore(client, hold, table, ", ".join(COLUMNS[table]), f"{PREFIX}{table}", change=change)


def restore_largest(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Insert the largest staged `engaged_ms` of each page view where the stored one is smaller or missing."""
    columns, source = ", ".join(COLUMNS[table]), f"{PREFIX}{table}"
    return _restore(client, hold, table, columns, source, change=change, version="engaged_ms")


def restore_derived(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Restore `identity_children` from the current `identities`."""
    source = "(SELECT * FROM identities FINAL WHERE parent != '')"
    return _restore(client, hold, table, _CHILDREN, source, change=change)


def _restore(
    client: Client, hold: Hold, table: str, columns: str, source: str, *, change: bool, version: str = "activity_offset"
) -> int:
    key = KEYS[table]
    rest = f"""FROM {source} WHERE ({key}, {version}) IN (
        SELECT {key}, newest FROM (SELECT {key}, max({version}) AS newest FROM {source} GROUP BY {key}) AS staged
        LEFT JOIN (SELECT {key}, max({version}) + 1 AS reached FROM {table} GROUP BY {key}) AS stored
        USING ({key})
        WHERE ifNull(reached, 0) <= newest)
        LIMIT 1 BY {key}"""
    return insert_missing(client, hold, table, columns, rest, change=change)


def restore_quarantine(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Insert the staged records of the topic `quarantine` and rows refused by the store that the table lacks."""
    key = KEYS["quarantine"]
    missing = f"FROM {PREFIX}quarantine WHERE ({key}) NOT IN (SELECT {key} FROM quarantine)"
    rest = f"{missing} ORDER BY received_at DESC LIMIT 1 BY {key}"  # of replayed records, the last one counts
    return insert_missing(client, hold, table, ", ".join(COLUMNS["quarantine"]), rest, change=change)


def restore_replayed(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """List the records of the quarantine that became touches, and are not listed in `replayed`."""
    rest = f"""FROM (SELECT DISTINCT {_RECORD} FROM events WHERE ({_RECORD}) IN (SELECT {_RECORD} FROM quarantine))
        WHERE ({_RECORD}) NOT IN (SELECT {_RECORD} FROM replayed)"""
    return insert_missing(client, hold, table, _RECORD, rest, change=change)
