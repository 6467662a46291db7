"""What brings people who warm up: campaigns, their scores, funnel and retention."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers import campaigns as answers
from dashboards.answers.campaigns import MAX_CAMPAIGNS, Campaign, Campaigns, CampaignScore, Touch, campaign_scores
from dashboards.answers.funnel import Reached, read_steps
from dashboards.answers.funnel import funnel as ask_funnel
from dashboards.answers.retention import MAX_WEEKS, Cohort
from dashboards.answers.retention import retention as ask_retention
from dashboards.answers.time_steps import UnanswerableError
from dashboards.api.answer import answer
from dashboards.api.ask import Ask
from dashboards.api.problem import invalid_request
from dashboards.api.routes import reads
from dashboards.api.span_query import Range
from schemas.time import DAY_MS

router = APIRouter(prefix="/v1", tags=["campaigns"])
CACHE_S: Final = 10.0
LONG_CACHE_S: Final = 300.0
WEEKS: Final = 12

Limit = Annotated[int, Query(ge=1, le=MAX_CAMPAIGNS)]
Steps = Annotated[
    str,
    Query(
        max_length=500,
        description="Two to eight steps, each a channel with, if wanted, a type and a name: `visits:page,visits:form`.",
    ),
]


@reads(router, "/campaigns", returns=Campaigns, summary="What campaigns, networks and referrers brought")
async def campaigns(request: Request, ask: Ask, span: Range, limit: Limit = 100) -> Response:
    """Return the campaigns with the most touches on the UTC days that contain the range."""
    ask.require("figures")
    question = partial(answers.campaigns, scope=ask.scope, span=span, limit=limit)
    found = await ask.run(question, cache_s=CACHE_S, key=f"campaigns {span} {limit}")
    return answer(request, ask, found, rows=found.campaigns, row=Campaign)


@reads(router, "/campaigns/scores", returns=list[CampaignScore], summary="Scores of profiles now, by campaign")
async def scores(request: Request, ask: Ask, touch: Touch = "first", limit: Limit = 100) -> Response:
    """Return the sums of scores by the campaign of a profile's first or last touch that has a source."""
    ask.require("figures")
    question = partial(
        campaign_scores, scope=ask.scope, touch=touch, at_ms=ask.at_ms, half_life_ms=ask.half_life_ms, limit=limit
    )
    found = await ask.run(question, lane="slow", cache_s=LONG_CACHE_S, key=f"campaign scores {touch} {limit}")
    return answer(request, ask, found, row=CampaignScore)


@reads(router, "/funnel", returns=list[Reached], summary="How many profiles did steps one after the other")
async def funnel(
    request: Request, ask: Ask, span: Range, steps: Steps, window_days: Annotated[int, Query(ge=1, le=365)] = 30
) -> Response:
    """Return how many reached each step, within so many days after the first one."""
    ask.require("figures")
    try:
        wanted = read_steps(steps)
    except UnanswerableError as error:
        raise invalid_request(str(error)) from None
    question = partial(ask_funnel, scope=ask.scope, span=span, steps=wanted, window_ms=window_days * DAY_MS)
    key = f"funnel {span} {wanted} {window_days}"
    found = await ask.run(question, lane="slow", cache_s=LONG_CACHE_S, key=key)
    return answer(request, ask, found, row=Reached)


@reads(router, "/retention", returns=list[Cohort], summary="How many of those who came first in a week came again")
async def retention(request: Request, ask: Ask, weeks: Annotated[int, Query(ge=1, le=MAX_WEEKS)] = WEEKS) -> Response:
    """Return the cohorts of the last weeks, the earliest first. Weeks begin on Monday, UTC."""
    ask.require("figures")
    question = partial(ask_retention, scope=ask.scope, at_ms=ask.at_ms, weeks=weeks)
    found = await ask.run(question, lane="slow", cache_s=LONG_CACHE_S, key=f"retention {weeks}")
    return answer(request, ask, found, row=Cohort)
