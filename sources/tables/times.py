"""Parser of times in tables: ISO 8601, numbers since 1970 in a given unit, or a given format.

Without a unit, a number is milliseconds, and is rejected if that is not plausible. The unit is never guessed: a time
that is wrong by a factor of 1,000 would be stored as now, or as the oldest time that is kept.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from schemas.rejected import Rejected
from schemas.timestamps import EARLIEST_MS, END_MS, parse_time, split_leap_second
from sources.outcome import excerpt
from sources.tables.zones import find_zone, to_epoch_ms

UNITS: Final = {"s": Decimal(1_000), "ms": Decimal(1), "us": Decimal("0.001"), "ns": Decimal("0.000001")}
"""Milliseconds per unit of a number."""

RFC_2822: Final = "%a, %d %b %Y %H:%M:%S %z"
"""Format of mail headers and of some APIs: `Sat, 28 Nov 2026 10:00:00 +0000`."""

_DAYS: Final = 2_958_466  # number of the day after 9999-12-31 in a spreadsheet, which counts days from 1899-12-30
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,20})?")
_COMPACT = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,6})?"
)

_SAMPLE: Final = datetime(2026, 11, 29, 13, 2, 3)


class InvalidTimeError(ValueError):
    """A time that cannot be read; the message follows the field's name and `is`."""


@dataclass(frozen=True, slots=True)
class TimeReader:
    """A parser of a table's times.

    `zone`: zone of times without one; '' rejects them. `unit`: unit of numbers, a key of `UNITS`; '' means
    milliseconds. `formats`: formats of `datetime.strptime`, tried in order. `iso`: whether ISO 8601 is tried first.
    """

    zone: str = ""
    unit: str = ""
    formats: tuple[str, ...] = ()
    iso: bool = True
    _zone: ZoneInfo | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Raise `ValueError` with a message for the user if an option is wrong."""
        if self.unit and self.unit not in UNITS:
            raise ValueError(f"no unit of time {self.unit!r}: it is one of {', '.join(UNITS)}")
        for one in self.formats:
            _check_format(one)
        if self.zone:
            object.__setattr__(self, "_zone", find_zone(self.zone))

    def read(self, value: str | int | float, unit: str = "") -> int | str:
        """Return milliseconds since 1970, or the text itself if it is ISO 8601 with a zone.

        `unit` overrides the unit of the table. Raises `InvalidTimeError`.
        """
        unit = unit or self.unit
        if not isinstance(value, str):
            return _from_number(Decimal(str(value)), repr(value), unit)
        text = value.strip()
        if not self.iso:
            return self._from_format(text)
        if _NUMBER.fullmatch(text) and (unit or len(text) > 8 or not text.isdigit()):
            return _from_number(Decimal(text), excerpt(text), unit)
        return self._from_text(text)

    def _from_text(self, text: str) -> int | str:
        without_leap, leap_ms = split_leap_second(text)
        try:
            at = datetime.fromisoformat(without_leap)
        except ValueError:
            return self._from_format(text) if self.formats else _from_rare_iso(text)
        if at.tzinfo is None:
            return self._local(at, text) + leap_ms
        return _read_zoned(at, text) + leap_ms if leap_ms else text

    def _from_format(self, text: str) -> int:
        for one in self.formats:
            try:
                at = datetime.strptime(text, one)
            except ValueError:
                continue
            return self._local(at, text) if at.tzinfo is None else _read_zoned(at, text)
        raise InvalidTimeError(f"{excerpt(text)}, not of the form {' or '.join(map(repr, self.formats))}")

    def _local(self, at: datetime, text: str) -> int:
        if self._zone is None:
            raise InvalidTimeError(f"{excerpt(text)} without a zone: name the one of the table's times with --zone")
        return to_epoch_ms(at, self._zone)


def _from_number(number: Decimal, quoted: str, unit: str) -> int:
    try:
        at_ms = int((number * UNITS[unit or "ms"]).to_integral_value("ROUND_FLOOR"))
    except (InvalidOperation, ValueError, OverflowError):
        raise InvalidTimeError(f"{quoted}, not a time") from None
    if _COMPACT.fullmatch(quoted.strip("'")) and not unit:
        raise InvalidTimeError(
            f"{quoted}, a date and a time without separators: give their format, as in --time-format %Y%m%d%H%M%S"
        )
    if EARLIEST_MS <= at_ms < END_MS:
        return at_ms
    if unit:
        raise InvalidTimeError(
            f"{quoted}, which is not a time between 1990 and 2070 in {unit}: give the right unit with --time-unit"
        )
    if 0 <= number < _DAYS:
        raise InvalidTimeError(
            f"{quoted}, like the day number of a spreadsheet: write the column as 2024-03-01 10:00:00"
        )
    for other, per_ms in UNITS.items():
        if EARLIEST_MS <= number * per_ms < END_MS:
            raise InvalidTimeError(
                f"{quoted}, no plausible number of milliseconds since 1970: add --time-unit {other} if it counts those"
            )
    raise InvalidTimeError(
        f"{quoted}, no plausible number of milliseconds since 1970: name what it counts with --time-unit"
    )


def _from_rare_iso(text: str) -> int:
    """Parse a form of ISO 8601 that `datetime.fromisoformat` does not read and the contract allows."""
    at_ms = parse_time(text)
    if isinstance(at_ms, Rejected):
        raise InvalidTimeError(
            f"{excerpt(text)}, not like 2024-03-01T10:00:00Z: "
            f"give its format with --time-format, such as '%d.%m.%Y %H:%M'"
        )
    return at_ms


def _read_zoned(at: datetime, text: str) -> int:
    at_ms = parse_time(at.isoformat())
    if isinstance(at_ms, Rejected):
        raise InvalidTimeError(f"{excerpt(text)}, {at_ms.detail}")
    return at_ms


def _check_format(form: str) -> None:
    try:
        again = datetime.strptime(_SAMPLE.astimezone().strftime(form), form)
    except ValueError as error:
        raise ValueError(f"{form!r} is not a time format: {error}") from None
    if again.date() != _SAMPLE.date():
        raise ValueError(
            f"{form!r} is not a time format: it needs the day, the month and the year, as '%d.%m.%Y %H:%M'"
        )
