"""Pages for operators: /metrics, /live and /ready, on a port of their own.

They are not on the public port, because the figures would tell clients how much others send or ask.
"""

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest


class MetricsPage:
    """Serves the pages in the event loop of its server, so that a loop that hangs does not answer.

    `why_not_ready` returns why the server cannot answer requests, None if it can.
    """

    def __init__(self, registry: CollectorRegistry, why_not_ready: Callable[[], str | None]) -> None:
        self._registry = registry
        self._why_not_ready = why_not_ready
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Serve, and return the port. Raises OSError if it is taken."""
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/live", self._live)
        app.router.add_get("/ready", self._ready)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        body = generate_latest(self._registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _live(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:
        why = self._why_not_ready()
        return web.Response(text=f"{why or 'ok'}\n", status=503 if why else 200)
