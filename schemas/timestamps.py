"""Times of messages: RFC 3339 and other ISO 8601 forms with a zone, or milliseconds since 1970.

A number in another unit also looks like a time: seconds read as milliseconds lie in January 1970, microseconds in the
year 58877. Such a number is refused with the unit that it seems to have. It is never converted, since the value of a
wrong field looks like a time in some unit as well.
"""

from datetime import datetime
from math import floor, isfinite
from re import compile as pattern
from typing import Final

from schemas.rejected import Reason, Rejected

EARLIEST_MS: Final = 631_152_000_000  # 1990: no touch is older, and a clock without power starts before
END_MS: Final = 3_155_760_000_000  # 2070: no clock is that wrong, and nothing has happened then
_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
_MS_PER_S: Final = 1_000
_leap: Final = pattern(r"(.*[T ]\d\d:?[0-5]\d:?)60(?!\d)(.*)").fullmatch
_zone_name: Final = pattern(r"(.*?)(?:\[!?[^\[\]]+\])+").fullmatch  # RFC 9557: `+01:00[Europe/Berlin]`
# (from, to, what a number between them seems to be)
_UNITS: Final = (
    (EARLIEST_MS // 1_000, END_MS // 1_000, "seconds since 1970, multiply it by 1000"),
    (EARLIEST_MS * 1_000, END_MS * 1_000, "microseconds since 1970, divide it by 1000"),
    (10**18, END_MS * 10**6, "nanoseconds since 1970, divide it by 1000000"),
    (19_900_101, 20_691_232, "a date written as a number, send it as text"),
    (199_001_010_000, 206_912_312_360, "a date and time written as a number, send them as text"),
    (19_900_101_000_000, 20_691_231_235_961, "a date and time written as a number, send them as text"),
)
_FORMS: Final = (
    "send ISO 8601 text with its zone, such as 2026-01-31T09:30:00Z, "
    "or milliseconds since 1970 as a number, not as text"
)


def parse_time(value: object) -> int | Rejected:
    """Return milliseconds since 1970 (UTC) of a time in a message; fractions of a millisecond are cut off.

    A time before EARLIEST_MS is returned as it is: whether it can be right depends on the sender's clock
    (`implausible`).
    """
    if isinstance(value, str):
        return _parse_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or (value != value):
        return Rejected(Reason.WRONG_TYPE, f"not a time: {_FORMS}")
    if isinstance(value, float) and not isfinite(value):
        return Rejected(Reason.BAD_TIME, f"not a time: {_FORMS}")
    return _plausible(floor(value))


def split_leap_second(text: str) -> tuple[str, int]:
    """Return a time whose second 60 is replaced by 59, and the milliseconds to add to it: 1000, or 0 for another text.

    A leap second is thus the second after it. RFC 3339, section 5.7, allows it in the last minute of an hour; some
    loggers round up to a second 60 in any minute.
    """
    leap = _leap(text)
    return (f"{leap[1]}59{leap[2]}", _MS_PER_S) if leap else (text, 0)


def implausible(occurred_at_ms: int, sent_at_ms: int | None) -> Rejected | None:
    """Return why a time before 1990 is refused, or None.

    None means that it is later, or that the sender's clock was reset (its `sent_at` is before 1990, too): then their
    difference is the age of the touch.
    """
    if occurred_at_ms >= EARLIEST_MS:
        return None
    if sent_at_ms is not None and 0 < occurred_at_ms <= sent_at_ms < EARLIEST_MS:
        return None
    return Rejected(Reason.BAD_TIME, f"before 1990, so not the time of a touch: {_FORMS}")


def _plausible(ms: int) -> int | Rejected:
    if EARLIEST_MS <= ms < END_MS:
        return ms
    for first, end, meant in _UNITS:
        if first <= ms < end:
            return Rejected(Reason.BAD_TIME, f"not a plausible time in milliseconds: it looks like {meant}")
    if ms >= END_MS:
        return Rejected(Reason.BAD_TIME, f"after 2069, so not the time of a touch: {_FORMS}")
    return ms


def _parse_text(text: str) -> int | Rejected:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return _parse_rarer(text)
    if time.tzinfo is None:
        return Rejected(Reason.NO_ZONE, "a time needs its zone: add Z or an offset such as +02:00")
    since = time - _EPOCH
    ms = (since.days * 86_400 + since.seconds) * _MS_PER_S + since.microseconds // 1_000
    return ms if ms < EARLIEST_MS else _plausible(ms)


def _parse_rarer(text: str) -> int | Rejected:
    """Read valid forms that Python does not: the name of a zone, small letters, a leap second (as the next one)."""
    text = text.strip()
    if named := _zone_name(text):
        text = named[1]
    text, leap_ms = split_leap_second(text.upper())
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return Rejected(Reason.BAD_TIME, f"not a time: {_FORMS}")
    found = _parse_text(text)
    return found + leap_ms if isinstance(found, int) else found
