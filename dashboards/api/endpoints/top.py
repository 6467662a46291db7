"""The hot list: the profiles with the highest scores."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers import top as hot_list
from dashboards.answers.top import Ranked
from dashboards.api.answer import answer
from dashboards.api.ask import Ask
from dashboards.api.routes import reads
from schemas.channels import CHANNELS

router = APIRouter(prefix="/v1", tags=["customers"])
Channel = Annotated[str, Query(pattern=f"^({'|'.join(CHANNELS)})?$", description="Only touches of this channel.")]
CACHE_S = 1.0


@reads(router, "/top", returns=list[Ranked], summary="The profiles with the highest scores")
async def top(
    request: Request, ask: Ask, limit: Annotated[int, Query(ge=1, le=500)] = 50, channel: Channel = ""
) -> Response:
    """Return the profiles with the highest scores above 0, over all channels or one."""
    ask.require("lists")
    rows = await ask.run(
        lambda client: hot_list.top(
            client, ask.scope, at_ms=ask.at_ms, half_life_ms=ask.half_life_ms, limit=limit, channel=channel
        ),
        cache_s=CACHE_S,
        key=f"top {limit} {channel}",
    )
    return answer(request, ask, rows, row=Ranked)
