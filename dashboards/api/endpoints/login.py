"""Logins: from a token that is typed into a form, or from the link that a local system prints for its owner."""

from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from dashboards.api.ask import Ask, services_of
from dashboards.api.forms import read_form, read_own_form
from dashboards.api.problem import ProblemError
from dashboards.api.security.sessions import COOKIE, SESSION_MS
from dashboards.api.security.viewers import viewer_by_token

SEE_OTHER: Final = 303
router = APIRouter(include_in_schema=False)


@router.get("/login/once")
async def once(request: Request, code: str = "") -> Response:
    """Log the owner of a local system in by a code that is valid once, and show the first page."""
    services = services_of(request)
    tenant = services.sessions.redeem(code, services.now_ms())
    if tenant is None:
        raise ProblemError(
            403,
            "link-used",
            "This link is not valid any more",
            "A link logs in once and within half an hour: `touchline where` prints another one.",
        )
    cookie = services.sessions.begin("", "admin", tenant, services.now_ms())
    return _logged_in(request, cookie, "/")


@router.post("/login")
async def login(request: Request) -> Response:
    """Log in by the form field `token`, and show the page of the field `next`."""
    services = services_of(request)
    fields = await read_form(request)
    viewer = viewer_by_token(services.tokens, fields.get("token", "").strip())
    cookie = services.sessions.begin(viewer.token_id, viewer.role, viewer.tenant, services.now_ms())
    return _logged_in(request, cookie, fields.get("next", "/"))


@router.post("/logout")
async def logout(request: Request, ask: Ask) -> Response:
    """End the login of this browser."""
    await read_own_form(request, ask)
    answer = RedirectResponse("/login", SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/", secure=_is_secure(request), httponly=True, samesite="strict")
    return answer


def _logged_in(request: Request, cookie: str, target: str) -> Response:
    answer = RedirectResponse(local_target(target), SEE_OTHER)
    answer.set_cookie(
        COOKIE, cookie, SESSION_MS // 1000, path="/", secure=_is_secure(request), httponly=True, samesite="strict"
    )
    return answer


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


def local_target(target: str) -> str:
    """Return the path of this site to go to; `/` for anything that may lead elsewhere."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return "/"
    return quote(target, safe="/?&=%,:@-_.~")
