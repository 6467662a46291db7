"""Times of archives as milliseconds since 1970. A time without a zone is UTC, as in the stores that archives are of."""

from datetime import UTC, datetime
from typing import Final

from schemas.timestamps import EARLIEST_MS, END_MS

_LONGEST: Final = 40  # characters


def read_utc_ms(value: object) -> int | None:
    """Return the time of an ISO 8601 text such as `2026-11-30 10:00:00.123`, None if it is none or not plausible."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    try:
        time = datetime.fromisoformat(value.strip())
        at_ms = round((time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return at_ms if EARLIEST_MS <= at_ms < END_MS else None
