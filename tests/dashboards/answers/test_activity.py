"""Touches by step and channel."""

import pytest

from dashboards.answers.activity import ChannelActivity, activity
from dashboards.answers.scope import Scope
from dashboards.answers.time_steps import Span, Step
from sinks.clickhouse.client import Client
from tests.dashboards.conftest import Place
from tests.dashboards.people import START_MS
from tests.dashboards.stored_touches import DAY_MS, HOUR_MS, NOON_MS, store_touches

MAIN = Scope()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata"])
@pytest.mark.parametrize("step", [Step.HOUR, Step.DAY])
def test_it_is_that_of_the_touches(lived: Client, zone: str, step: Step) -> None:
    span = Span(START_MS + 2 * DAY_MS, START_MS + 9 * DAY_MS, zone)
    found = activity(lived, MAIN, span, step)
    starts = "toStartOfDay" if step is Step.DAY else "toStartOfHour"
    rows = lived.query(
        f"SELECT channel, toUnixTimestamp({starts}(occurred_at, '{zone}')) * 1000 AS at, count(), countIf(bot) "
        "FROM events FINAL WHERE tenant = 'main' AND NOT beyond_window "
        f"AND toUnixTimestamp(at) BETWEEN {found.starts_ms[0]} AND {found.starts_ms[-1]} GROUP BY ALL".replace(
            "toUnixTimestamp(at)", "at"
        )
    ).result_rows
    assert len(rows) > 20
    # the last step may reach beyond the range, which whole hours end
    whole = {(channel, at): (n, bots) for channel, at, n, bots in rows if at < found.starts_ms[-1]}
    assert {
        (one.channel, at): counts
        for one in found.channels
        for at, *counts in zip(found.starts_ms[:-1], one.touches, one.bots, strict=False)
        if counts[0]
    } == {key: [*counts] for key, counts in whole.items()}


def test_minutes_without_touches_are_zero(place: Place) -> None:
    store_touches(
        place.writer, {"occurred_at": NOON_MS + 60_000}, {"occurred_at": NOON_MS + 61_000, "bot": True},
        {"occurred_at": NOON_MS + HOUR_MS},
    )  # fmt: skip
    found = activity(place.reader, MAIN, Span(NOON_MS, NOON_MS + 180_000), Step.MINUTE)
    assert found.starts_ms == (NOON_MS, NOON_MS + 60_000, NOON_MS + 120_000)
    assert found.channels == (ChannelActivity("visits", (0, 2, 0), (0, 1, 0)),)
    assert activity(place.reader, Scope("other"), Span(NOON_MS, NOON_MS + 1), Step.DAY).channels == ()


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize("step", [Step.HOUR, Step.DAY])
def test_a_step_may_begin_before_1970(place: Place, zone: str, step: Step) -> None:
    found = activity(place.reader, MAIN, Span(0, HOUR_MS, zone), step)
    assert found.starts_ms[0] <= 0
    assert found.channels == ()
