"""The large figures of the overview: a number, what it is compared with, and its course."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.answers.activity import Activity
from dashboards.answers.call_service_levels import ServiceLevels
from dashboards.answers.data_quality import DataQuality
from dashboards.answers.segments import Segments
from dashboards.pages import format as write

_HOUR = 60


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure. `change` is the difference to `than`, '' if there is nothing to compare with. `good`: 1 if the change
    is for the better, -1 if for the worse, 0 if neither. `title`: the exact number, where the shown one is shortened.
    """

    id: str
    label: str
    value: str
    unit: str = ""
    change: str = ""
    than: str = ""
    good: int = 0
    course: Sequence[float] = ()
    title: str = ""


def touches_today(today: Activity, before: Activity, day: str) -> Figure:
    """Return the touches that happened since midnight, against those up to the same time a week ago.

    `day`: when that was, such as 'last Monday'.
    """
    per_minute = [sum(values) for values in zip(*(one.touches for one in today.channels), strict=True)]
    now, then = sum(per_minute), sum(sum(one.touches) for one in before.channels)
    digits, letter = write.short(now)
    course = [sum(per_minute[start : start + _HOUR]) for start in range(0, len(per_minute), _HOUR)]
    change = f"{write.change((now / then - 1) * 100)}{write.SPACE}%" if then else ""
    return Figure(
        "today",
        "Happened today",
        digits,
        letter,
        change,
        f"on {day}" if then else "since midnight",
        _sign(now - then) if then else 0,
        course,
        write.whole(now),
    )


def active_now(active: int | None) -> Figure:
    """Return the people seen in the last minutes, which live events keep current."""
    value = write.NONE if active is None else write.whole(active)
    return Figure("active", "People active now", value, than="in the last 5 minutes")


def hot_customers(found: Segments) -> Figure:
    """Return the number of hot customers, and how it changed within a day."""
    came, left = found.hot.came or 0, found.hot.left or 0
    digits, letter = write.short(found.hot.customers)
    return Figure(
        "hot",
        "Hot customers",
        digits,
        letter,
        write.change(came - left),
        "in 24 h",
        _sign(came - left),
        title=write.whole(found.hot.customers),
    )


def identified_today(today: DataQuality, before: DataQuality, day: str) -> Figure:
    """Return the share of the touches that arrived today, whenever they happened, that name somebody."""
    now, then = _identified(today), _identified(before)
    if now is None:
        return Figure("identified", "Arrivals identified", write.NONE, than="nothing arrived today")
    value = write.points(now * 100)
    arrived = f"Of {write.whole(today.all.touches)} touches that arrived today"
    if then is None:
        return Figure("identified", "Arrivals identified", value, "%", than="of what arrived today", title=arrived)
    points = (now - then) * 100
    change = f"{write.change(points, 1)} pt"
    good = _sign(round(points, 1))
    return Figure("identified", "Arrivals identified", value, "%", change, f"on {day}", good, title=arrived)


def waiting(today: ServiceLevels, before: ServiceLevels, day: str) -> Figure:
    """Return how long half of today's callers waited at most."""
    now, then = today.all.median_s, before.all.median_s
    label = "Waiting, half of callers"
    if now is None:
        return Figure("waiting", label, write.NONE, than="no calls today")
    if then is None:
        return Figure("waiting", label, write.duration(now), than=f"of {write.whole(today.all.calls)} calls today")
    change = f"{write.change(now - then)} s"
    return Figure("waiting", label, write.duration(now), "", change, f"on {day}", _sign(then - now))


def _identified(quality: DataQuality) -> float | None:
    found = quality.all
    unknown = found.anonymous + found.without_identifier
    return 1 - unknown / found.touches if found.touches else None


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def missing(label: str) -> Figure:
    """Return a figure whose answer is missing."""
    return Figure("", label, write.NONE, than="no answer")
