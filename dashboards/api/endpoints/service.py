"""Do we answer? Calls by waiting, and the first reply to mails."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards.answers.call_service_levels import WITHIN_S, Level, ServiceLevels, call_service_levels
from dashboards.answers.clear import Clear
from dashboards.answers.first_reply import FirstReplies, first_replies
from dashboards.answers.waiting import Waiting, WaitingNow, waiting_now
from dashboards.api.answer import answer
from dashboards.api.ask import Ask, Asker
from dashboards.api.routes import reads
from dashboards.api.span_query import Range

router = APIRouter(prefix="/v1", tags=["service"])
CACHE_S: Final = 10.0
LONG_CACHE_S: Final = 300.0
WAITING_CACHE_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A row of CSV: the calls of all (`group` is all), of a queue, of an agent, or of an hour of a weekday."""

    group: Clear
    queue: Clear
    agent: str
    weekday: int | None
    hour: int | None
    level: Level


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """What waits, with the key of its customer, '' for one without an identifier."""

    key: Clear
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class WaitingRows:
    """What waits, the longest first; `is_cut` as in `WaitingNow`."""

    at_ms: int
    is_cut: bool
    rows: tuple[WaitingRow, ...]


@reads(router, "/service", returns=ServiceLevels, summary="How calls were answered, by hour, queue and agent")
async def service(
    request: Request,
    ask: Ask,
    span: Range,
    direction: Literal["inbound", "outbound"] = "inbound",
    within_s: Annotated[int, Query(ge=1, le=3600)] = WITHIN_S,
) -> Response:
    """Return the service levels of the hours of the range."""
    ask.require("figures")
    question = partial(call_service_levels, scope=ask.scope, span=span, direction=direction, within_s=within_s)
    found = await ask.run(question, cache_s=CACHE_S, key=f"service {span} {direction} {within_s}")
    return answer(request, ask, found, rows=list(_rows(found)), row=LevelRow)


@reads(router, "/service/first-replies", returns=FirstReplies, summary="How long mails wait for a reply", csv=False)
async def replies(request: Request, ask: Ask, span: Range) -> Response:
    """Return the replies to mails of the range."""
    ask.require("figures")
    question = partial(first_replies, scope=ask.scope, span=span)
    found = await ask.run(question, lane="slow", cache_s=LONG_CACHE_S, key=f"first replies {span}")
    return answer(request, ask, found)


@reads(router, "/service/waiting", returns=WaitingRows, summary="Who waits for an answer now, the longest first")
async def waiting(request: Request, ask: Ask) -> Response:
    """Return open tickets, mails, messages and calls that nobody has answered."""
    ask.require("lists")
    found = await ask_waiting(ask)
    rows = tuple(WaitingRow(ask.key_of(one.profile) if one.profile else "", one) for one in found.rows)
    return answer(request, ask, WaitingRows(found.at_ms, found.is_cut, rows), rows=rows, row=WaitingRow)


async def ask_waiting(ask: Asker) -> WaitingNow:
    """Return who waits, at most `WAITING_CACHE_S` old. Raises ProblemError."""
    question = partial(waiting_now, scope=ask.scope, at_ms=ask.at_ms)
    return await ask.run(question, lane="slow", cache_s=WAITING_CACHE_S, key="waiting")


def _rows(found: ServiceLevels) -> Iterator[LevelRow]:
    yield LevelRow("all", "", "", None, None, found.all)
    for queue, level in found.by_queue:
        yield LevelRow("queue", queue, "", None, None, level)
    for agent, level in found.by_agent:
        yield LevelRow("agent", "", agent, None, None, level)
    for weekday, hour, level in found.by_hour:
        yield LevelRow("hour", "", "", weekday, hour, level)
