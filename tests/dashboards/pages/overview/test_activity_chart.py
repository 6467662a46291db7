"""Touches over time as a chart."""

import pytest

from dashboards.answers.activity import Activity, ChannelActivity
from dashboards.answers.time_steps import Step, starts_of
from dashboards.pages.overview.activity_chart import WEEK_MS, activity_chart, pace_of, spans_of, week_before
from dashboards.pages.view import RANGES, View, read_view

NOW_MS = 1_796_130_723_000


def view(**query: str) -> View:
    return read_view("/", query, at_ms=NOW_MS)


@pytest.mark.parametrize("key", RANGES)
def test_each_range_has_few_values_and_ends_with_a_whole_step(key: str) -> None:
    shown = view(range=key)
    pace = pace_of(shown)
    now, before = spans_of(shown, pace)
    assert len(starts_of(now, pace.step)) / pace.group <= 200
    assert now.to_ms <= NOW_MS
    assert (now.from_ms - before.from_ms, now.to_ms - before.to_ms) == (WEEK_MS, WEEK_MS)


def test_values_are_rates_of_the_channels_that_are_shown() -> None:
    channels = (ChannelActivity("visits", (60, 120), (0, 0)), ChannelActivity("calls", (0, 30), (0, 0)))
    activity = Activity(Step.MINUTE, "UTC", (0, 60_000), channels)
    shown = view(range="15m", compare="week")
    chart = activity_chart(shown, pace_of(shown), activity, activity)
    assert [(one.label, one.values) for one in chart.series] == [("Visits", [1.0, 2.0]), ("Calls", [0.0, 0.5])]
    assert (chart.before, chart.before_label) == ([1.0, 2.5], "all channels, last Tuesday")
    assert chart.live
    assert chart.label == "Touches per second by channel, last 15 minutes. At the end: visits 2.0, calls 0.50"
    calls = view(range="15m", channel="calls")
    alone = activity_chart(calls, pace_of(calls), activity, activity)
    assert [one.label for one in alone.series] == ["Calls"]
    assert (alone.before, alone.live) == ([0.0, 0.5], "")


def test_a_day_is_drawn_in_steps_of_ten_minutes() -> None:
    channels = (ChannelActivity("visits", tuple(range(25)), (0,) * 25),)
    activity = Activity(Step.MINUTE, "UTC", tuple(minute * 60_000 for minute in range(25)), channels)
    shown = view(range="24h")
    chart = activity_chart(shown, pace_of(shown), activity, None)
    assert chart.positions == [0, 600_000, 1_200_000]
    assert chart.series[0].values == [45 * 6, 145 * 6, 110 * 12]  # the last has five minutes
    assert (chart.unit, chart.before) == ("/h", [])


def test_a_week_before_has_words() -> None:
    assert week_before(view(range="24h")) == "last Tuesday"
    assert week_before(view(range="7d")) == "the week before"
