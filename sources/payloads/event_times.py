"""Times of foreign events as milliseconds since 1970 (UTC), None for what is no plausible time of an event."""

from typing import Final

from schemas.timestamps import EARLIEST_MS, END_MS, parse_time

MS_PER_S: Final = 1_000
_LONGEST_NUMBER: Final = 24  # characters


def unix_ms(value: object, unit_ms: int = MS_PER_S) -> int | None:
    """Return the time of a number since 1970, also one written as text. `unit_ms`: 1000 for seconds."""
    if isinstance(value, str):
        text = value.strip()
        if len(text) > _LONGEST_NUMBER or not text.isascii() or not text.replace(".", "", 1).isdigit():
            return None
        value = float(text) if "." in text else int(text)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _plausible(round(value * unit_ms)) if abs(value) < END_MS else None


def iso_ms(value: object) -> int | None:
    """Return the time of an ISO 8601 text with its zone."""
    time = parse_time(value) if isinstance(value, str) else None
    return _plausible(time) if isinstance(time, int) else None


def _plausible(time_ms: int) -> int | None:
    return time_ms if EARLIEST_MS <= time_ms < END_MS else None
