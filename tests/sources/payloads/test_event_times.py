"""Times of foreign events."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.payloads.event_times import date_ms, iso_ms, rfc2822_ms, unix_ms

AT_MS = 1_796_100_000_123


@pytest.mark.parametrize(
    ("value", "unit_ms", "time_ms"),
    [
        (1_796_100_000, 1_000, 1_796_100_000_000),
        (1_796_100_000.123, 1_000, AT_MS),
        ("1796100000", 1_000, 1_796_100_000_000),
        (" 1796100000.123456 ", 1_000, AT_MS),
        (AT_MS, 1, AT_MS),
        (str(AT_MS), 1, AT_MS),
        (AT_MS, 1_000, None),
        (0, 1_000, None),
        (-1, 1_000, None),
        (10**400, 1_000, None),
        (True, 1_000, None),
        (None, 1_000, None),
        ("", 1_000, None),
        ("1.7.9", 1_000, None),
        ("-1796100000", 1_000, None),
        ("1e9", 1_000, None),
        ("٣", 1_000, None),
        ("9" * 5_000, 1_000, None),
        ([1], 1_000, None),
    ],
)
def test_numbers_since_1970(value: Any, unit_ms: int, time_ms: int | None) -> None:
    assert unix_ms(value, unit_ms) == time_ms


@pytest.mark.parametrize(
    ("value", "time_ms"),
    [
        ("2026-12-01T04:00:00.123Z", 1_796_097_600_123),
        ("2026-12-01T05:00:00+01:00", 1_796_097_600_000),
        ("2026-12-01T04:00:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("tomorrow", None),
        (1_796_097_600_123, None),
        (None, None),
    ],
)
def test_iso_8601(value: Any, time_ms: int | None) -> None:
    assert iso_ms(value) == time_ms


@pytest.mark.parametrize(
    ("value", "time_ms"),
    [
        ("Tue, 01 Dec 2026 04:00:00 +0000", 1_796_097_600_000),
        ("Tue, 01 Dec 2026 05:00:00 +0100", 1_796_097_600_000),
        ("1 Dec 2026 04:00:00 -0000", 1_796_097_600_000),
        ("Tue, 01 Dec 1970 04:00:00 +0000", None),
        ("Tue, 99 Dec 2026 04:00:00 +0000", None),
        ("2026-12-01T04:00:00Z", None),
        ("", None),
        ("x" * 100_000, None),
        (1, None),
    ],
)
def test_rfc_2822(value: Any, time_ms: int | None) -> None:
    assert rfc2822_ms(value) == time_ms


@pytest.mark.parametrize(
    ("value", "time_ms"),
    [
        ("/Date(1796097600123)/", 1_796_097_600_123),
        ("/Date(1796097600123-0700)/", 1_796_097_600_123),
        ("/Date(-1)/", None),
        ("/Date(0)/", None),
        ("1796097600123", None),
        (1_796_097_600_123, None),
    ],
)
def test_dates_of_microsoft(value: Any, time_ms: int | None) -> None:
    assert date_ms(value) == time_ms


@given(st.text() | st.floats() | st.integers())
def test_no_value_raises(value: Any) -> None:
    assert unix_ms(value) is None or isinstance(unix_ms(value), int)
    assert iso_ms(value) is None or isinstance(iso_ms(value), int)
    assert rfc2822_ms(value) is None or isinstance(rfc2822_ms(value), int)
