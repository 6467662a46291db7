"""Ranges of time, and their steps in a time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.time import DAY_MS

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
MAX_STEPS: Final = 2_000
MAX_DAYS: Final = 3_700  # of a range


class UnanswerableError(ValueError):
    """A question that has no answer as it is put; the message is a sentence that says why and what to ask instead."""


class Step(StrEnum):
    """Lengths of a step."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Span:
    """The time from `from_ms` up to, and without, `to_ms`, in milliseconds; `zone` is the viewer's, such as
    `Europe/Berlin`.

    Raises UnanswerableError if it is empty, longer than `MAX_DAYS`, or the zone is unknown.
    """

    from_ms: int
    to_ms: int
    zone: str = "UTC"

    def __post_init__(self) -> None:
        if not 0 <= self.from_ms < self.to_ms:
            raise UnanswerableError("The range ends before it begins: give a later end.")
        if self.to_ms - self.from_ms > MAX_DAYS * DAY_MS:
            raise UnanswerableError(f"The range is longer than {MAX_DAYS:,} days: give a shorter one.")
        zone_of(self.zone)

    @property
    def hours_s(self) -> dict[str, int]:
        """The whole hours that contain the range, in seconds, as parameters of queries."""
        first, last = self.from_ms // HOUR_MS, -(-self.to_ms // HOUR_MS)
        return {"from_s": first * 3600, "to_s": last * 3600}


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone. Raises UnanswerableError if there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnanswerableError(f"There is no time zone {name[:60]!r}: give one such as Europe/Berlin.") from None


def starts_of(span: Span, step: Step) -> list[int]:
    """Return the beginnings of the steps that contain a range, in milliseconds; days and hours are those of the zone.

    Raises UnanswerableError for more than `MAX_STEPS`.
    """
    starts: list[int] = []
    for start_ms in _starts(span, step):
        if start_ms >= span.to_ms:
            break
        if len(starts) == MAX_STEPS:
            raise UnanswerableError(
                f"The range has more than {MAX_STEPS:,} steps of a {step}: give a shorter range or a longer step."
            )
        starts.append(start_ms)
    return starts


def _starts(span: Span, step: Step) -> Iterator[int]:
    zone = zone_of(span.zone)
    if step is Step.MINUTE:
        start_ms = span.from_ms // MINUTE_MS * MINUTE_MS
        while True:
            yield start_ms
            start_ms += MINUTE_MS
    local = datetime.fromtimestamp(span.from_ms / 1000, zone)
    if step is Step.HOUR:
        start_ms = _ms(local.replace(minute=0, second=0, microsecond=0))
        while True:
            yield start_ms
            start_ms += HOUR_MS
    day = local.date()
    while True:
        yield _ms(datetime(day.year, day.month, day.day, tzinfo=zone))
        day += timedelta(days=1)


def _ms(when: datetime) -> int:
    return int(when.astimezone(UTC).timestamp() * 1000)
