"""The rollups of touches: their time column and the columns of their key."""

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
