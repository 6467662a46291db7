"""Starting one worker: everything is looked at before the first record is, and what is wrong is said in a sentence
each.
"""

import gc
import sys
from collections.abc import Sequence
from typing import Any, Final

from streams.enrichment.maxmind import GeoipError
from streams.fail_fast import CONFIG_CODE, exit_now
from streams.kafka.log_rate_limit import limit_log_rates
from streams.rules.evaluator import Rules
from streams.runtime.app import run_worker
from streams.state.rocksdb_directory import StateError
from touchline.errors import CliError
from touchline.ops.store_check import warn_of_damage
from touchline.settings import Settings, read_settings
from touchline.worker.clickhouse_setup import prepare_store
from touchline.worker.health import Health
from touchline.worker.kafka_setup import cluster_id, ensure_topics
from touchline.worker.offset_adoption import adopt_offsets, has_committed
from touchline.worker.pinned_settings import pin_settings, settings_to_pin
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import STAGES, topics_of
from touchline.worker.wiring import Parts, data_folder

COLLECT_AFTER: Final = (50_000, 20, 50)  # more objects made than given back, then generations


def calm_collector() -> None:
    """Look for cyclic garbage seldom, and never in what was there at the start.

    Little of what a worker makes is cyclic. By default a full collection walks through 100,000 objects of modules again
    and again: 65 ms in which every stage stands still.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def make_parts(settings: Settings, stages: Sequence[str]) -> Parts:
    """Everything a worker needs, checked. Raises CliError."""
    limit_log_rates()  # kafka-python would log each try to reach a Kafka that is away, with its traceback
    if not settings.kafka:
        raise CliError("No Kafka: set TOUCHLINE_KAFKA=host:port, or use `touchline up`, which runs its own.")
    if "store" in stages and not settings.clickhouse:
        raise CliError(
            "No ClickHouse: set TOUCHLINE_CLICKHOUSE=https://user:password@host:8443/touchline, or use `touchline up`."
        )
    rules: Rules = read_rules(settings.rules)
    data_folder(settings)
    ensure_topics(settings)
    adopt_offsets(settings, stages)
    log_name = f"{cluster_id(settings.kafka)}/{settings.topic_prefix}"
    writer = None
    if "store" in stages:
        writer = prepare_store(settings, log_name, has_committed(settings, stages, topics_of(settings).timeline))
        warn_of_damage(settings)
    try:
        parts = Parts(settings, rules, stages, log_name, writer)
    except (GeoipError, StateError) as error:
        raise CliError(str(error)) from error
    if set(stages) != {"store"}:  # last: who is refused for something else shall not bind the others
        pin_settings(settings.kafka, parts.topics.terms, settings_to_pin(settings, rules))
    return parts


def attach_health(parts: Parts) -> None:
    """Have the worker serve its pages while it runs, and calm its garbage collector once it does."""

    async def serve(app: Any) -> None:
        calm_collector()
        health = Health(parts)
        try:
            port = await health.start(parts.settings.metrics_port)
        except OSError as error:
            exit_now(
                f"Port {parts.settings.metrics_port} for /metrics is taken ({error.strerror}): set "
                f"TOUCHLINE_METRICS_PORT to another one, or to 0 for any.",
                code=CONFIG_CODE,
            )
        print(f"worker: metrics at http://127.0.0.1:{port}/metrics", flush=True)
        try:
            await health.watch()
        finally:
            await health.stop()

    parts.app.task(serve)


def work(settings: Settings, stages: Sequence[str] = STAGES) -> None:
    """Run one worker in this process until it is told to stop."""
    parts = make_parts(settings, stages)
    attach_health(parts)
    run_worker(parts.app, loglevel="WARNING")


def app_from_environment() -> Any:
    """The app that `faust -A streams.app worker` runs: all stages, settings from the environment."""
    try:
        parts = make_parts(read_settings(), STAGES)
    except CliError as trouble:
        sys.exit(str(trouble))
    attach_health(parts)
    return parts.app
