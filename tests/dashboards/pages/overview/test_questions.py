"""Times of the questions of the overview."""

from dashboards.answers.time_steps import Span
from dashboards.pages.overview.questions import earlier, midnight_of
from dashboards.pages.view import read_view

NOW_MS = 1_796_130_723_000  # Tue 1 December 2026, 14:12:03 in Berlin


def test_the_day_begins_at_the_midnight_of_the_viewer() -> None:
    assert midnight_of(read_view("/", {"tz": "Europe/Berlin"}, at_ms=NOW_MS)) == 1_796_079_600_000
    assert midnight_of(read_view("/", {}, at_ms=NOW_MS)) == 1_796_083_200_000


def test_a_week_before_keeps_the_length() -> None:
    assert earlier(Span(700_000_000, 700_060_000)) == Span(95_200_000, 95_260_000)
    assert earlier(Span(0, 60_000)) == Span(0, 1)
