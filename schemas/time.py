"""UTC days, and which of them are still open: capped rules and sessions are settled day by day."""

from typing import Final

DAY_MS: Final = 86_400_000


def day_of(t_ms: int) -> int:
    """The UTC day of a time, counted from 1970; negative before."""
    return t_ms // DAY_MS
