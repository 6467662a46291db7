"""What happened: touches over time by channel, by kind, and by source."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers.activity import Activity
from dashboards.answers.activity import activity as ask_activity
from dashboards.answers.channel_mix import Kind
from dashboards.answers.channel_mix import channel_mix as ask_channel_mix
from dashboards.answers.clear import Clear
from dashboards.answers.sources import MAX_SOURCES, Source, Sources
from dashboards.answers.sources import sources as ask_sources
from dashboards.answers.time_steps import Step, UnanswerableError
from dashboards.api.answer import answer
from dashboards.api.ask import Ask
from dashboards.api.problem import invalid_request
from dashboards.api.routes import reads
from dashboards.api.span_query import Range

router = APIRouter(prefix="/v1", tags=["activity"])
CACHE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A row of CSV: the touches of a channel in a step, and those of them by bots."""

    start_ms: int
    channel: Clear
    touches: int
    bots: int


@reads(router, "/activity", returns=Activity, summary="Touches over time, by channel")
async def activity(request: Request, ask: Ask, span: Range, step: Step = Step.DAY) -> Response:
    """Return the touches of the steps that contain the range. Hours and days are those of the zone."""
    ask.require("figures")
    question = partial(ask_activity, scope=ask.scope, span=span, step=step)
    try:
        found = await ask.run(question, cache_s=CACHE_S, key=f"activity {span} {step}")
    except UnanswerableError as error:
        raise invalid_request(str(error)) from None
    return answer(request, ask, found, rows=list(_rows(found)), row=ActivityRow)


@reads(router, "/channel-mix", returns=list[Kind], summary="Touches by channel and type")
async def channel_mix(request: Request, ask: Ask, span: Range) -> Response:
    """Return the kinds of touches in the hours of the range, the most frequent first."""
    ask.require("figures")
    question = partial(ask_channel_mix, scope=ask.scope, span=span)
    found = await ask.run(question, cache_s=CACHE_S, key=f"channel mix {span}")
    return answer(request, ask, found, row=Kind)


@reads(router, "/sources", returns=Sources, summary="Touches by source: campaigns, networks, searches, other sites")
async def sources(
    request: Request, ask: Ask, span: Range, limit: Annotated[int, Query(ge=1, le=MAX_SOURCES)] = 50
) -> Response:
    """Return the sources with the most touches in the hours of the range."""
    ask.require("figures")
    question = partial(ask_sources, scope=ask.scope, span=span, limit=limit)
    found = await ask.run(question, cache_s=CACHE_S, key=f"sources {span} {limit}")
    return answer(request, ask, found, rows=found.sources, row=Source)


def _rows(found: Activity) -> Iterator[ActivityRow]:
    for one in found.channels:
        for start_ms, touches, bots in zip(found.starts_ms, one.touches, one.bots, strict=True):
            yield ActivityRow(start_ms, one.channel, touches, bots)
