"""Times in tables: ISO 8601, numbers in a unit, given formats."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.timestamps import EARLIEST_MS, END_MS
from sources.tables.times import RFC_2822, InvalidTimeError, TimeReader
from tests.tables import table

AT_MS = 1_795_852_800_000  # 2026-11-28T08:00:00Z


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (AT_MS, AT_MS),
        (str(AT_MS), AT_MS),
        (float(AT_MS), AT_MS),
        (f"{AT_MS}.0", AT_MS),
        (AT_MS + 0.75, AT_MS),
        (f"{AT_MS}.999999", AT_MS),
        (f"+{AT_MS}", AT_MS),
        ("2026-11-28T08:00:00Z", "2026-11-28T08:00:00Z"),
        ("2026-11-28T08:00:00.123456789Z", "2026-11-28T08:00:00.123456789Z"),
        ("2026-11-28 08:00:00+00", "2026-11-28 08:00:00+00"),
        ("2026-11-28 08:00:00 Z", "2026-11-28 08:00:00 Z"),
        ("2026-11-28T08:00:00,5Z", "2026-11-28T08:00:00,5Z"),
        ("20261128T080000Z", "20261128T080000Z"),
        ("20261128T090000", AT_MS),
        ("2026-11-28 09:00", AT_MS),
        ("2026-11-28", AT_MS - 9 * 3_600_000),
        ("20261128", AT_MS - 9 * 3_600_000),
        ("2026-W48-6T08:00Z", "2026-W48-6T08:00Z"),
    ],
)
def test_times_are_read_with_a_zone_alone(value: str | float, read: int | str) -> None:
    assert TimeReader("Europe/Berlin").read(value) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-06-30T23:59:60Z", 1_782_864_000_000),
        ("2026-06-30T23:59:60.5Z", 1_782_864_000_500),
        ("2026-07-01T01:59:60+02:00", 1_782_864_000_000),
        ("2026-07-01 05:29:60+05:30", 1_782_864_000_000),
        ("20260630T235960Z", 1_782_864_000_000),
        ("2026-07-01 01:59:60", 1_782_864_000_000),
    ],
)
def test_a_leap_second_is_the_second_after_it(text: str, read: int) -> None:
    assert TimeReader("Europe/Berlin").read(text) == read


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("s", AT_MS // 1_000),
        ("s", str(AT_MS // 1_000)),
        ("s", f"{AT_MS // 1_000}.0004"),
        ("s", AT_MS / 1_000),
        ("ms", AT_MS),
        ("us", AT_MS * 1_000),
        ("us", str(AT_MS * 1_000 + 999)),
        ("ns", AT_MS * 1_000_000),
        ("ns", str(AT_MS * 1_000_000 + 999_999)),
    ],
)
def test_numbers_in_a_given_unit_are_read(unit: str, value: str | float) -> None:
    assert TimeReader(unit=unit).read(value) == AT_MS
    assert TimeReader().read(value, unit) == AT_MS


def test_the_fraction_of_a_second_is_kept_to_the_millisecond() -> None:
    assert TimeReader(unit="s").read(1529006854.329574) == 1_529_006_854_329


@table(
    ("value", "words"),
    [
        (AT_MS // 1_000, "--time-unit s"),
        (str(AT_MS // 1_000), "--time-unit s"),
        (f"{AT_MS // 1_000}.25", "--time-unit s"),
        (AT_MS * 1_000, "--time-unit us"),
        (str(AT_MS * 1_000), "--time-unit us"),
        (AT_MS * 1_000_000, "--time-unit ns"),
        (str(AT_MS * 1_000_000), "--time-unit ns"),
        (10**30, "no plausible number"),
        ("9" * 20, "no plausible number"),
        (-AT_MS, "no plausible number"),
        (0, "spreadsheet"),
        ("46354.416666", "spreadsheet"),
        (46354, "spreadsheet"),
        ("20261129010203", "--time-format %Y%m%d%H%M%S"),
        (20261129010203, "--time-format %Y%m%d%H%M%S"),
        ("202611290102", "--time-format"),
        ("20261129010203123", "--time-format"),
        (float("inf"), "not a time"),
        (float("nan"), "not a time"),
        ("1.79585E+12", "not like"),
        ("2026-11-28 10:00:00 UTC", "not like"),
        ("Sat, 28 Nov 2026 10:00:00 +0000", "--time-format"),
        ("28.11.2026 10:00", "--time-format"),
        ("11/28/2026 10:00 AM", "--time-format"),
        ("2026-11-28 25:00", "not like"),
        ("2026-11-28T10:00:61Z", "not like"),
        ("yesterday", "'yesterday'"),
        ("261129", "not like"),
        ("²²²²²²²²²²²²²", "not like"),
    ],
)
def test_an_ambiguous_time_is_rejected(value: str | float, words: str) -> None:
    with pytest.raises(InvalidTimeError, match=re.escape(words)):
        TimeReader("UTC").read(value)


@pytest.mark.parametrize(
    ("unit", "value"), [("s", AT_MS), ("s", "46354.4"), ("ms", AT_MS // 1_000), ("ms", AT_MS * 1_000), ("us", AT_MS)]
)
def test_a_wrong_unit_is_rejected(unit: str, value: str | float) -> None:
    with pytest.raises(InvalidTimeError, match="right unit"):
        TimeReader(unit=unit).read(value)


def test_a_time_without_zone_needs_one() -> None:
    with pytest.raises(InvalidTimeError, match="--zone"):
        TimeReader().read("2026-11-28 10:00")
    with pytest.raises(InvalidTimeError, match="--zone"):
        TimeReader().read("2026-06-30 23:59:60")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d.%m.%Y %H:%M", "28.11.2026 09:00"),
        ("%m/%d/%Y %I:%M %p", "11/28/2026 09:00 AM"),
        ("%Y%m%d%H%M%S", "20261128090000"),
        (RFC_2822, "Sat, 28 Nov 2026 08:00:00 +0000"),
        ("%Y-%m-%d %H:%M:%S UTC%z", "2026-11-28 08:00:00 UTC+0000"),
    ],
)
def test_times_in_a_given_format_are_read(form: str, text: str) -> None:
    assert TimeReader("Europe/Berlin", formats=(form,), iso=False).read(text) == AT_MS
    with pytest.raises(InvalidTimeError, match="not of the form"):
        TimeReader("Europe/Berlin", formats=(form,), iso=False).read("2026-11-28T08:00:00Z")


def test_a_time_after_2069_with_a_zone_is_rejected() -> None:
    with pytest.raises(InvalidTimeError, match=r"'01\.02\.2100 10:00 \+0000', after 2069"):
        TimeReader(formats=("%d.%m.%Y %H:%M %z",), iso=False).read("01.02.2100 10:00 +0000")
    with pytest.raises(InvalidTimeError, match="'2100-12-31T23:59:60Z', after 2069"):
        TimeReader().read("2100-12-31T23:59:60Z")


@pytest.mark.parametrize("form", ["%H:%M", "%d.%m", "%Q", "yesterday", "%Y-%m-"])
def test_a_format_needs_a_date(form: str) -> None:
    with pytest.raises(ValueError, match="is not a time format"):
        TimeReader(formats=(form,))


def test_an_unknown_unit_raises() -> None:
    with pytest.raises(ValueError, match="s, ms, us, ns"):
        TimeReader(unit="minutes")


@given(st.integers() | st.floats() | st.text(max_size=30) | st.from_regex(r"-?\d{1,25}(\.\d{1,9})?", fullmatch=True))
def test_a_number_is_a_plausible_time_or_rejected(value: str | float) -> None:
    try:
        read = TimeReader("UTC").read(value)
    except InvalidTimeError:
        return
    assert isinstance(read, str) or isinstance(value, str) or EARLIEST_MS <= read < END_MS
