"""Starting one worker: everything is looked at before the first record is, and what is wrong is said in a sentence
each.
"""

import logging
import sys
from collections.abc import Sequence
from typing import Any

from sinks.clickhouse import Address, StoreUnavailable, connect_server, parse_address
from sinks.migrate import NewerSchema, migrate
from sinks.positions import known_logs
from streams.application import run_worker
from streams.exits import leave
from streams.fold.rules import Rules
from streams.geoip import GeoipError
from touchline.errors import Trouble
from touchline.groups import adopt_offsets
from touchline.health import Health
from touchline.kafka_side import cluster_id, ensure_topics
from touchline.parts import STAGES, Parts, data_folder
from touchline.rules import read_rules
from touchline.settings import Settings, read_settings

log = logging.getLogger(__name__)


def refuse_other_log(known: Sequence[str], log_name: str, address: Address) -> None:
    """Offsets of one Kafka say nothing about another's. Raises Trouble."""
    if known and log_name not in known:
        raise Trouble(
            f"The database {address.database} at {address.host}:{address.port} was filled from another Kafka or with "
            f"another TOUCHLINE_TOPIC_PREFIX ({', '.join(known)}, not {log_name}): name another database in "
            f"TOUCHLINE_CLICKHOUSE, or go back to that Kafka."
        )


def prepare_store(settings: Settings, log_name: str) -> None:
    """Make or upgrade the tables, if ClickHouse is there; if it is not, records wait on `timeline` until it is.

    Raises Trouble for what waiting does not mend: a wrong address or password, tables of a newer version.
    """
    try:
        address = parse_address(settings.clickhouse)
    except ValueError as error:
        raise Trouble(f"TOUCHLINE_CLICKHOUSE: {error}.") from error
    try:
        client = connect_server(address)
    except StoreUnavailable as away:
        if away.code is not None:
            raise Trouble(f"{away}.") from away
        log.warning("%s. Touches are taken in and scored meanwhile; rows wait on the timeline topic.", away)
        return
    try:
        for name in migrate(client, address.database):
            log.info("applied migration %s", name)
        refuse_other_log(known_logs(client), log_name, address)
    except NewerSchema as newer:
        raise Trouble(f"{newer}.") from newer
    finally:
        client.close()


def make_parts(settings: Settings, stages: Sequence[str]) -> Parts:
    """Everything a worker needs, checked. Raises Trouble."""
    if not settings.kafka:
        raise Trouble("No Kafka: set TOUCHLINE_KAFKA=host:port, or use `touchline up`, which runs its own.")
    if "store" in stages and not settings.clickhouse:
        raise Trouble(
            "No ClickHouse: set TOUCHLINE_CLICKHOUSE=https://user:password@host:8443/touchline, or use `touchline up`."
        )
    rules: Rules = read_rules(settings.rules)
    data_folder(settings)
    ensure_topics(settings)
    adopt_offsets(settings, stages)
    log_name = f"{cluster_id(settings.kafka)}/{settings.topic_prefix}"
    if "store" in stages:
        prepare_store(settings, log_name)
    try:
        return Parts(settings, rules, stages, log_name)
    except GeoipError as error:
        raise Trouble(str(error)) from error


def attach_health(parts: Parts) -> None:
    """Have the worker serve its pages while it runs."""

    async def serve(app: Any) -> None:
        health = Health(parts)
        try:
            port = await health.start(parts.settings.metrics_port)
        except OSError as error:
            leave(
                f"Port {parts.settings.metrics_port} for /metrics is taken ({error.strerror}): set "
                f"TOUCHLINE_METRICS_PORT to another one, or to 0 for any."
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
    except Trouble as trouble:
        sys.exit(str(trouble))
    attach_health(parts)
    return parts.app
