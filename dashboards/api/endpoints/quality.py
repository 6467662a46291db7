"""Can the data be trusted? What was refused, late or anonymous, and when each source last sent something."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.data_quality import DataQuality, Rejections, data_quality
from dashboards.api.answer import answer
from dashboards.api.ask import Ask
from dashboards.api.routes import reads
from dashboards.api.span_query import Range

router = APIRouter(prefix="/v1", tags=["operations"])
CACHE_S: Final = 10.0


@reads(router, "/quality", returns=DataQuality, summary="Quality of what arrived; refused records by day and reason")
async def quality(request: Request, ask: Ask, span: Range) -> Response:
    """Return the quality of the hours of the range. Refused records have no tenant: they are of all tenants."""
    ask.require("operations")
    question = partial(data_quality, scope=ask.scope, span=span)
    found = await ask.run(question, cache_s=CACHE_S, key=f"quality {span}")
    return answer(request, ask, found, rows=found.rejected, row=Rejections)
