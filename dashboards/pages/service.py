"""Do we answer? Who waits now, calls by waiting, hour, queue and agent, and the first reply to mails."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.call_service_levels import Level, ServiceLevels, call_service_levels
from dashboards.answers.first_reply import first_replies
from dashboards.answers.time_steps import Span
from dashboards.answers.waiting import Waiting, WaitingNow, waiting_now
from dashboards.api.ask import Ask, Asker
from dashboards.api.endpoints.service import CACHE_S, LONG_CACHE_S, WAITING_CACHE_S
from dashboards.pages import format as write
from dashboards.pages.charts import Chart, Series
from dashboards.pages.frame import view_of
from dashboards.pages.looks import look
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.widget import load

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS: Final = range(24)
SHOWN: Final = 12  # queues, and agents
WAITING: Final = 8  # that are listed
Measure = Callable[[Level], float | None]
MEASURES: Final[dict[str, tuple[str, str, Measure]]] = {
    "calls": ("Calls", "", lambda level: float(level.calls)),
    "abandoned": ("Gave up", " %", lambda level: _percent(level.abandoned_share)),
    "within": ("Answered in time", " %", lambda level: _percent(level.service_level)),
}
"""What the heat map can show, by the name in the address: words, unit and value."""
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/service", "Service", "head", "s", "figures", router, short=True)


@router.get("/service")
async def service(request: Request, ask: Ask) -> Response:
    """Return the page."""
    ask.require("figures")
    view = view_of(request, ask, default="7d", known=("show", "rows"))
    show = view.given.get("show", "calls")
    if show not in MEASURES:
        note = f"“{show[:40]}” cannot be shown: use one of {', '.join(MEASURES)}."
        view, show = replace(view, notes=(*view.notes, note)), "calls"
    span = Span(view.from_ms, view.to_ms, view.zone_name)
    time = f"{view.range or f'{view.from_ms} {view.to_ms}'} {view.zone_name}"
    shorter = ("Try 7 days.", view.query(range="7d"))
    levels = await load(
        request,
        ask,
        f"service {time}",
        partial(call_service_levels, scope=ask.scope, span=span),
        cache_s=CACHE_S,
        shorter=shorter,
    )
    replies = await load(
        request,
        ask,
        f"first replies {time}",
        partial(first_replies, scope=ask.scope, span=span),
        lane="slow",
        cache_s=LONG_CACHE_S,
        shorter=shorter,
    )
    waiting = await load(
        request,
        ask,
        "waiting",
        partial(waiting_now, scope=ask.scope, at_ms=ask.at_ms),
        lane="slow",
        cache_s=WAITING_CACHE_S,
    )
    found = ask.shown(levels.value) if levels.value else None
    return render(
        request,
        ask,
        "service.html",
        title="Service",
        view=view,
        levels=levels,
        found=found,
        groups=groups_of(found, all_rows=view.given.get("rows") == "all") if found else [],
        totals={"queues": len(found.by_queue), "agents": len(found.by_agent)} if found else {},
        show=show,
        measures={name: words for name, (words, _, _) in MEASURES.items()},
        heat=heat_map(found.by_hour, show) if found else None,
        worst=worst_hour(found.by_hour) if found else "",
        replies=replies,
        waiting=waiting,
        queue=queue_of(ask, waiting.value) if waiting.value else None,
        csv=f"/v1/service.csv?from_ms={view.from_ms}&to_ms={view.to_ms}&zone={view.zone_name}",
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits: how many, by channel in words, since when, and the first of them with their keys.

    `rows` is None for viewers who see no lists.
    """

    count: str
    by_channel: str
    longest_s: int
    rows: Sequence[tuple[str, Waiting]] | None


def queue_of(ask: Asker, now: WaitingNow) -> Queue:
    """Return what the page shows of those who wait."""
    channels = Counter(one.channel for one in now.rows).most_common()
    listed = now.rows[:WAITING]
    shown = zip((ask.key_of(one.profile) if one.profile else "" for one in listed), ask.shown(listed), strict=True)
    return Queue(
        f"{len(now.rows)}{'+' if now.is_cut else ''}",
        ", ".join(write.counted(count, look(channel).label.lower().removesuffix("s")) for channel, count in channels),
        max(now.at_ms - now.rows[0].since_ms, 0) // 1000 if now.rows else 0,
        list(shown) if ask.viewer.may("lists") else None,
    )


def groups_of(found: ServiceLevels, *, all_rows: bool = False) -> list[tuple[str, str, Sequence[tuple[str, Level]]]]:
    """Return (id, heading, rows) of queues and of agents, if calls name any: the first `SHOWN`, or all."""
    groups = (("queues", "Queues", found.by_queue), ("agents", "Agents", found.by_agent))
    return [
        (id_, heading, rows if all_rows else rows[:SHOWN])
        for id_, heading, rows in groups
        if any(name for name, _ in rows)
    ]


def heat_map(by_hour: Sequence[tuple[int, int, Level]], show: str) -> Chart:
    """Return the map of hours by weekdays. An hour without calls has no share, and 0 calls."""
    words, unit, measure = MEASURES[show]
    found = {(weekday, hour): level for weekday, hour, level in by_hour}
    nothing = 0.0 if show == "calls" else None
    series = [
        Series(
            day[:3],
            [measure(found[number, hour]) if (number, hour) in found else nothing for hour in HOURS],
        )
        for number, day in enumerate(DAYS, 1)
    ]
    names = [f"{hour}:00" for hour in HOURS]
    label = f"{words} by weekday and hour"
    return Chart("heat", label, series, names=names, names_head="Hour", times=False, unit=unit)


def worst_hour(by_hour: Sequence[tuple[int, int, Level]]) -> str:
    """Return the hour of the week in which the most callers gave up, in words; '' if nobody did."""
    weekday, hour, level = max(by_hour, key=lambda one: one[2].abandoned, default=(1, 0, None))
    if level is None or not level.abandoned:
        return ""
    return f"{DAYS[weekday - 1]} from {hour}:00 to {hour + 1}:00"


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 1)
