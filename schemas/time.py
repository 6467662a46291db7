"""UTC days as numbers, and the latest time that the store holds."""

from typing import Final

DAY_MS: Final = 86_400_000
LATEST_MS: Final = 9_000_000_000_000  # in the year 2255: the latest time that a column DateTime64(3) is given


def day_of(t_ms: int) -> int:
    """The UTC day of a time, counted from 1970; negative before."""
    return t_ms // DAY_MS
