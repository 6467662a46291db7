"""What each page shows around its content: navigation, search, the live connection, notes, a banner."""

from collections.abc import Iterable
from typing import Any, Final

from fastapi import Request

from dashboards.api.ask import Asker
from dashboards.pages import format as write
from dashboards.pages.looks import looks_text
from dashboards.pages.page import Page
from dashboards.pages.static_files import static_files
from dashboards.pages.view import COOKIE, View, read_view
from dashboards.pages.widget import Widget

PARTS_OF_EVERY_PAGE: Final = "page.js"
CHARTS: Final = frozenset({"chart.js", "chart_marks.js", "scale.js", "svg.js"})
ON_DEMAND: Final = {
    "data-chart": CHARTS,
    'id="rate"': CHARTS | {"overview.js"},
    "data-first-run": CHARTS | {"overview.js"},
}
"""Modules that only some pages load, by what their content has."""


def view_of(request: Request, ask: Asker, *, default: str = "24h", known: tuple[str, ...] = ()) -> View:
    """Return the state that a page's address has; `known` are further parameters that the page understands."""
    return read_view(
        request.url.path,
        request.query_params,
        at_ms=ask.at_ms,
        default=default,
        cookie_zone=request.cookies.get(COOKIE, "") or ask.services.zone,
        known=known,
    )


def frame(request: Request, ask: Asker, view: View, values: Iterable[object]) -> dict[str, Any]:
    """Return the variables of `base.html`; `values`: those of the page, whose widgets say how old they are."""
    pages: tuple[Page, ...] = request.app.state.pages
    shown = [page for page in pages if ask.viewer.may(page.right)]
    session = ask.viewer.session
    return {
        "pages": shown,
        "here": _here(request.url.path, shown),
        "view": view,
        "notes": view.notes,
        "zone": view.zone,
        "zone_name": view.zone_name,
        "now_ms": ask.at_ms,
        "live": ask.services.live is not None,
        "may_search": ask.viewer.may("search"),
        "can_log_out": bool(session),
        "csrf": ask.services.sessions.csrf_token(session) if session else "",
        "stale": _stale(values, view, ask.at_ms),
        "looks_text": looks_text(),
        "modules": modules,
        "viewer": ask.viewer,
    }


def modules(content: str) -> list[str]:
    """Return the ES modules that a page with some content loads, besides the one that imports them."""
    optional = frozenset[str]().union(*ON_DEMAND.values())
    needed = frozenset[str]().union(*(names for mark, names in ON_DEMAND.items() if mark in content))
    here = [name for name in static_files() if name.endswith(".js") and name not in (PARTS_OF_EVERY_PAGE, "theme.js")]
    return [name for name in here if name not in optional or name in needed]


def _here(path: str, pages: Iterable[Page]) -> str:
    """Return the address of the page of the navigation that a path belongs to."""
    found = [page.path for page in pages if path == page.path or path.startswith(page.path.rstrip("/") + "/")]
    return max(found, key=len, default="")


def _stale(values: Iterable[object], view: View, now_ms: int) -> str:
    """Return what the banner says; '' if all widgets are as new as the page."""
    old = [value.at_ms for value in values if isinstance(value, Widget) and value.stale]
    if not old:
        return ""
    at_ms = min(old)
    clock, age = write.clock(at_ms, view.zone), write.ago(at_ms, view.zone, now_ms)
    return f"ClickHouse does not answer: figures are from {clock}, {age}. Live touches go on."
