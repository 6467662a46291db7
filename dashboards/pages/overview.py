"""The first page: is anything happening, and to whom should we turn?"""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from dashboards.answers.top import top
from dashboards.api.ask import Ask
from dashboards.pages.frame import view_of
from dashboards.pages.page import Page
from dashboards.pages.render import render
from dashboards.pages.widget import load

HOT_ROWS: Final = 10
router: Final = APIRouter(include_in_schema=False)
PAGE: Final = Page("/", "Overview", "home", "o", "figures", router, short=True)


@router.get("/")
async def overview(request: Request, ask: Ask) -> Response:
    """Return the page."""
    view = view_of(request, ask, default="15m")
    hot = await load(
        request,
        ask,
        f"hot {HOT_ROWS}",
        lambda client: top(client, ask.scope, at_ms=ask.at_ms, half_life_ms=ask.half_life_ms, limit=HOT_ROWS),
    )
    rows = ask.shown(hot.value or [])
    return render(request, ask, "overview.html", title="Overview", view=view, hot=hot, rows=rows)
