"""Lists of customers: the highest scores of now and of a past time, and who moved most."""

import re
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers.clear import Clear
from dashboards.answers.identities import owners_of
from dashboards.answers.movers import Mover, movers
from dashboards.answers.past_scores import PastRanked, past_scores, past_top
from dashboards.answers.run_query import Client
from dashboards.answers.top import Position, Ranked, position_after, top
from dashboards.api.answer import answer
from dashboards.api.ask import Ask, Asker
from dashboards.api.problem import invalid_request
from dashboards.api.routes import reads
from schemas.channels import CHANNELS
from schemas.time import DAY_MS, LATEST_MS

router = APIRouter(prefix="/v1", tags=["customers"])
MOST: Final = 500
_CACHE_S: Final = 1.0
_SLOW_CACHE_S: Final = 30.0
_CURSOR: Final = re.compile(r"([0-9.e+-]{1,30})~([0-9]{1,6})~([0-9]{1,9})", re.ASCII)
Channel = Annotated[str, Query(pattern=f"^({'|'.join(CHANNELS)})?$", description="Only touches of this channel.")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list with the key of its customer. `change`: in 24 hours, None for a channel."""

    key: Clear
    change: float | None
    customer: Ranked


@dataclass(frozen=True, slots=True)
class Rows:
    """Some customers, the highest score first. `next` is the cursor of the next page, '' after the last one."""

    rows: tuple[Row, ...]
    next: Clear


@dataclass(frozen=True, slots=True)
class PastRow:
    """A row of a past list with the key of its customer."""

    key: Clear
    customer: PastRanked


@dataclass(frozen=True, slots=True)
class MoverRow:
    """A customer who moved, with its key."""

    key: Clear
    customer: Mover


@dataclass(frozen=True, slots=True)
class MoverLists:
    """Who rose and who fell most since a time."""

    since_ms: int
    rose: tuple[MoverRow, ...]
    fell: tuple[MoverRow, ...]


@reads(router, "/customers", returns=Rows, summary="The customers with the highest scores, page by page")
async def customers(
    request: Request,
    ask: Ask,
    limit: Limit = 50,
    channel: Channel = "",
    cursor: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Return customers with a score above 0, over all channels or one, from a cursor on."""
    ask.require("lists")
    found = await ask_rows(ask, channel, limit, cursor)
    return answer(request, ask, found, rows=found.rows, row=Row)


async def ask_rows(ask: Asker, channel: str, limit: int, cursor: str) -> Rows:
    """Return a page of the list. Raises ProblemError."""
    after, first_place = _read_cursor(cursor)

    def question(client: Client) -> tuple[list[Ranked], dict[str, float]]:
        listed = top(
            client,
            ask.scope,
            at_ms=ask.at_ms,
            half_life_ms=ask.half_life_ms,
            limit=limit,
            channel=channel,
            after=after,
            first_place=first_place,
        )
        if channel or not listed:
            return listed, {}
        owners = owners_of(client, ask.scope, [one.profile for one in listed])
        a_day_ago_ms = max(0, ask.at_ms - DAY_MS)
        return listed, past_scores(client, ask.scope, owners, at_ms=a_day_ago_ms, half_life_ms=ask.half_life_ms)

    listed, before = await ask.run(question, cache_s=_CACHE_S, key=f"customers {channel} {limit} {cursor}")
    rows = tuple(
        Row(ask.key_of(one.profile), None if channel else one.score.net - before.get(one.profile, 0.0), one)
        for one in listed
    )
    position = position_after(listed, after) if len(listed) == limit else None
    return Rows(rows, f"{position.key!r}~{position.passed}~{first_place + limit}" if position else "")


def _read_cursor(text: str) -> tuple[Position | None, int]:
    """Return (where the page begins, the place of its first row). Raises ProblemError."""
    if not text:
        return None, 1
    found = _CURSOR.fullmatch(text)
    try:
        key = float(found[1]) if found else float("nan")
    except ValueError:
        key = float("nan")
    if found is None or not isfinite(key):
        raise invalid_request("The cursor is not one of an earlier answer.")
    return Position(key, int(found[2])), int(found[3])


@reads(router, "/top/past", returns=list[PastRow], summary="The profiles with the highest scores at a past time")
async def past(
    request: Request,
    ask: Ask,
    at_ms: Annotated[int, Query(ge=0, le=LATEST_MS)],
    limit: Limit = 50,
) -> Response:
    """Return the profiles with the highest scores above 0 at a time, from all touches until then."""
    ask.require("lists")
    listed = await ask.run(
        lambda client: past_top(client, ask.scope, at_ms=at_ms, half_life_ms=ask.half_life_ms, limit=limit),
        lane="slow",
        cache_s=_SLOW_CACHE_S,
        key=f"past top {at_ms} {limit}",
    )
    return answer(request, ask, [PastRow(ask.key_of(one.profile), one) for one in listed], row=PastRow)


@reads(router, "/movers", returns=MoverLists, summary="The profiles whose scores rose or fell most")
async def moved(
    request: Request,
    ask: Ask,
    hours: Annotated[int, Query(ge=1, le=24 * 90)] = 24,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Return who rose and who fell most since some hours ago. CSV has both."""
    ask.require("lists")
    found = await ask_movers(ask, hours, limit)
    return answer(request, ask, found, rows=[*found.rose, *found.fell], row=MoverRow)


async def ask_movers(ask: Asker, hours: int, limit: int) -> MoverLists:
    """Return the movers with the keys of their customers."""
    since_ms = max(0, ask.at_ms - hours * DAY_MS // 24)
    found = await ask.run(
        lambda client: movers(
            client, ask.scope, since_ms=since_ms, at_ms=ask.at_ms, half_life_ms=ask.half_life_ms, limit=limit
        ),
        cache_s=_SLOW_CACHE_S,
        key=f"movers {hours} {limit}",
    )
    rose, fell = (tuple(MoverRow(ask.key_of(one.profile), one) for one in side) for side in (found.rose, found.fell))
    return MoverLists(found.since_ms, rose, fell)
