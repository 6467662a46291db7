"""Start of one collector: what a person can correct is checked before the first request is taken."""

import asyncio
import contextlib
import gc
import logging
import resource
import secrets
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Final

import uvloop

from sources.collector.access_log import AccessLog
from sources.collector.config import VISITOR_SECRET_BYTES, CollectorConfig, ConnectionLimits
from sources.collector.endpoints.health import why_not_ready
from sources.collector.hook_services import HookServices
from sources.collector.keys.directory import TopicDirectory
from sources.collector.keys.entry_layout import WRITE_KEYS
from sources.collector.keys.rates import RateLimiter
from sources.collector.metrics import CollectorMetrics
from sources.collector.server import make_server
from sources.collector.services import ContractCheck, Services
from sources.sdks.view_times import ViewTimes
from streams.kafka.log_rate_limit import limit_log_rates
from touchline.collector.contract_check import contract_check
from touchline.collector.durable_sink import DurableSink, make_sink
from touchline.collector.hooks import make_hook_services
from touchline.errors import CliError
from touchline.serving.demo_key_file import read_demo_key
from touchline.serving.log_stream import open_log
from touchline.serving.metrics_page import MetricsPage
from touchline.serving.ports import open_listener, start_page
from touchline.serving.tls_files import check_tls
from touchline.settings import Settings
from touchline.worker.stages import topics_of

_SPARE_FILES: Final = 200  # besides connections of clients: Kafka, log files, the spool
_GC_THRESHOLDS: Final = (50_000, 20, 50)  # of what a request allocates nothing is cyclic

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """Options of the command that are no settings. `access_log`: a file, `-` for standard output, '' for none."""

    access_log: str = ""


def run_collector(settings: Settings, options: CollectOptions) -> None:
    """Serve until SIGTERM or SIGINT. Raises CliError for what has to be changed before a start."""
    if not settings.kafka:
        raise CliError("No Kafka: set TOUCHLINE_KAFKA=host:port, or use `touchline up`, which runs its own.")
    limit_log_rates()
    check_tls(settings.collect_cert, settings.collect_key)
    settings = settings.model_copy(update={"collect_connections": allow_connections(settings.collect_connections)})
    with contextlib.ExitStack() as stack:
        access_log = AccessLog(open_log(options.access_log, stack))
        uvloop.run(_serve(settings, access_log, contract_check(settings), make_hook_services(settings)))


async def _serve(settings: Settings, access_log: AccessLog, check: ContractCheck, hooks: HookServices) -> None:
    topics = topics_of(settings)
    durable = make_sink(settings)
    sink = durable.sink
    listener = open_listener("collector", settings.collect_host, settings.collect_port)
    port = listener.getsockname()[1]
    async with TopicDirectory(settings.kafka, topics.write_keys, WRITE_KEYS, durable.saved_keys) as keys:
        services = Services(
            keys, RateLimiter(), sink, CollectorMetrics(), config_of(settings), check, hooks, ViewTimes()
        )
        services.metrics.registry.register(durable.metrics())
        page = MetricsPage(services.metrics.registry, lambda: why_not_ready(services))
        try:
            metrics_port = await start_page(
                page,
                "collector",
                "TOUCHLINE_COLLECT_METRICS_PORT",
                settings.metrics_host,
                settings.collect_metrics_port,
            )
        except CliError:
            listener.close()
            raise
        sink.start()

        async def close() -> None:
            await page.stop()
            await sink.stop()

        server = make_server(services, access_log, close, None, settings.collect_cert, settings.collect_key)
        scheme = "https" if settings.collect_cert else "http"
        host = f"[{settings.collect_host}]" if ":" in settings.collect_host else settings.collect_host
        print(f"collector: listening at {scheme}://{host}:{port}", flush=True)
        print(f"collector: metrics at http://{settings.metrics_host}:{metrics_port}/metrics", flush=True)
        reporting = asyncio.create_task(_report_kafka(durable, settings.kafka))
        _tune_garbage_collector()
        try:
            await server.serve(sockets=[listener])
        finally:
            reporting.cancel()


async def _report_kafka(durable: DurableSink, kafka: str) -> None:
    """Print a line if Kafka does not answer soon, and when it does."""
    try:
        await asyncio.wait_for(durable.kafka.wait_ready(), 3)
    except TimeoutError:
        spool = durable.spool
        until_then = f"touches are spooled in {spool.folder}" if spool else "requests are answered with 503"
        print(f"collector: waiting for Kafka at {kafka}; {until_then} until then", flush=True)
        await durable.kafka.wait_ready()
    print(f"collector: Kafka at {kafka} answers; requests are accepted", flush=True)


def config_of(settings: Settings) -> CollectorConfig:
    """Return the configuration of a collector by the settings."""
    secret = settings.collect_visitor_secret
    return CollectorConfig(
        visitor_secret=secret.encode() if secret else secrets.token_bytes(VISITOR_SECRET_BYTES),
        demo_key=read_demo_key(settings.folder),
        topic_prefix=settings.topic_prefix,
        trusted_proxies=tuple(ip_network(one) for one in settings.collect_proxies),
        limits=ConnectionLimits(connections=settings.collect_connections),
    )


def allow_connections(wanted: int) -> int:
    """Raise the limit of open files of this process as far as needed and possible. Return how many connections fit."""
    needed = wanted + _SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    possible = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < possible:
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, hard))
    if possible < needed:
        log.warning(
            "%d connections need %d open files and the limit is %d: at most %d connections are taken. Raise the limit "
            "(ulimit -Hn), or set TOUCHLINE_COLLECT_CONNECTIONS to less.",
            wanted,
            needed,
            hard,
            possible - _SPARE_FILES,
        )
    return max(1, possible - _SPARE_FILES)


def _tune_garbage_collector() -> None:
    """Collect cyclic garbage seldom, and never among the objects of modules."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
