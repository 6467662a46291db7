"""Single values as text for a terminal. Received text is shown without markup and control characters."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from dashboards.answers.score import Score
from dashboards.terminal.printable import dot_unprintable
from schemas.time import DAY_MS

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIMES: Final = ("when", "since", "last seen", "arrived", "newest", "session")  # columns of times are never wrapped
_UNITS: Final = ("B", "kB", "MB", "GB", "TB")


def plain(text: object, style: str = "") -> Text:
    """Return received text with a dot for each unprintable character."""
    return Text(dot_unprintable(str(text)), style=style)


def when(ms: int | None) -> Text:
    """Return a time in UTC, to the second; '-' for None."""
    return Text("-" if ms is None else (_EPOCH + timedelta(milliseconds=ms)).strftime("%Y-%m-%dT%H:%M:%SZ"))


def age(ms: int) -> Text:
    """Return a duration in the largest suitable unit: '3 d', '5 h', '40 s'."""
    for unit, length_ms in (("d", DAY_MS), ("h", 3_600_000), ("min", 60_000)):
        if abs(ms) >= 2 * length_ms:
            return Text(f"{ms / length_ms:,.0f} {unit}")
    return Text(f"{ms / 1000:,.0f} s")


def points(value: float, sign: bool = False) -> Text:
    """Return a score or a part of one, rounded, with small values still distinct from 0."""
    form = "+" if sign else ""
    if value == 0:
        return Text("0")
    return Text(f"{value:{form},.1f}" if abs(value) >= 0.05 else f"{value:{form}.1g}", style="" if value > 0 else "red")


def score(value: Score) -> Text:
    """Return the net score, and its parts if there is a negative one."""
    shown = points(value.net).append_text(Text(""))
    if value.negative:
        shown.append_text(Text("  = ", style="dim")).append_text(points(value.positive))
        shown.append_text(Text(" - ", style="dim")).append_text(points(value.negative))
    return shown


def count(number: int) -> Text:
    """Return a number with thousands separators."""
    return Text(f"{number:,}")


def size(number: int) -> Text:
    """Return a number of bytes in a suitable unit."""
    value = float(number)
    for unit in _UNITS[:-1]:
        if value < 1000:
            return Text(f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}")
        value /= 1000
    return Text(f"{value:.1f} {_UNITS[-1]}")


def table(*columns: str, right: tuple[str, ...] = (), title: Text | None = None) -> Table:
    """Return a table with a line under its head only. Columns named in `right` are right-aligned."""
    made = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        whole = column in right or column in _TIMES
        made.add_column(column, justify="right" if column in right else "left", overflow="fold", no_wrap=whole)
    return made


def name_value_table(rows: Mapping[str, Text | Table]) -> Table:
    """Return a table of names and values."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in rows.items():
        made.add_row(plain(name), value)
    return made


def panel(content: Table, title: Text) -> Panel:
    """Return a frame with a title."""
    return Panel(content, title=title, title_align="left", border_style="dim", padding=(0, 1))
