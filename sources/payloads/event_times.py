"""Times of foreign events as milliseconds since 1970 (UTC), None for what is no plausible time of an event."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from re import compile as pattern
from typing import Final

from schemas.timestamps import EARLIEST_MS, END_MS, parse_time

MS_PER_S: Final = 1_000
_LONGEST_NUMBER: Final = 24  # characters
_LONGEST_DATE: Final = 60
_date: Final = pattern(r"/Date\(([0-9]{1,16})(?:[+-][0-9]{4})?\)/").fullmatch


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


def rfc2822_ms(value: object) -> int | None:
    """Return the time of a text such as `Mon, 30 Nov 2026 10:00:00 +0000`; without a zone it is UTC (RFC 5322, 3.3)."""
    if not isinstance(value, str) or len(value) > _LONGEST_DATE:
        return None
    try:
        time = parsedate_to_datetime(value)
        utc = time if time.tzinfo else time.replace(tzinfo=UTC)
        return _plausible(round(utc.timestamp() * MS_PER_S))
    except (ValueError, TypeError, IndexError, OverflowError):  # the standard library raises any of them
        return None


def date_ms(value: object) -> int | None:
    """Return the time of a text such as `/Date(1506384247000-0700)/`: milliseconds since 1970, UTC despite the offset.

    The form is that of Microsoft's DataContractJsonSerializer.
    """
    found = _date(value) if isinstance(value, str) else None
    return _plausible(int(found[1])) if found else None


def _plausible(time_ms: int) -> int | None:
    return time_ms if EARLIEST_MS <= time_ms < END_MS else None
