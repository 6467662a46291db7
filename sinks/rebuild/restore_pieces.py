"""Restores `session_pieces` from `events`: computes the runs of each identifier's UTC day like the fold does.

A piece has the offset of the last touch that changed its day, so a newer piece has been lost if the stored one is older
or missing (streams/profile/sessions.py).
"""

from typing import Final

from schemas.touch import SESSION_GAP_MS
from sinks.clickhouse.client import Client
from sinks.rebuild.hold import Hold
from sinks.rebuild.restore_rows import insert_missing

_COLUMNS: Final = (
    "tenant, folded_into, day, firsts, lasts, touches, entry_ids, landing_pages, sources, activity_partition, "
    "activity_offset"
)
_SLICE: Final = 500_000  # the approximate number of touches per statement
_RUNS: Final = f"""
    SELECT
        tenant, folded_into, day, run,
        min(t_ms) AS first_ms,
        max(t_ms) AS last_ms,
        count() AS n,
        argMin(event_id, (t_ms, event_id)) AS entry_id,
        argMinIf(page, (t_ms, event_id), page != '') AS landing_page,
        argMinIf(origin, (t_ms, event_id), origin != '') AS source,
        any(activity_partition) AS of_partition,
        max(activity_offset) AS reached
    FROM (
        SELECT *, sum(opens) OVER (PARTITION BY tenant, folded_into, day ORDER BY t_ms, event_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run
        FROM (
            SELECT *, t_ms > {SESSION_GAP_MS} + lagInFrame(t_ms, 1, toInt64(-1000000000000)) OVER (
                    PARTITION BY tenant, folded_into, day ORDER BY t_ms, event_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS opens
            FROM (
                SELECT
                    tenant, folded_into, event_id, activity_partition, activity_offset,
                    toUnixTimestamp64Milli(occurred_at) AS t_ms,
                    toDate(occurred_at, 'UTC') AS day,
                    if(url_host = '', '', concat(url_host, url_path)) AS page,
                    toString(lead_source) AS origin
                FROM events FINAL
                WHERE NOT (bot OR too_late OR beyond_window) AND folded_into != ''
                    AND folded_id % {{slices}} = {{slice}}
            )
        )
    )
    GROUP BY tenant, folded_into, day, run"""


def restore_pieces(client: Client, hold: Hold, table: str, *, change: bool) -> int:
    """Insert the pieces that are missing or older than their touches; return how many."""
    touches = int(client.query("SELECT count() FROM events").result_rows[0][0])
    slices = 1 + touches // _SLICE
    return sum(
        insert_missing(client, hold, table, _COLUMNS, _missing_pieces(slices, number), change=change)
        for number in range(slices)
    )


def _missing_pieces(slices: int, number: int) -> str:
    runs = _RUNS.format(slices=slices, slice=number)
    return f"""FROM (
        SELECT
            tenant, folded_into, day,
            arraySort(groupArray((first_ms, last_ms, toUInt32(n), entry_id, landing_page, source))) AS runs,
            runs.1 AS firsts, runs.2 AS lasts, runs.3 AS touches, runs.4 AS entry_ids, runs.5 AS landing_pages,
            runs.6 AS sources,
            any(of_partition) AS activity_partition, max(reached) AS activity_offset
        FROM ({runs})
        GROUP BY tenant, folded_into, day) AS made
        LEFT JOIN (
            SELECT tenant, folded_into, day, max(activity_offset) + 1 AS stored_upto
            FROM session_pieces GROUP BY tenant, folded_into, day
        ) AS stored USING (tenant, folded_into, day)
        WHERE ifNull(stored_upto, 0) <= activity_offset"""
