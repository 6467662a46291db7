"""How many customers are hot, warm, new or cooling."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.segments import Segment, Segments
from dashboards.answers.segments import segments as ask_segments
from dashboards.api.answer import answer
from dashboards.api.ask import Ask
from dashboards.api.routes import reads

router = APIRouter(prefix="/v1", tags=["customers"])
CACHE_S: Final = 10.0


@reads(router, "/segments", returns=Segments, summary="How many customers are hot, warm, new or cooling")
async def segments(request: Request, ask: Ask) -> Response:
    """Return the segments of now, and who became hot within a day. CSV has a row for each segment."""
    ask.require("lists")  # it names customers
    question = partial(ask_segments, scope=ask.scope, at_ms=ask.at_ms, half_life_ms=ask.half_life_ms)
    found = await ask.run(question, lane="slow", cache_s=CACHE_S, key="segments")
    return answer(request, ask, found, rows=[found.hot, found.warm, found.new, found.cooling], row=Segment)
