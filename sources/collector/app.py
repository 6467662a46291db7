"""The ASGI application: routes a request, reads it within its limits, and answers with the headers browsers need."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from sources.collector.access_log import AccessLog
from sources.collector.body import read_body
from sources.collector.cors import answer_preflight, cors_headers
from sources.collector.origin import client_ip
from sources.collector.refusal import Refusal, RefusalReason, answer_refusal
from sources.collector.request import Answer, Request
from sources.collector.routes import Route, Router
from sources.collector.services import Services

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

_NO_ROUTE: Final = Route("unknown", frozenset())
_NOT_FOUND: Final = Refusal(RefusalReason.NOT_FOUND, "no such path; /openapi.json lists the paths of the native API")
_FAULT: Final = Refusal(RefusalReason.FAULT, "the collector failed and logged why; send the request again later", 5)

log = logging.getLogger(__name__)


class App:
    """The application of one collector."""

    def __init__(self, services: Services, router: Router, access_log: AccessLog) -> None:
        self._services = services
        self._router = router
        self._access_log = access_log
        self._trusted = services.config.trusted_proxies

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request."""
        start_s, received_at_ms = time.monotonic(), time.time_ns() // 1_000_000
        headers: dict[bytes, bytes] = dict(scope["headers"])
        route = self._router.find(scope["path"]) or _NO_ROUTE
        method: str = scope["method"]
        body: bytes | Refusal = b""
        if method not in route.methods:
            answer = self._without_endpoint(method, route, headers)
        else:
            if route.body_bytes:
                body = await read_body(receive, headers, route.body_bytes)
            if isinstance(body, Refusal):
                self._services.metrics.count_refusal(body.reason)
                if body.reason is RefusalReason.DISCONNECTED:
                    return
                answer = answer_refusal(body, route.too_large_status)
            else:
                answer = await self._with_endpoint(scope, route, headers, body, received_at_ms)
        response: list[tuple[bytes, bytes]] = [
            (b"content-type", answer.content_type.encode()),
            *answer.headers,
            *cors_headers(headers.get(b"origin")),
        ]
        if answer.status not in (204, 304):
            response.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": response})
        await send({"type": "http.response.body", "body": answer.body})
        size = 0 if isinstance(body, Refusal) else len(body)
        self._count(method, route.name, answer, time.monotonic() - start_s, size, received_at_ms)

    def _without_endpoint(self, method: str, route: Route, headers: dict[bytes, bytes]) -> Answer:
        """Return the answer to a path that does not exist, to OPTIONS, or to a method that the path does not take."""
        if route is _NO_ROUTE:
            return self._refuse(_NOT_FOUND)
        allowed = ", ".join(sorted({*route.methods, "OPTIONS"}))
        allow = (b"allow", allowed.encode())
        if method == "OPTIONS":
            preflight = answer_preflight(headers.get(b"access-control-request-headers"))
            return preflight._replace(headers=(*preflight.headers, allow))
        refused = self._refuse(Refusal(RefusalReason.METHOD_NOT_ALLOWED, f"this path takes {allowed}"))
        return refused._replace(headers=(allow,))

    async def _with_endpoint(
        self, scope: Any, route: Route, headers: dict[bytes, bytes], body: bytes, received_at_ms: int
    ) -> Answer:
        peer_ip = scope["client"][0] if scope["client"] else ""
        if self._trusted:
            peer_ip = client_ip(peer_ip, headers.get(b"x-forwarded-for"), self._trusted)
        request = Request(scope["method"], scope["path"], scope["query_string"], headers, body, peer_ip, received_at_ms)
        try:
            answer = await route.endpoint(request, self._services)
        except Exception:
            log.exception("A request of the route %s failed.", route.name)
            return self._refuse(_FAULT)
        return self._refuse(answer) if isinstance(answer, Refusal) else answer

    def _refuse(self, refusal: Refusal) -> Answer:
        self._services.metrics.count_refusal(refusal.reason)
        return answer_refusal(refusal)

    def _count(
        self, method: str, route: str, answer: Answer, seconds: float, body_bytes: int, received_at_ms: int
    ) -> None:
        metrics = self._services.metrics
        metrics.requests[route, str(answer.status)] += 1
        metrics.body_bytes[route,] += body_bytes
        metrics.observe(seconds)
        self._access_log.write(received_at_ms, method, route, answer.status, seconds, body_bytes, answer.key_id)
