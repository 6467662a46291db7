"""Times in tables: ISO 8601, numbers since 1970 in a unit that is named, or a format that is named.

A number is taken as milliseconds only where it is a plausible number of them, and never guessed to be in another unit:
a time that is wrong by a factor of 1,000 would be stored as now, or as the oldest time that is kept.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from schemas.raw_touch import read_time
from schemas.timestamps import EARLIEST_MS, END_MS
from sources.outcome import excerpt
from sources.tables.zones import find_zone, to_epoch_ms

UNITS: Final = {"s": Decimal(1_000), "ms": Decimal(1), "us": Decimal("0.001"), "ns": Decimal("0.000001")}
"""Milliseconds in one of each unit that a number may count."""

RFC_2822: Final = "%a, %d %b %Y %H:%M:%S %z"
"""Times of mail headers and of some web interfaces: `Sat, 28 Nov 2026 10:00:00 +0000`."""

_DAYS: Final = 2_958_466  # the day after 9999-12-31 in a spreadsheet, which counts days since 1899-12-30
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,20})?")
_COMPACT = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,6})?"
)
_LEAP = re.compile(r"(\d{4}-?\d{2}-?\d{2}[T ]\d{2}:?[0-5]\d:?)60(?!\d)(.*)", re.DOTALL)
_SAMPLE: Final = datetime(2026, 11, 29, 13, 2, 3)


class InvalidTimeError(ValueError):
    """A time that cannot be read; the text goes on after the field's name."""


@dataclass(frozen=True, slots=True)
class TimeReader:
    """How a table's times are read.

    `zone`: of times that have none; without it they are refused. `unit`: what numbers count (a key of `UNITS`; empty:
    milliseconds). `formats`: those of `datetime.strptime`, tried in order. `iso`: whether ISO 8601 is tried first.
    """

    zone: str = ""
    unit: str = ""
    formats: tuple[str, ...] = ()
    iso: bool = True
    _zone: ZoneInfo | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Raises `ValueError`, in words for the one who set the option."""
        if self.unit and self.unit not in UNITS:
            raise ValueError(f"no unit of time {self.unit!r}: it is one of {', '.join(UNITS)}")
        for one in self.formats:
            _check_format(one)
        if self.zone:
            object.__setattr__(self, "_zone", find_zone(self.zone))

    def read(self, value: str | int | float, unit: str = "") -> int | str:
        """Milliseconds since 1970, or the text itself where it is ISO 8601 with a zone. `unit` overrides the table's
        own. Raises `InvalidTimeError`."""
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
        leap = _LEAP.fullmatch(text)
        try:
            at = datetime.fromisoformat(f"{leap[1]}59{leap[2]}" if leap else text)
        except ValueError:
            return self._from_format(text) if self.formats else _from_other(text)
        if leap is None:
            return text if at.tzinfo is not None else self._local(at, text)
        # A leap second (RFC 3339, appendix D) is taken as the second after it, as the access-log importer does.
        at_ms = self._local(at, text) if at.tzinfo is None else read_time(at.isoformat())
        return at_ms + 1_000

    def _from_format(self, text: str) -> int:
        for one in self.formats:
            try:
                at = datetime.strptime(text, one)
            except ValueError:
                continue
            return self._local(at, text) if at.tzinfo is None else read_time(at.isoformat())
        raise InvalidTimeError(f"{excerpt(text)}, not of the form {' or '.join(map(repr, self.formats))}")

    def _local(self, at: datetime, text: str) -> int:
        if self._zone is None:
            raise InvalidTimeError(f"{excerpt(text)} without a zone: name the one of the table's times with --zone")
        return to_epoch_ms(at, self._zone)


def _from_number(number: Decimal, shown: str, unit: str) -> int:
    try:
        at_ms = int((number * UNITS[unit or "ms"]).to_integral_value("ROUND_FLOOR"))
    except (InvalidOperation, ValueError, OverflowError):
        raise InvalidTimeError(f"{shown}, not a time") from None
    if _COMPACT.fullmatch(shown.strip("'")) and not unit:
        raise InvalidTimeError(
            f"{shown}, a date and a time written together: name their form, such as --time-format %Y%m%d%H%M%S"
        )
    if EARLIEST_MS <= at_ms < END_MS:
        return at_ms
    if unit:
        raise InvalidTimeError(
            f"{shown}, which is not a time between 1990 and 2070 in {unit}: name the right unit with --time-unit"
        )
    if 0 <= number < _DAYS:
        raise InvalidTimeError(
            f"{shown}, like the day number of a spreadsheet: write the column as 2024-03-01 10:00:00"
        )
    for other, per_ms in UNITS.items():
        if EARLIEST_MS <= number * per_ms < END_MS:
            raise InvalidTimeError(
                f"{shown}, no plausible number of milliseconds since 1970: add --time-unit {other} if it counts those"
            )
    raise InvalidTimeError(
        f"{shown}, no plausible number of milliseconds since 1970: name what it counts with --time-unit"
    )


def _from_other(text: str) -> int:
    """A text that Python does not read and the contract may."""
    try:
        return read_time(text)
    except PydanticCustomError:
        raise InvalidTimeError(
            f"{excerpt(text)}, not like 2024-03-01T10:00:00Z: "
            f"name its form with --time-format, such as '%d.%m.%Y %H:%M'"
        ) from None


def _check_format(form: str) -> None:
    try:
        again = datetime.strptime(_SAMPLE.astimezone().strftime(form), form)
    except ValueError as error:
        raise ValueError(f"{form!r} is not a format of a time: {error}") from None
    if again.date() != _SAMPLE.date():
        raise ValueError(
            f"{form!r} is not a format of a time: it needs the day, the month and the year, as '%d.%m.%Y %H:%M'"
        )
