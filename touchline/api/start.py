"""Start of one API process: what a person can correct is checked before the first request is taken."""

import contextlib
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import uvicorn
import uvloop

from dashboards.answers.pipeline import ReadPipeline
from dashboards.api.app import make_app
from dashboards.api.endpoints.health import why_not_ready
from dashboards.api.guard import Answered
from dashboards.api.metrics import ApiMetrics
from dashboards.api.services import ApiServices
from dashboards.live.hub import Hub
from dashboards.pages.site import add_pages
from sources.collector.access_log import AccessLog
from sources.collector.config import ConnectionLimits
from sources.collector.protocol import ConnectionWatch, LimitedProtocol, limited_protocol
from sources.collector.server import quiet_uvicorn
from streams.kafka.log_rate_limit import limit_log_rates
from touchline.api.live import Live
from touchline.api.services import make_services
from touchline.api.tokens import TopicTokens
from touchline.errors import CliError
from touchline.serving.log_stream import open_log
from touchline.serving.metrics_page import MetricsPage
from touchline.serving.ports import open_listener, start_page
from touchline.serving.tls_files import check_tls
from touchline.settings import Settings
from touchline.worker.stages import topics_of

_TICKS_PER_S: Final = 10  # of uvicorn's main loop
MOST_CONNECTIONS: Final = 900  # fewer than the usual limit of 1,024 open files
_FINISH_S: Final = 10  # for requests that are in flight when the server stops

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Options of the command that are no settings. `access_log`: a file, `-` for standard output, '' for none."""

    access_log: str = ""


class ApiServer(uvicorn.Server):
    """uvicorn's server with the sweep of the connections, and with an orderly end of the services."""

    def __init__(
        self,
        config: uvicorn.Config,
        watch: ConnectionWatch,
        access_log: AccessLog,
        live: Hub,
        close: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(config)
        self._watch = watch
        self._access_log = access_log
        self._live = live
        self._close = close

    async def on_tick(self, counter: int) -> bool:
        """Sweep the connections and write the access log once a second."""
        if counter % _TICKS_PER_S == 0:
            self._watch.sweep(self.server_state.connections, time.monotonic())
            self._access_log.flush()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the requests in flight, then close the services: uvicorn repeats the signal that stopped it."""
        self._live.close()
        await super().shutdown(sockets)
        self._access_log.flush()
        await self._close()


def run_api(settings: Settings, options: ServeOptions, read_pipeline: ReadPipeline | None = None) -> None:
    """Serve until SIGTERM or SIGINT. Raises CliError for what has to be changed before a start."""
    if not settings.kafka:
        raise CliError("No Kafka: set TOUCHLINE_KAFKA=host:port, or use `touchline up`, which runs its own.")
    limit_log_rates()
    check_tls(settings.serve_cert, settings.serve_key)
    with contextlib.ExitStack() as stack:
        access_log = AccessLog(open_log(options.access_log, stack))
        uvloop.run(_serve(settings, access_log, read_pipeline))


async def _serve(settings: Settings, access_log: AccessLog, read_pipeline: ReadPipeline | None = None) -> None:
    listener = open_listener("API", settings.serve_host, settings.serve_port)
    async with TopicTokens(settings.kafka, topics_of(settings).api_tokens) as tokens:
        services = make_services(settings, tokens, read_pipeline)
        live = Live(settings, services)
        services = replace(services, live=live.hub)
        metrics = ApiMetrics(services.reader, live.hub)
        page = MetricsPage(metrics.registry, lambda: why_not_ready(services))
        try:
            metrics_port = await start_page(
                page, "API", "TOUCHLINE_SERVE_METRICS_PORT", settings.metrics_host, settings.serve_metrics_port
            )
        except CliError:
            listener.close()
            raise

        async def close() -> None:
            await page.stop()
            await live.stop()
            await services.reader.close()

        watch = ConnectionWatch(ConnectionLimits(connections=MOST_CONNECTIONS), metrics.connections)
        watch.now_s = time.monotonic()
        config = _config(settings, services, access_log, metrics, limited_protocol(watch))
        server = ApiServer(config, watch, access_log, live.hub, close)
        live.start()
        print(f"api: listening at {serve_url(settings, listener.getsockname()[1])}", flush=True)
        print(f"api: metrics at http://{settings.metrics_host}:{metrics_port}/metrics", flush=True)
        await server.serve(sockets=[listener])


def _config(
    settings: Settings,
    services: ApiServices,
    access_log: AccessLog,
    metrics: ApiMetrics,
    protocol: type[LimitedProtocol],
) -> uvicorn.Config:
    def report(answered: Answered) -> None:
        metrics.count(answered)
        at_ms, method, route, status, seconds, size_bytes, token_id = answered
        access_log.write(at_ms, method, route, status, seconds, size_bytes, token_id)

    quiet_uvicorn()
    app: Any = make_app(services, (add_pages,), report)
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.serve_proxies),
        forwarded_allow_ips=list(settings.serve_proxies),
        server_header=False,
        timeout_graceful_shutdown=_FINISH_S,
        ssl_certfile=None if settings.serve_cert is None else str(settings.serve_cert),
        ssl_keyfile=None if settings.serve_key is None else str(settings.serve_key),
    )


def serve_url(settings: Settings, port: int) -> str:
    """Return the address of an API that listens on a port."""
    scheme = "https" if settings.serve_cert else "http"
    host = f"[{settings.serve_host}]" if ":" in settings.serve_host else settings.serve_host
    return f"{scheme}://{host}:{port}"
