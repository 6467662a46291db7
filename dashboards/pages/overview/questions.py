"""The questions of the overview, each asked once for all viewers that look at the same time."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import Request

from dashboards.answers.activity import Activity, activity
from dashboards.answers.call_service_levels import ServiceLevels, call_service_levels
from dashboards.answers.data_quality import DataQuality, data_quality
from dashboards.answers.hot_list import HotRow, hot_list
from dashboards.answers.run_query import Client
from dashboards.answers.segments import Segments, segments
from dashboards.answers.time_steps import HOUR_MS, MINUTE_MS, Span, Step
from dashboards.api.ask import Asker
from dashboards.pages import format as write
from dashboards.pages.overview.activity_chart import WEEK_MS, Pace, spans_of
from dashboards.pages.view import View
from dashboards.pages.widget import Widget, load

HOT_ROWS: Final = 10
RECENT_MS: Final = 15 * MINUTE_MS  # of the sentence
_OFTEN_S: Final = 2.0
_SELDOM_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Pair:
    """The activity of a time and of the same time a week before."""

    now: Activity
    before: Activity


@dataclass(frozen=True, slots=True)
class Levels:
    """Calls and arrivals of today, calls of the last hours, and the same times a week before."""

    today: ServiceLevels
    today_before: ServiceLevels
    recent: ServiceLevels
    recent_before: ServiceLevels
    quality: DataQuality
    quality_before: DataQuality


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of the page. `hour_ms`: the beginning of the hour before this one, since which calls are recent."""

    chart: Widget[Pair]
    recent: Widget[Pair]
    today: Widget[Pair]
    levels: Widget[Levels]
    segments: Widget[Segments]
    hot: Widget[list[HotRow]]
    hour_ms: int


async def ask_all(request: Request, ask: Asker, view: View, pace: Pace) -> Answers:
    """Return the answers. The keys of questions have no times, so that the last good answer is found a minute later."""
    scope, at_ms, zone = ask.scope, ask.at_ms, view.zone_name
    minute_ms = max(at_ms // MINUTE_MS * MINUTE_MS, RECENT_MS)
    midnight_ms, hour_ms = midnight_of(view), max(at_ms // HOUR_MS - 1, 0) * HOUR_MS
    recent = Span(minute_ms - RECENT_MS, minute_ms, zone)
    today = Span(midnight_ms, max(minute_ms, midnight_ms + MINUTE_MS), zone)
    hours = Span(hour_ms, at_ms + 1, zone)
    drawn, drawn_before = spans_of(view, pace)

    def pair(client: Client, span: Span, before: Span, step: Step) -> Pair:
        return Pair(activity(client, scope, span, step), activity(client, scope, before, step))

    def levels(client: Client) -> Levels:
        calls, quality = partial(call_service_levels, client, scope), partial(data_quality, client, scope)
        return Levels(
            calls(today),
            calls(earlier(today)),
            calls(hours),
            calls(earlier(hours)),
            quality(today),
            quality(earlier(today)),
        )

    chosen = view.range or f"{view.from_ms} {view.to_ms}"
    answers = await asyncio.gather(
        load(
            request,
            ask,
            f"activity {chosen} {zone}",
            lambda client: pair(client, drawn, drawn_before, pace.step),
            cache_s=_OFTEN_S,
            shorter=("Show 24 h.", view.query(range="24h")),
        ),
        load(
            request, ask, "recent", lambda client: pair(client, recent, earlier(recent), Step.MINUTE), cache_s=_OFTEN_S
        ),
        load(
            request,
            ask,
            f"today {zone}",
            lambda client: pair(client, today, earlier(today), Step.MINUTE),
            cache_s=_SELDOM_S,
        ),
        load(request, ask, f"levels {zone}", levels, cache_s=_SELDOM_S),
        load(
            request,
            ask,
            "segments",
            lambda client: segments(client, scope, at_ms=at_ms, half_life_ms=ask.half_life_ms),
            lane="slow",
            cache_s=_SELDOM_S,
        ),
        load(
            request,
            ask,
            f"hot {HOT_ROWS}",
            lambda client: hot_list(client, scope, at_ms=at_ms, half_life_ms=ask.half_life_ms, limit=HOT_ROWS),
            cache_s=_OFTEN_S,
        ),
    )
    return Answers(*answers, hour_ms)


def earlier(span: Span) -> Span:
    """Return the same time a week before."""
    return Span(max(span.from_ms - WEEK_MS, 0), max(span.to_ms - WEEK_MS, 1), span.zone)


def midnight_of(view: View) -> int:
    """Return the beginning of the viewer's day."""
    now = write.instant(view.to_ms, view.zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(round(midnight.timestamp() * 1000), 0)
