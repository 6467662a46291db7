"""Restores rollups from `events`: adds the touches that a rollup lacks, per key.

It runs only under a rebuild's hold, because a rollup does not record which touches it counts, so nothing may be stored
meanwhile. Surplus counts stay, because `events` may lack touches that cannot be restored; only those that staged
revisions take back are removed.
"""

from collections.abc import Iterator
from typing import Final

from sinks.clickhouse.client import Client
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_rows import insert_missing
from sinks.rebuild.staging import PREFIX
from sinks.store.rollups import ROLLUPS, SUMS

_TOUCHES: Final = 1_000_000  # the approximate number per statement


def restore_rollup(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Add what is missing; return the number of rows."""
    columns = f"{ROLLUPS[table].key}, {SUMS}"
    return sum(
        insert_missing(client, hold, table, columns, _missing_counts(table, first, last), change=change, in_time=True)
        for first, last in _days(client)
    )


def _missing_counts(rollup: str, first: str, last: str) -> str:
    of = ROLLUPS[rollup]
    days = f"BETWEEN toDate('{first}') AND toDate('{last}')"
    return f"""FROM (
        SELECT {of.key},
            sum(n) AS touches, if(sum(f) > 0, sum(b), greatest(sum(b), 0)) AS bots, sum(w) AS weight, maxMap(u) AS upto
        FROM (
            SELECT tenant, {of.start_of}(toDateTime(occurred_at, 'UTC')) AS {of.time}, {of.dimensions},
                toInt64(1) AS n, toInt64(bot) AS b, weight AS w, 0 AS f,
                map(activity_partition, activity_offset + 1) AS u
            FROM events FINAL
            WHERE NOT beyond_window AND toDate(occurred_at, 'UTC') {days}
            UNION ALL
            SELECT {of.key}, -toInt64(touches), -toInt64(bots), -weight, 0, upto
            FROM {rollup} WHERE toDate({of.time}, 'UTC') {days}
            UNION ALL
            SELECT tenant, {of.start_of}(toDateTime(occurred_at, 'UTC')) AS {of.time}, {of.dimensions},
                0, 0, 0, 1, map()
            FROM {PREFIX}events WHERE change < 0 AND toDate(occurred_at, 'UTC') {days}
        )
        GROUP BY {of.key} HAVING sum(n) > 0 OR (-sum(n) BETWEEN 0 AND sum(f) AND sum(f) > 0
            AND (sum(n) != 0 OR sum(b) != 0 OR abs(sum(w)) > 1e-9 * (1 + sum(abs(w))))))"""


def _days(client: Client) -> Iterator[tuple[str, str]]:
    """Yield (first, last) days of ranges with about `_TOUCHES` touches each."""
    rows = client.query(
        "SELECT toString(toDate(occurred_at, 'UTC')) AS day, count() FROM events WHERE NOT beyond_window "
        "GROUP BY day ORDER BY day"
    ).result_rows
    first, touches = "", 0
    for number, (day, count) in enumerate(rows):
        first, touches = first or day, touches + count
        if touches >= _TOUCHES or number + 1 == len(rows):
            yield first, day
            first, touches = "", 0
