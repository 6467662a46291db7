"""Responses of pages, from templates."""

from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from dashboards.api.answer import tagged
from dashboards.api.ask import Asker
from dashboards.pages.environment import ENVIRONMENT
from dashboards.pages.frame import frame
from dashboards.pages.view import View

HTML: Final = "text/html; charset=utf-8"


def render(
    request: Request, ask: Asker, template: str, *, title: str, view: View, status: int = 200, **values: Any
) -> Response:
    """Return a page. `values` are the variables of its template, masked by `ask.shown` where they have to be.

    The page has an entity tag, by which a browser that refreshes it learns that nothing changed.
    """
    text = ENVIRONMENT.get_template(template).render(
        frame(request, ask, view, values.values()) | {"title": title} | values
    )
    if status == 200:
        return tagged(request, text.encode(), HTML)
    return Response(text, status, media_type=HTML)
