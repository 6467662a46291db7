"""Times of messages: accepted forms, their values, and the refusals of implausible ones."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.rejected import Reason, Rejected
from schemas.timestamps import EARLIEST_MS, END_MS, implausible, parse_time
from tests.tables import table

NOON_MS = 1_769_860_800_000  # 2026-01-31T12:00:00Z
TIMES: list[tuple[Any, int]] = [
    ("2026-01-31T12:00:00Z", NOON_MS),
    ("2026-01-31T12:00:00.000+00:00", NOON_MS),
    ("2026-01-31T12:00:00-00:00", NOON_MS),
    ("2026-01-31T13:30:00+01:30", NOON_MS),
    ("2026-01-31T04:00:00-08:00", NOON_MS),
    ("2026-01-31 12:00Z", NOON_MS),
    ("20260131T120000Z", NOON_MS),
    ("20260131T133000+0130", NOON_MS),
    ("2026-W05-6T12:00:00Z", NOON_MS),
    ("2026-01-31t12:00:00z", NOON_MS),
    (" 2026-01-31T12:00:00Z\n", NOON_MS),
    ("2026-01-31T12:00:00.2509Z", NOON_MS + 250),
    ("2026-01-31T12:00:00,250Z", NOON_MS + 250),
    ("2026-01-31T12:00:00.250999999Z", NOON_MS + 250),
    ("2026-01-31T13:00:00+01:00[Europe/Berlin]", NOON_MS),
    ("2026-01-31T13:00:00+01:00[Europe/Berlin][u-ca=gregory]", NOON_MS),
    ("2026-01-31T11:59:60Z", NOON_MS),
    ("2026-01-31T11:59:60.250Z", NOON_MS + 250),
    ("2026-01-31T12:59:60+01:00", NOON_MS),
    ("20260131T115960Z", NOON_MS),
    ("2026-06-30T23:59:60Z", 1_782_864_000_000),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    (NOON_MS, NOON_MS),
    (float(NOON_MS), NOON_MS),
    (NOON_MS + 0.75, NOON_MS),
    (1.7698608e12, NOON_MS),
    (EARLIEST_MS, EARLIEST_MS),
    (END_MS - 1, END_MS - 1),
    ("1990-01-01T00:00:00Z", EARLIEST_MS),
    ("2069-12-31T23:59:59.999Z", END_MS - 1),
    # A clock that was reset: `implausible` decides.
    (0, 0),
    (-1, -1),
    (90_000, 90_000),
    ("1970-01-01T00:00:00Z", 0),
    ("1969-12-31T23:59:59.999Z", -1),
    ("1969-12-31T23:59:59.9995Z", -1),
    ("1980-01-06T00:00:00Z", 315_964_800_000),
    ("0001-01-01T00:00:00+23:59", -62_135_683_140_000),
]


@table(("sent", "at_ms"), TIMES)
def test_times(sent: object, at_ms: int) -> None:
    found = parse_time(sent)
    assert (type(found), found) == (int, at_ms)


NO_TIMES: list[tuple[Any, Reason, str]] = [
    ("2026-01-31T12:00:00", Reason.NO_ZONE, "zone"),
    ("2026-01-31", Reason.NO_ZONE, "zone"),
    ("20260131", Reason.NO_ZONE, "zone"),
    ("2026-01-31T12:00:00[Europe/Berlin]", Reason.NO_ZONE, "zone"),
    ("2026-06-30T23:59:60", Reason.NO_ZONE, "zone"),
    ("2026-13-31T12:00:00Z", Reason.BAD_TIME, "ISO 8601"),
    ("2026-02-30T12:00:00Z", Reason.BAD_TIME, "ISO 8601"),
    ("2026-01-31T12:00:61Z", Reason.BAD_TIME, "ISO 8601"),
    ("2026-01-31T12:60:00Z", Reason.BAD_TIME, "ISO 8601"),
    ("31.01.2026 12:00", Reason.BAD_TIME, "ISO 8601"),
    ("Sat, 31 Jan 2026 12:00:00 GMT", Reason.BAD_TIME, "ISO 8601"),
    ("/Date(1769860800000)/", Reason.BAD_TIME, "ISO 8601"),
    ("1769860800000", Reason.BAD_TIME, "ISO 8601"),
    ("1769860800", Reason.BAD_TIME, "ISO 8601"),
    ("yesterday", Reason.BAD_TIME, "ISO 8601"),
    ("", Reason.BAD_TIME, "ISO 8601"),
    ("[]", Reason.BAD_TIME, "ISO 8601"),
    ("\ud800", Reason.BAD_TIME, "ISO 8601"),
    ("9999-12-31T23:59:59.999-23:59", Reason.BAD_TIME, "after 2069"),
    ("2070-01-01T00:00:00Z", Reason.BAD_TIME, "after 2069"),
    ("2099-12-31T00:00:00Z", Reason.BAD_TIME, "after 2069"),
    (END_MS, Reason.BAD_TIME, "after 2069"),
    (10**400, Reason.BAD_TIME, "after 2069"),
    (1e300, Reason.BAD_TIME, "after 2069"),
    (NOON_MS // 1_000, Reason.BAD_TIME, "seconds since 1970, multiply it by 1000"),
    (NOON_MS / 1_000 + 0.5, Reason.BAD_TIME, "seconds since 1970, multiply it by 1000"),
    (NOON_MS * 1_000, Reason.BAD_TIME, "microseconds since 1970, divide it by 1000"),
    (NOON_MS * 1_000_000, Reason.BAD_TIME, "nanoseconds since 1970, divide it by 1000000"),
    (20_260_131, Reason.BAD_TIME, "a date written as a number"),
    (202_601_311_200, Reason.BAD_TIME, "a date and time written as a number"),
    (20_260_131_120_000, Reason.BAD_TIME, "a date and time written as a number"),
    (639_054_576_000_000_000, Reason.BAD_TIME, "after 2069"),  # ticks of .NET
    (134_143_344_000_000_000, Reason.BAD_TIME, "after 2069"),  # FILETIME
    (True, Reason.WRONG_TYPE, "ISO 8601"),
    (None, Reason.WRONG_TYPE, "ISO 8601"),
    ([], Reason.WRONG_TYPE, "ISO 8601"),
    ({}, Reason.WRONG_TYPE, "ISO 8601"),
    (float("nan"), Reason.WRONG_TYPE, "ISO 8601"),
    (float("inf"), Reason.BAD_TIME, "ISO 8601"),
]


@table(("sent", "reason", "detail"), NO_TIMES)
def test_refused_times(sent: object, reason: Reason, detail: str) -> None:
    found = parse_time(sent)
    assert isinstance(found, Rejected)
    assert found.reason is reason
    assert detail in found.detail


@given(st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31), timezones=st.timezones()))
def test_any_time_from_1990_to_2069_is_taken(time: datetime) -> None:
    if datetime(1990, 1, 1, tzinfo=UTC) <= time < datetime(2070, 1, 1, tzinfo=UTC):
        assert parse_time(time.isoformat()) == int((time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000)


@given(st.integers(EARLIEST_MS, END_MS - 1))
def test_no_plausible_time_is_plausible_in_another_unit(time_ms: int) -> None:
    for sent in (time_ms // 1_000, time_ms * 1_000, time_ms * 1_000_000):
        assert isinstance(parse_time(sent), Rejected)


@given(st.integers() | st.floats() | st.text(max_size=40) | st.none() | st.booleans())
def test_any_value_is_a_time_or_a_reason(sent: object) -> None:
    found = parse_time(sent)
    assert isinstance(found, Rejected) or found < END_MS


@pytest.mark.parametrize(
    ("occurred_at_ms", "sent_at_ms", "taken"),
    [
        (NOON_MS, None, True),
        (EARLIEST_MS, None, True),
        (EARLIEST_MS - 1, None, False),
        (0, None, False),
        (-1, None, False),
        (90_000, 95_000, True),  # both by a clock that was reset
        (90_000, 90_000, True),
        (90_000, NOON_MS, False),
        (95_000, 90_000, False),
        (0, 0, False),  # never set
        (0, 5_000, False),
    ],
)
def test_a_time_before_1990_needs_a_clock_that_is_as_wrong(
    occurred_at_ms: int, sent_at_ms: int | None, taken: bool
) -> None:
    refused = implausible(occurred_at_ms, sent_at_ms)
    assert (refused is None) is taken
    assert refused is None or refused.reason is Reason.BAD_TIME
