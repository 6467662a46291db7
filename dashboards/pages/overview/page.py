"""The route of the overview."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.activity import Activity
from dashboards.answers.hot_list import HotRow
from dashboards.api.ask import Ask, Asker
from dashboards.pages import format as write
from dashboards.pages.frame import view_of
from dashboards.pages.overview import attention, figures
from dashboards.pages.overview.activity_chart import Pace, activity_chart, pace_of, spans_of, week_before
from dashboards.pages.overview.attention import Item
from dashboards.pages.overview.figures import Figure
from dashboards.pages.overview.questions import RECENT_MS, Answers, ask_all
from dashboards.pages.overview.sentence import Phrase, sentence
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.view import View

router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/", "Overview", "home", "o", "figures", router, short=True)


@router.get("/")
async def overview(request: Request, ask: Ask) -> Response:
    """Return the page; before the first touch, how to send one."""
    view = view_of(request, ask, default="15m")
    pace = pace_of(view)
    answers = await ask_all(request, ask, view, pace)
    drawn, found, lists = answers.chart.value, answers.segments.value, ask.viewer.may("lists")
    return render(
        request,
        ask,
        "overview.html",
        title="Overview",
        view=view,
        first_touch=None if _has_touches(answers) else ask.services.first_touch(),
        pace=pace,
        chart=answers.chart,
        drawn=activity_chart(view, pace, drawn.now, drawn.before if view.compare else None) if drawn else None,
        csv=_csv(view, pace),
        recent=answers.recent,
        phrases=_phrases(view, answers),
        figures=_figures(view, answers),
        levels=answers.levels,
        items=_items(ask, view, answers) if lists else [],
        segments=answers.segments,
        customers=found,
        hot=answers.hot,
        rows=_rows(ask, answers.hot.value or []) if lists else [],
        may_list=lists,
    )


def _csv(view: View, pace: Pace) -> str:
    """Return the address of what the chart shows, as a table."""
    span = spans_of(view, pace)[0]
    return f"/v1/activity.csv?from_ms={span.from_ms}&to_ms={span.to_ms}&step={pace.step}&zone={view.zone_name}"


def _has_touches(answers: Answers) -> bool:
    """Return whether there are touches, or may be: an answer that is missing says nothing."""
    parts = (answers.recent.value, answers.today.value)
    seen = any(part is None or part.now.channels or part.before.channels for part in parts)
    return seen or answers.segments.value is None or answers.segments.value.customers > 0


def _phrases(view: View, answers: Answers) -> list[Phrase]:
    recent, levels, found = answers.recent.value, answers.levels.value, answers.segments.value
    if recent is None:
        return []
    return sentence(
        touches=_together(recent.now),
        seconds=RECENT_MS // 1000,
        before=_together(recent.before),
        day=week_before(view),
        became_hot=found.hot.came if found else None,
        gave_up=levels.recent.all.abandoned if levels else None,
        since=write.clock(answers.hour_ms, view.zone),
    )


def _together(found: Activity) -> int:
    return sum(sum(one.touches) for one in found.channels)


def _figures(view: View, answers: Answers) -> list[Figure]:
    """Return the figures of the answers that there are, in their order on the page."""
    day = f"last {write.instant(view.to_ms, view.zone):%A}"
    today, found, levels = answers.today.value, answers.segments.value, answers.levels.value
    return [
        figures.touches_today(today.now, today.before, day) if today else figures.missing("Happened today"),
        figures.active_now(None),
        figures.hot_customers(found) if found else figures.missing("Hot customers"),
        figures.identified_today(levels.quality, levels.quality_before, day)
        if levels
        else figures.missing("Arrivals identified"),
        figures.waiting(levels.today, levels.today_before, day) if levels else figures.missing("Waiting"),
    ]


def _items(ask: Asker, view: View, answers: Answers) -> list[Item]:
    levels, found = answers.levels.value, answers.segments.value
    items: list[Item | None] = []
    if levels:
        since = write.clock(answers.hour_ms, view.zone)
        items += [
            attention.gave_up(levels.recent.all, levels.recent_before.all, since),
            attention.refused(levels.quality.rejected),
        ]
    if found:
        shown = ask.shown(found)
        keys = [ask.key_of(one.profile) for one in found.newly_hot]
        items += [attention.became_hot(one, key) for one, key in zip(shown.newly_hot, keys, strict=True)]
    return attention.most_urgent(items)


def _rows(ask: Asker, rows: list[HotRow]) -> list[tuple[str, HotRow]]:
    """Return (key of the customer, row as the viewer may see it)."""
    return [(ask.key_of(row.profile), ask.shown(row)) for row in rows]
