"""Start of one worker: everything it depends on is checked before the first record is processed."""

import gc
import logging
import sys
from collections.abc import Sequence
from typing import Any, Final

from streams.enrichment.maxmind import GeoipError
from streams.fail_fast import CONFIG_CODE, exit_now
from streams.kafka.log_rate_limit import limit_log_rates
from streams.runtime.app import run_worker
from streams.state.rocksdb_directory import StateError
from touchline.errors import CliError
from touchline.settings import Settings, read_settings
from touchline.worker.clickhouse_setup import prepare_store
from touchline.worker.health import Health
from touchline.worker.kafka_setup import cluster_id, ensure_topics
from touchline.worker.offset_adoption import adopt_offsets, has_committed
from touchline.worker.pinned_settings import pin_settings, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import STAGES, topics_of
from touchline.worker.store_damage import warn_of_damage
from touchline.worker.wiring import Worker

GC_THRESHOLDS: Final = (50_000, 20, 50)  # as gc.set_threshold takes them: surplus allocations, then generations


def tune_garbage_collector() -> None:
    """Collect cyclic garbage seldom, and never among the objects that exist at the start.

    Little of what a worker allocates is cyclic. By default a full collection visits 100,000 objects of modules again
    and again, and stops every stage for 65 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def build_worker(settings: Settings, stages: Sequence[str]) -> Worker:
    """Check everything a worker depends on, and return the worker, not yet started. Raises CliError."""
    logging.getLogger("kafka").setLevel(logging.ERROR)
    limit_log_rates()  # kafka-python would log each attempt to reach an unreachable Kafka, with its traceback
    if not settings.kafka:
        raise CliError("No Kafka: set TOUCHLINE_KAFKA=host:port, or use `touchline up`, which runs its own.")
    if "store" in stages and not settings.clickhouse:
        raise CliError(
            "No ClickHouse: set TOUCHLINE_CLICKHOUSE=https://user:password@host:8443/touchline, or use `touchline up`."
        )
    rules = read_rules(settings.rules)
    settings.folder.mkdir(parents=True, exist_ok=True)
    ensure_topics(settings)
    adopt_offsets(settings, stages)
    log_name = f"{cluster_id(settings.kafka)}/{settings.topic_prefix}"
    connect_writer = None
    if "store" in stages:
        stored_before = has_committed(settings, stages, topics_of(settings).timeline)
        connect_writer = prepare_store(settings, log_name, stored_before)
        warn_of_damage(settings)
    try:
        worker = Worker(settings, rules, stages, log_name, connect_writer)
    except (GeoipError, StateError) as error:
        raise CliError(str(error)) from error
    if set(stages) != {"store"}:  # last: a worker that is refused for another reason must pin nothing
        pin_settings(settings.kafka, worker.topics.pinned_settings, settings_to_pin(settings, rules))
    return worker


def attach_health(worker: Worker) -> None:
    """Have the worker serve its endpoints while it runs, and tune its garbage collector when it starts."""

    async def serve(app: Any) -> None:
        tune_garbage_collector()
        health = Health(worker)
        try:
            port = await health.start(worker.settings.metrics_host, worker.settings.metrics_port)
        except OSError as error:
            exit_now(
                f"Port {worker.settings.metrics_port} for /metrics is taken ({error.strerror}): set "
                f"TOUCHLINE_METRICS_PORT to another one, or to 0 for any free one.",
                code=CONFIG_CODE,
            )
        print(f"worker: metrics at http://{worker.settings.metrics_host}:{port}/metrics", flush=True)
        try:
            await health.watch()
        finally:
            await health.stop()

    worker.app.task(serve)


def run(settings: Settings, stages: Sequence[str] = STAGES) -> None:
    """Run one worker in this process until it is stopped."""
    worker = build_worker(settings, stages)
    attach_health(worker)
    run_worker(worker.app, loglevel="WARNING")


def app_from_environment() -> Any:
    """Return the app that `faust -A streams.app worker` runs: all stages, settings from the environment."""
    try:
        worker = build_worker(read_settings(), STAGES)
    except CliError as error:
        sys.exit(str(error))
    attach_health(worker)
    return worker.app
