"""Touches over time by channel, as a chart: per second for an hour, per hour for a week, per day beyond."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.answers.activity import Activity
from dashboards.answers.time_steps import HOUR_MS, MINUTE_MS, Span, Step
from dashboards.pages import format as write
from dashboards.pages.charts import Chart, Series
from dashboards.pages.looks import look, looks
from dashboards.pages.view import View
from schemas.time import DAY_MS

WEEK_MS: Final = 7 * DAY_MS
LIVE: Final = "touches"


@dataclass(frozen=True, slots=True)
class Pace:
    """How a range is drawn: `group` steps are one value, which is a rate per `per_s` seconds, in words `unit`."""

    step: Step
    step_ms: int
    group: int
    per_s: int
    unit: str
    title: str

    @property
    def width_ms(self) -> int:
        """Return the time that a value is of."""
        return self.step_ms * self.group


def pace_of(view: View) -> Pace:
    """Return how the range of a page is drawn: in at most 200 values."""
    length_ms = view.to_ms - view.from_ms
    if length_ms <= 2 * HOUR_MS:
        return Pace(Step.MINUTE, MINUTE_MS, 1, 1, "/s", "Touches per second")
    if length_ms <= DAY_MS:
        return Pace(Step.MINUTE, MINUTE_MS, 10, 3600, "/h", "Touches per hour")
    if length_ms <= 8 * DAY_MS:
        return Pace(Step.HOUR, HOUR_MS, 1, 3600, "/h", "Touches per hour")
    return Pace(Step.DAY, DAY_MS, 1, 86_400, "/d", "Touches per day")


def spans_of(view: View, pace: Pace) -> tuple[Span, Span]:
    """Return the range in whole values, without the one that has only begun, and the same time a week before."""
    width_ms = MINUTE_MS if pace.step is Step.MINUTE else HOUR_MS
    end_ms = max(view.to_ms // width_ms * width_ms, width_ms)
    length_ms = -(-(view.to_ms - view.from_ms) // pace.width_ms) * pace.width_ms
    start_ms = max(end_ms - length_ms, 0)
    before = max(start_ms - WEEK_MS, 0), max(end_ms - WEEK_MS, 1)
    return Span(start_ms, end_ms, view.zone_name), Span(*before, view.zone_name)


def activity_chart(view: View, pace: Pace, now: Activity, before: Activity | None) -> Chart:
    """Return the chart. A channel that the address does not name is left out, unless it names none."""
    found = {one.channel: one for one in now.channels if not view.channels or one.channel in view.channels}
    shown = [*(found.pop(name) for name in looks() if name in found), *found.values()]
    series = [Series(look(one.channel).label, _rates(one.touches, pace), look(one.channel).hue) for one in shown]
    starts = [float(start_ms) for start_ms in now.starts_ms[:: pace.group]]
    week = _together(before, view, pace) if before else []
    return Chart(
        "area",
        _words(pace, view, series),
        series,
        starts,
        unit=pace.unit,
        width_ms=pace.width_ms,
        before=week[: len(starts)],
        before_label=f"all channels, {week_before(view)}",
        live=LIVE if pace.unit == "/s" and view.range == "15m" and not view.channels else "",
    )


def week_before(view: View) -> str:
    """Return the same time a week earlier in words: 'last Tuesday', or 'the week before' for more than a day."""
    if view.to_ms - view.from_ms > DAY_MS:
        return "the week before"
    return f"last {write.instant(view.to_ms, view.zone):%A}"


def _rates(touches: Sequence[int], pace: Pace) -> list[float]:
    """Return the rates of groups of steps; a last group that is not whole counts its own steps."""
    found = []
    for start in range(0, len(touches), pace.group):
        group = touches[start : start + pace.group]
        found.append(round(sum(group) * pace.per_s * 1000 / (len(group) * pace.step_ms), 3))
    return found


def _together(activity: Activity, view: View, pace: Pace) -> list[float]:
    """Return the rates of all channels together; nothing if there were no touches at all."""
    channels = [one.touches for one in activity.channels if not view.channels or one.channel in view.channels]
    return _rates([sum(values) for values in zip(*channels, strict=True)], pace) if channels else []


def _words(pace: Pace, view: View, series: Sequence[Series]) -> str:
    last = ", ".join(f"{one.label.lower()} {write.rate(one.values[-1] or 0)}" for one in series if one.values)
    return f"{pace.title} by channel, {view.range_text}" + (f". At the end: {last}" if last else "")
