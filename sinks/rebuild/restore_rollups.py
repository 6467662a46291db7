"""Rollups by `events`: touches that a rollup lacks are added to it, row by row of its key.

Nothing may be stored meanwhile, since a rollup cannot tell which touches it counts: so this runs under a rebuild's hold
alone. What a rollup counts too much stays: `events` may lack touches that nothing brings back.
"""

from collections.abc import Iterator
from typing import Final

from sinks.clickhouse.client import Client
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_rows import put_in

_KEYS: Final = {
    "touches_by_minute": "channel, type",
    "touches_by_hour": "channel, type, lead_source, referrer_class, device, country",
}
_TIME: Final = {"touches_by_minute": ("minute", "toStartOfMinute"), "touches_by_hour": ("hour", "toStartOfHour")}
_TOUCHES: Final = 1_000_000  # that are summed by one statement, roughly


def restore_rollup(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Adds what is missing; returns how many rows that are."""
    time, _ = _TIME[table]
    columns = f"tenant, {time}, {_KEYS[table]}, touches, bots, weight, upto"
    return sum(
        put_in(client, hold, table, columns, _lacking(table, first, last), change=change, in_time=True)
        for first, last in _days(client)
    )


def _lacking(rollup: str, first: str, last: str) -> str:
    time, start_of = _TIME[rollup]
    key = f"tenant, {time}, {_KEYS[rollup]}"
    days = f"BETWEEN toDate('{first}') AND toDate('{last}')"
    return f"""FROM (
        SELECT {key},
            toUInt64(sum(n)) AS touches, toUInt64(greatest(sum(b), 0)) AS bots, sum(w) AS weight, maxMap(u) AS upto
        FROM (
            SELECT tenant, {start_of}(toDateTime(occurred_at, 'UTC')) AS {time}, {_KEYS[rollup]},
                toInt64(1) AS n, toInt64(bot) AS b, weight AS w,
                map(activity_partition, activity_offset + 1) AS u
            FROM events FINAL
            WHERE NOT beyond_window AND toDate(occurred_at, 'UTC') {days}
            UNION ALL
            SELECT {key}, -toInt64(touches), -toInt64(bots), -weight, upto
            FROM {rollup} WHERE toDate({time}, 'UTC') {days}
        )
        GROUP BY {key} HAVING sum(n) > 0)"""


def _days(client: Client) -> Iterator[tuple[str, str]]:
    """(first, last) days of stretches with few enough touches each."""
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
