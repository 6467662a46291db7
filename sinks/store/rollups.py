"""The rollups of touches: their time column, the columns of their key, and the counts that rows bring to them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table with counts of touches per key and time. `start_of` is the SQL function that truncates a time."""

    time: str
    start_of: str
    dimensions: str

    @property
    def key(self) -> str:
        """The columns of the sorting key, in order."""
        return f"tenant, {self.time}, {self.dimensions}"


# Columns that are summed, and the map of the activity offsets up to which a row counts.
SUMS: Final = "touches, bots, weight, upto"
ROLLUPS: Final = {
    "touches_by_minute": Rollup("minute", "toStartOfMinute", "channel, type"),
    "touches_by_hour": Rollup("hour", "toStartOfHour", "channel, type, lead_source, referrer_class, device, country"),
}


def counts_of(rollup: str, rows: str) -> str:
    """Return the query of what rows of `incoming` bring to a rollup, as its view computes it.

    `rows` follows FROM: a table, with a condition if need be.
    """
    of = ROLLUPS[rollup]
    return f"""
        SELECT tenant, {of.start_of}(toDateTime(occurred_at, 'UTC')) AS {of.time}, {of.dimensions},
            sum(sign(change)) AS touches, sumIf(sign(change), bot) AS bots, sum(sign(change) * weight) AS weight,
            maxMap(map(activity_partition, activity_offset + 1)) AS upto
        FROM {rows}
        GROUP BY {of.key}"""
