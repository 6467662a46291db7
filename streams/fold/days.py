"""UTC days, and which of them are still open: capped rules and sessions are settled day by day."""

from typing import Final

DAY_MS: Final = 86_400_000


def day_of(t_ms: int) -> int:
    """The UTC day of a time, counted from 1970; negative before."""
    return t_ms // DAY_MS


def oldest_open_day(newest_ms: int, late_days: int) -> int:
    """A day stays open while the newest touch of the identifier lies at most `late_days` days after it."""
    return day_of(newest_ms) - late_days
