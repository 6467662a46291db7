"""The outermost part of the application: checks callers, adds headers, and reports each request that was answered.

It is plain ASGI, because a middleware of Starlette's would hide the client's disconnection from the handlers.
"""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboards.api.problem import ProblemError, problem_response
from dashboards.api.security.callers import is_from_own_page, is_known_host
from dashboards.api.security.headers import SECURITY_HEADERS
from dashboards.api.services import ApiServices

MOST_BODY_BYTES: Final = 64 * 1024
UNKNOWN_ROUTE: Final = "unknown"

log = logging.getLogger(__name__)


class Answered(NamedTuple):
    """A request that was answered. `route` is its template, since a path holds the key of a customer."""

    at_ms: int
    method: str
    route: str
    status: int
    seconds: float
    size_bytes: int
    token_id: str


Report = Callable[[Answered], None]


class Guard:
    """Wraps the application. `report` is called once per request."""

    def __init__(self, app: ASGIApp, services: ApiServices, report: Report) -> None:
        self._app = app
        self._services = services
        self._report = report

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        at_ms, start_s = self._services.now_ms(), time.monotonic()
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = request_id = secrets.token_hex(8)
        status, size_bytes = 0, 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status, size_bytes
            if message["type"] == "http.response.start":
                status = message["status"]
                own = ((b"x-request-id", request_id.encode()), *SECURITY_HEADERS)
                message = {**message, "headers": [*message["headers"], *own]}
            elif message["type"] == "http.response.body":
                size_bytes += len(message.get("body", b""))
            await send(message)

        refused = self._refuse(scope)
        try:
            served = self._app if refused is None else problem_response(refused, request_id)
            await served(scope, receive, send_with_headers)
        except Exception:
            # Starlette raises it again after it was answered with the problem of app.py.
            log.exception("Request %s failed.", request_id)
        route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
        viewer = state.get("viewer")
        token_id = viewer.token_id if viewer is not None else ""
        seconds = time.monotonic() - start_s
        self._report(Answered(at_ms, scope["method"], route, status, seconds, size_bytes, token_id))

    def _refuse(self, scope: Scope) -> ProblemError | None:
        """Return why a request is not handled at all, None if it is."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not is_known_host(host, self._services.hosts):
            detail = "Call the API by a name that TOUCHLINE_SERVE_HOSTS has, or by its address."
            return ProblemError(421, "unknown-host", "This host is not served here", detail)
        if not is_from_own_page(scope["method"], host, headers.get("origin"), headers.get("sec-fetch-site")):
            detail = "A browser sent this from a page of another site: use the pages of this API."
            return ProblemError(403, "foreign-page", "The request comes from another site", detail)
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            detail = f"Send a body of at most {MOST_BODY_BYTES} bytes with Content-Length."
            return ProblemError(413, "body-too-large", "The body is too large", detail)
        return None
