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
from sinks.store.rollups import ROLLUPS, UPTO, Rollup, is_float

_TOUCHES: Final = 1_000_000  # the approximate number per statement


def restore_rollup(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Add what is missing; return the number of rows."""
    of = ROLLUPS[table]
    columns = f"{of.key}, {of.values}"
    return sum(
        insert_missing(client, hold, table, columns, _missing_counts(table, first, last), change=change, in_time=True)
        for first, last in _days(client, of)
    )


def _missing_counts(rollup: str, first: str, last: str) -> str:
    of = ROLLUPS[rollup]
    days = f"BETWEEN toDate('{first}') AND toDate('{last}')"
    return f"""FROM (
        SELECT {of.key}, {_differences(of)}
        FROM (
            SELECT {of.of_row}, {_of_touch(of)}, 0 AS f, map(activity_partition, activity_offset + 1) AS u
            FROM events FINAL
            WHERE {of.where} AND toDate({of.moment}, 'UTC') {days}
            UNION ALL
            SELECT {of.key}, {_counted(of)}, 0, {UPTO}
            FROM {rollup} WHERE toDate({of.time}) {days}
            UNION ALL
            SELECT {of.of_row}, {_nothing(of)}, 1, map()
            FROM {PREFIX}events WHERE change < 0 AND {of.where} AND toDate({of.moment}, 'UTC') {days}
        )
        GROUP BY {of.key} HAVING {_lacks(of)} OR {_has_former(of)})"""


def _differences(of: Rollup) -> str:
    """Return the select list of what is missing. A count is reduced only if a former revision was counted in it."""
    sums = [
        f"sum(v_{name}) AS {name}"
        if is_float(name)
        else f"if(sum(f) > 0, sum(v_{name}), greatest(sum(v_{name}), 0)) AS {name}"
        for name in of.sums
    ]
    marks = [f"{one.function}If(v_{name}, w_{name}) AS {name}" for name, one in of.marks.items()]
    return ", ".join((*sums, *marks, f"maxMap(u) AS {UPTO}"))


def _of_touch(of: Rollup) -> str:
    marks = [f"{one.value} AS v_{name}, toBool({one.when}) AS w_{name}" for name, one in of.marks.items()]
    return ", ".join((*(f"{value} AS v_{name}" for name, value in of.sums.items()), *marks))


def _counted(of: Rollup) -> str:
    sums = (f"-{name}" if is_float(name) else f"-toInt64({name})" for name in of.sums)
    return ", ".join((*sums, *(f"{one.nothing}, false" for one in of.marks.values())))


def _nothing(of: Rollup) -> str:
    sums = ("toFloat64(0)" if is_float(name) else "toInt64(0)" for name in of.sums)
    return ", ".join((*sums, *(f"{one.nothing}, false" for one in of.marks.values())))


def _lacks(of: Rollup) -> str:
    return " OR ".join(f"sum(v_{name}) > 0" for name in of.counts)


def _has_former(of: Rollup) -> str:
    """Return the condition that a rollup row counts former revisions, and nothing else that `events` lacks."""
    unequal = (
        f"abs(sum(v_{name})) > 1e-9 * (1 + sum(abs(v_{name})))" if is_float(name) else f"sum(v_{name}) != 0"
        for name in of.sums
    )
    return f"(sum(f) > 0 AND -sum(v_touches) BETWEEN 0 AND sum(f) AND ({' OR '.join(unequal)}))"


def _days(client: Client, of: Rollup) -> Iterator[tuple[str, str]]:
    """Yield (first, last) days of ranges with about `_TOUCHES` touches each."""
    rows = client.query(
        f"SELECT toString(toDate({of.moment}, 'UTC')) AS day, count() FROM events WHERE {of.where} "
        "GROUP BY day ORDER BY day"
    ).result_rows
    first, touches = "", 0
    for number, (day, count) in enumerate(rows):
        first, touches = first or day, touches + count
        if touches >= _TOUCHES or number + 1 == len(rows):
            yield first, day
            first, touches = "", 0
