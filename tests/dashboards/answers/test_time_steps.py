"""Ranges and their steps."""

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboards.answers.time_steps import MAX_STEPS, Span, Step, UnanswerableError, starts_of, zone_of
from tests.dashboards.stored_touches import DAY_MS, HOUR_MS, NOON_MS


def test_days_are_those_of_the_zone_also_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = int(datetime(2026, 10, 24, 15, tzinfo=berlin).timestamp() * 1000)
    starts = starts_of(Span(first, first + 3 * DAY_MS, "Europe/Berlin"), Step.DAY)
    local = [datetime.fromtimestamp(start_ms / 1000, berlin) for start_ms in starts]
    assert [(at.day, at.hour) for at in local] == [(24, 0), (25, 0), (26, 0), (27, 0)]
    assert [b - a for a, b in itertools.pairwise(starts)] == [DAY_MS, DAY_MS + HOUR_MS, DAY_MS]


@pytest.mark.parametrize(
    ("zone", "step", "first"),
    [
        ("UTC", Step.MINUTE, "11:59"),
        ("UTC", Step.HOUR, "11:00"),
        ("Asia/Kolkata", Step.HOUR, "11:30"),
        ("Asia/Kolkata", Step.DAY, "18:30"),
    ],
)
def test_the_first_step_contains_the_beginning(zone: str, step: Step, first: str) -> None:
    starts = starts_of(Span(NOON_MS - 30_000, NOON_MS + 1, zone), step)
    assert datetime.fromtimestamp(starts[0] / 1000, UTC).strftime("%H:%M") == first
    assert starts[-1] <= NOON_MS


def test_hours_contain_the_range() -> None:
    assert Span(NOON_MS + 1, NOON_MS + 2).hours_s == {"from_s": NOON_MS // 1000, "to_s": NOON_MS // 1000 + 3600}


def test_questions_without_an_answer() -> None:
    with pytest.raises(UnanswerableError, match="ends before it begins"):
        Span(NOON_MS, NOON_MS)
    with pytest.raises(UnanswerableError, match="longer than"):
        Span(0, NOON_MS)
    for name in ("Europe/Atlantis", "../etc/passwd", "x\0"):
        with pytest.raises(UnanswerableError, match="no time zone"):
            zone_of(name)
    with pytest.raises(UnanswerableError, match=f"more than {MAX_STEPS:,} steps of a minute"):
        starts_of(Span(NOON_MS, NOON_MS + 3 * DAY_MS), Step.MINUTE)
