"""Parsers of the times of access logs. Each returns milliseconds since 1970, or None for a text that is no time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

_MONTHS = {
    name: n
    for n, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def parse_time(text: str) -> int | None:
    """Parse `17/May/2015:10:05:03 +0000`, as in Apache's `%t` and nginx's `$time_local`."""
    if len(text) != 26 or text[20] != " ":
        return None
    minute_ms = _minute_ms(text[:17], text[21:])
    second = text[18:20]
    if minute_ms is None or text[17] != ":" or not second.isascii() or not second.isdigit() or int(second) > 60:
        return None
    return minute_ms + int(second) * 1000


def parse_iso(text: str) -> int | None:
    """Parse `2015-05-17T10:05:03.250Z`, or with an offset (RFC 3339). A time without a zone is none, since its instant
    is unknown."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if at.tzinfo is None else (at - _EPOCH) // _MS


def parse_utc(text: str) -> int | None:
    """Parse `2015-05-17 10:05:03` in UTC, as in the W3C's format."""
    return parse_iso(text + "+00:00")


def parse_epoch(text: str, unit_ms: float = 1000.0) -> int | None:
    """Parse a number of units of `unit_ms` milliseconds since 1970; the default unit is a second."""
    try:
        at_ms = float(text) * unit_ms
    except ValueError:
        return None
    return round(at_ms) if 0 < at_ms < 1e14 else None


def parse_any(text: str) -> int | None:
    """Parse `[17/May/2015:10:05:03 +0000]`, ISO 8601 with a zone, or a number since 1970.

    The magnitude of a number gives its unit: seconds, milli-, micro- or nanoseconds of the years 2001 to 2286.
    """
    text = text.strip("[] ")
    if (at_ms := parse_time(text)) is not None or (at_ms := parse_iso(text)) is not None:
        return at_ms
    whole = text.partition(".")[0]
    unit_ms = {10: 1000.0, 13: 1.0, 16: 1e-3, 19: 1e-6}.get(len(whole)) if whole.isdigit() else None
    return None if unit_ms is None else parse_epoch(text, unit_ms)


@lru_cache(maxsize=4096)
def _minute_ms(minute: str, zone: str) -> int | None:
    # Cached, since a busy log has many lines per minute.
    try:
        at = datetime.strptime(f"{_MONTHS[minute[3:6]]:02d}/{minute[:3]}{minute[7:]} {zone}", "%m/%d/%Y:%H:%M %z")
    except (KeyError, ValueError):
        return None
    return (at - _EPOCH) // _MS
