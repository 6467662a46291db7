"""Can the data be trusted? What was refused and why, what is late or anonymous, and when each source last sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.data_quality import Arrivals, Rejections, data_quality
from dashboards.answers.time_steps import Span
from dashboards.api.ask import Ask
from dashboards.api.endpoints.quality import CACHE_S
from dashboards.pages.charts import Chart, Series
from dashboards.pages.frame import view_of
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.widget import load
from schemas.flags import Flag
from schemas.time import DAY_MS

MOST_REASONS: Final = 6  # that the chart tells apart
MOST_DAYS: Final = 92
SHOWN: Final = 50
FLAGS: Final[dict[str, str]] = {
    Flag.DERIVED_ID: "had no event id, so one was derived",
    Flag.CLOCK_CORRECTED: "came from a wrong clock, which was corrected",
    Flag.FUTURE: "were dated in the future, and have the time of arrival",
    Flag.PAST: "were older than what is kept",
    Flag.JUNK_IDENTIFIER: "had an identifier that names nobody",
    Flag.MACHINE_OPEN: "are mails that a machine opened",
    Flag.MACHINE_CLICK: "are links that a scanner followed",
    Flag.BAD_FIELD: "had a field that could not be read",
    Flag.UPGRADED: "came in an older version of the schema",
    Flag.REPLAYED: "were refused first and accepted later",
    Flag.ENRICH_FAILED: "lack a part of what is looked up",
}
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/quality", "Data quality", "check", "q", "operations", router, operate=True)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """The refused records of a reason: their number, and the newest one."""

    reason: str
    records: int
    newest: Rejections


@router.get("/quality")
async def quality(request: Request, ask: Ask) -> Response:
    """Return the page."""
    ask.require("operations")
    view = view_of(request, ask, default="7d")
    span = Span(view.from_ms, view.to_ms, view.zone_name)
    time = f"{view.range or f'{view.from_ms} {view.to_ms}'} {view.zone_name}"
    found = await load(
        request,
        ask,
        f"quality {time}",
        partial(data_quality, scope=ask.scope, span=span),
        cache_s=CACHE_S,
        shorter=("Try 7 days.", view.query(range="7d")),
    )
    value = ask.shown(found.value) if found.value else None
    reasons = reason_rows(value.rejected) if value else []
    return render(
        request,
        ask,
        "quality.html",
        title="Data quality",
        view=view,
        found=found,
        value=value,
        reasons=reasons,
        refused=sum(row.records for row in reasons),
        chart=by_day(value.rejected, reasons, view.from_ms, view.to_ms, view.zone) if value and reasons else None,
        sources=value.by_source[:SHOWN] if value else (),
        newest=value.newest[:SHOWN] if value else (),
        flag_texts=FLAGS,
        seen=seen(value.all) if value else 0,
        csv=f"/v1/quality.csv?from_ms={view.from_ms}&to_ms={view.to_ms}&zone={view.zone_name}",
    )


def seen(all_: Arrivals) -> int:
    """Return how many touches came, those beyond the dedupe window included."""
    return all_.touches + all_.beyond


def reason_rows(rejected: Sequence[Rejections]) -> list[ReasonRow]:
    """Return the reasons, the most frequent first."""
    rows: dict[str, ReasonRow] = {}
    for one in rejected:
        known = rows.get(one.reason)
        newest = one if known is None or one.newest_ms >= known.newest.newest_ms else known.newest
        rows[one.reason] = ReasonRow(one.reason, one.records + (known.records if known else 0), newest)
    return sorted(rows.values(), key=lambda row: (-row.records, row.reason))


def by_day(
    rejected: Sequence[Rejections], reasons: Sequence[ReasonRow], from_ms: int, to_ms: int, zone: tzinfo
) -> Chart:
    """Return the refused records by day of the zone, by the most frequent reasons and all others."""
    days = days_between(from_ms, to_ms, zone)
    named = [row.reason for row in reasons[:MOST_REASONS]]
    counts = {(one.day, one.reason): one.records for one in rejected}
    series = [
        Series(reason.replace("_", " "), [float(counts.get((day, reason), 0)) for day in days], hue)
        for hue, reason in enumerate(named)
    ]
    if len(reasons) > MOST_REASONS:
        others = [sum(n for (at, reason), n in counts.items() if at == day and reason not in named) for day in days]
        series.append(Series("others", [float(one) for one in others], 8))
    starts = [datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp() * 1000 for day in days]
    return Chart("line", "Refused records by day and reason", series, starts, width_ms=DAY_MS)


def days_between(from_ms: int, to_ms: int, zone: tzinfo) -> list[date]:
    """Return the days of a zone that a range touches, at most the last `MOST_DAYS`."""
    first, last = (datetime.fromtimestamp(ms / 1000, zone).date() for ms in (from_ms, to_ms - 1))
    count = min((last - first).days + 1, MOST_DAYS)
    return [last - timedelta(days=number) for number in reversed(range(count))]
