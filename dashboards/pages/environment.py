"""The templates and what they may call. All values are escaped."""

from datetime import tzinfo
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from dashboards.pages import format as write
from dashboards.pages.charts import chart_json, chart_rows, sparkline, stacked
from dashboards.pages.looks import look
from dashboards.pages.static_files import static_path
from dashboards.pages.view import LABELS


@pass_context
def time_text(context: Context, ms: int, form: str = "ago") -> str:
    """Return a time in one of the forms ago, clock, day, short_day and full, in the viewer's zone."""
    zone: tzinfo = context["zone"]
    match form:
        case "clock":
            return write.clock(ms, zone)
        case "day":
            return write.day(ms, zone, context["now_ms"])
        case "short_day":
            return write.short_day(ms, zone)
        case "full":
            return write.full(ms, zone)
    return write.ago(ms, zone, context["now_ms"])


@pass_context
def full_time(context: Context, ms: int) -> str:
    """Return a time to the second with its zone."""
    return write.full(ms, context["zone"])


FILTERS: Final[dict[str, Any]] = {
    "change": write.change,
    "chart_json": chart_json,
    "chart_rows": chart_rows,
    "duration": write.duration,
    "full_time": full_time,
    "machine": write.machine,
    "percent": write.percent,
    "person": write.person,
    "points": write.points,
    "rate": write.rate,
    "short": write.short,
    "size": write.size,
    "sparkline": sparkline,
    "stacked": stacked,
    "time_text": time_text,
    "whole": write.whole,
    "counted": write.counted,
}
"""Filters of the templates, by name."""


def make_environment() -> Environment:
    """Return the environment of the templates."""
    made = Environment(
        loader=PackageLoader("dashboards.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.globals.update(static=static_path, look=look, range_labels=LABELS)
    return made


ENVIRONMENT: Final = make_environment()
