"""Touches that are still missing after a rebuild: states or rollups count them, `events` and waiting rows lack them."""

from dataclasses import dataclass
from datetime import datetime

from sinks.clickhouse.client import Client
from sinks.rebuild.staging import PREFIX


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Touches that could not be restored, and the number of their `identifiers`.

    `since` is when the earliest of these identifiers was first seen. `counted` is how many touches the rollups count
    that `events` lacks, including those without an identifier.
    """

    touches: int
    identifiers: int
    since: datetime | None
    counted: int

    def __bool__(self) -> bool:
        return bool(self.touches or self.counted)


def find_unreachable(client: Client) -> Unreachable:
    """Compare counts. States were read before the end of `timeline`, so they count no touch beyond it."""
    touches, identifiers, since = client.query(f"""
        SELECT sum(lacking), countIf(lacking > 0), minIf(first_seen, lacking > 0) FROM (
            SELECT greatest(0, toInt64(touches) - toInt64(ifNull(there, 0))) AS lacking, first_seen
            FROM (SELECT tenant, identifier, touches, first_seen FROM {PREFIX}touches) AS state
            LEFT JOIN (
                SELECT tenant, folded_into AS identifier, count() AS there FROM (
                    SELECT tenant, folded_into FROM events FINAL WHERE NOT beyond_window AND folded_into != ''
                    UNION ALL
                    SELECT tenant, folded_into FROM {PREFIX}events_waiting
                    WHERE change = 1 AND NOT beyond_window AND folded_into != ''
                ) GROUP BY tenant, identifier
            ) AS stored USING (tenant, identifier))""").result_rows[0]
    counted = client.query("""
        SELECT greatest(
            toInt64((SELECT sum(touches) FROM touches_by_hour)), toInt64((SELECT sum(touches) FROM touches_by_minute))
        ) - toInt64((SELECT count() FROM events FINAL WHERE NOT beyond_window))""").result_rows[0][0]
    return Unreachable(int(touches), int(identifiers), since if touches else None, max(0, int(counted)))
