"""When a mail was sent: its `Date`, or the time at which the last server received it.

Source of the forms: RFC 5322, 3.3 and 3.6.7. A `Date` without a zone is not used, since each reading of it would be a
guess; `-0000` is UTC.
"""

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from schemas.timestamps import EARLIEST_MS, END_MS
from sources.mailboxes.headers import Headers

_LONGEST_DATE: Final = 200  # characters
_UTC_OF_UNKNOWN_ZONE: Final = "-0000"


def read_mail_time(headers: Headers) -> int | None:
    """Return milliseconds since 1970, None if no field has a plausible time with its zone."""
    received = (value.rpartition(";")[2] for value in headers.raw("received"))
    return next((time for text in (*headers.raw("date")[:1], *received) if (time := _milliseconds(text))), None)


def _milliseconds(text: str) -> int | None:
    if len(text) > _LONGEST_DATE:
        return None
    try:
        time = parsedate_to_datetime(text)
        if time.tzinfo is None:
            if _UTC_OF_UNKNOWN_ZONE not in text:
                return None
            time = time.replace(tzinfo=UTC)
        at_ms = round(time.timestamp() * 1000)
    except (ValueError, TypeError, IndexError, OverflowError):  # the standard library raises any of them
        return None
    return at_ms if EARLIEST_MS <= at_ms < END_MS else None
