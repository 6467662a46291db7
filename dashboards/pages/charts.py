"""What a chart shows, as data: `static/chart.js` draws it, and a table shows the same numbers.

Positions are times in ms since 1970 (`times`) or names. A value None is a gap, which is not the same as 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Final, Literal

import msgspec

from dashboards.pages import format as write
from schemas.time import DAY_MS

Kind = Literal["area", "line", "bars", "curve", "heat"]
Value = float | None
_MOST_ROWS: Final = 400  # of a table


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values, one per position. `hue`: the class of its colour (`looks.py`), -1 for the accent colour."""

    label: str
    values: Sequence[Value]
    hue: int = -1


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with words at a position."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line below a curve where a touch was: its time, colour and size from 0 to 1."""

    at: float
    hue: int
    size: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart. `label` says what it shows, in words that can be read out.

    `positions`: times in ms if `times`, else indexes of `names`. `area` stacks its series; `before` is the sum of a
    week earlier. `curve` has one series and goes on with `future`: pairs of time and value. `threshold`: (value, words)
    of a horizontal line. `heat` has one series per line. `width_ms`: the time that a value is of, such as a minute.
    """

    kind: Kind
    label: str
    series: Sequence[Series]
    positions: Sequence[float] = ()
    names: Sequence[str] = ()
    names_head: str = "Name"  # above the names in the table
    unit: str = ""
    times: bool = True
    width_ms: int = 0
    before: Sequence[Value] = ()
    before_label: str = ""
    marks: Sequence[Mark] = ()
    ticks: Sequence[Tick] = ()
    future: Sequence[tuple[float, float]] = ()
    threshold: tuple[float, str] | None = None
    decimals: int = 0
    live: str = ""  # what a script adds to it while the page is open


@dataclass(frozen=True, slots=True)
class Table:
    """A chart as a table."""

    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)


def chart_json(chart: Chart) -> str:
    """Return a chart as JSON, for scripts."""
    return msgspec.json.encode(chart).decode()


def chart_rows(chart: Chart, zone: tzinfo) -> Table:
    """Return the table of a chart: a line per position, a column per series."""
    labels = [series.label for series in chart.series]
    if chart.before:
        labels.append(chart.before_label)
    table = Table(("Time" if chart.times else chart.names_head, *(_with_unit(label, chart.unit) for label in labels)))
    columns = [series.values for series in chart.series] + ([chart.before] if chart.before else [])
    places = chart.positions if chart.times else range(len(chart.names))
    for index, place in enumerate(places[:_MOST_ROWS]):
        name = _time(place, chart, zone) if chart.times else chart.names[index]
        table.rows.append((name, *(_cell(column, index, chart.decimals) for column in columns)))
    return table


def _with_unit(label: str, unit: str) -> str:
    return f"{label}, {unit}" if unit else label


def _time(ms: float, chart: Chart, zone: tzinfo) -> str:
    whole = int(ms)
    if chart.width_ms >= DAY_MS:
        return write.short_day(whole, zone)
    span_ms = chart.positions[-1] - chart.positions[0]
    time = write.clock(whole, zone)
    return time if span_ms < DAY_MS else f"{write.short_day(whole, zone)} {time}"


def _cell(column: Sequence[Value], index: int, decimals: int) -> str:
    value = column[index] if index < len(column) else None
    if value is None:
        return write.NONE
    return write.points(value) if decimals else write.whole(value) if value == round(value) else write.rate(value)


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A small line without axes, 72 wide and 28 high: attributes of SVG elements. (x, y): its last point."""

    line: str
    area: str
    x: str
    y: str


def sparkline(values: Sequence[float]) -> Sparkline:
    """Return the line through at least two values, from the lowest at the bottom to the highest at the top."""
    low, high = min(values), max(values)
    span = high - low or 1.0
    step = 67 / (len(values) - 1)
    points = [(2 + index * step, 24 - (value - low) / span * 20) for index, value in enumerate(values)]
    line = " ".join(f"{_round(x)},{_round(y)}" for x, y in points)
    x, y = map(_round, points[-1])
    return Sparkline(line, f"2,28 {line} {x},28", x, y)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar."""

    name: str
    x: str
    width: str


def stacked(parts: Sequence[tuple[str, float]], full: float, width: float) -> list[Part]:
    """Return parts of (name, value) side by side on a bar of `full`, the largest first, without empty ones."""
    found, x, gap = [], 0.0, 1.2
    for name, value in sorted(parts, key=lambda part: (-part[1], part[0])):
        length = max(0.0, value) / full * width if full > 0 else 0.0
        length = min(length, width - x)
        if length >= 0.5:
            found.append(Part(name, _round(x), _round(max(0.5, length - gap))))
            x += length
    return found
