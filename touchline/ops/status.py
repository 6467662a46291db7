"""`touchline status`: records waiting for each stage, their throughput, what the store holds, recent problems."""

import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from clickhouse_connect.driver.exceptions import ClickHouseError
from rich.table import Table
from rich.text import Text

from dashboards.answers.store_status import read_store_status
from dashboards.terminal.consoles import output_console
from dashboards.terminal.format import count, name_value_table, plain, size, table, when
from deploy.ports import LOOPBACK
from sinks.clickhouse.errors import describe_error
from touchline.errors import CliError
from touchline.local.discovery import need_kafka, open_reader
from touchline.ops.lag import LagReader, StageLag
from touchline.ops.metrics_scrape import read_samples
from touchline.ops.server_check import read_api, read_collector
from touchline.settings import Settings
from touchline.worker.stages import STAGES, groups_running, topics_of
from touchline.worker.store_damage import find_damage

RATE_INTERVAL_S: Final = 1.0  # between two reads of the counters, for rates


def read_metrics(port: int) -> dict[str, float]:
    """Return a worker's counters and gauges by name, summed over their labels. Raises OSError if none answers."""
    sums: dict[str, float] = defaultdict(float)
    for name, labels, value in read_samples(port):
        sums[name] += value
        for label in ("result", "stage", "reason", "table"):
            if label in labels:
                sums[f"{name}/{labels[label]}"] += value
    return dict(sums)


def read_groups(settings: Settings) -> dict[str, StageLag]:
    """Return the lag of each stage, by the group that is furthest ahead of all that can run it."""
    with LagReader(need_kafka(settings), topics_of(settings)) as reader:
        return furthest(reader, stage_groups(settings))


def stage_groups(settings: Settings) -> dict[str, list[str]]:
    """Return the consumer groups that can run each stage."""
    return {stage: groups_running(settings, stage) for stage in STAGES}


def furthest(reader: LagReader, groups: Mapping[str, Sequence[str]]) -> dict[str, StageLag]:
    """Return the lag of each stage, by the group that is furthest ahead. Raises CliError."""
    found = [reader.read(dict(zip(STAGES, names, strict=True))) for names in zip(*groups.values(), strict=True)]
    return {stage: min((lag[stage] for lag in found), key=lambda lag: lag.waiting) for stage in STAGES}


def _read_stages(settings: Settings) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Return (the lag of each stage, a sentence if no worker reads some topics). Raises CliError."""
    groups = stage_groups(settings)
    with LagReader(need_kafka(settings), topics_of(settings)) as reader:
        lags = {stage: {"lag": lag.waiting} for stage, lag in furthest(reader, groups).items()}
        return lags, describe_unread(reader.unread_topics(groups))


def describe_unread(topics: Sequence[str]) -> list[str]:
    """Return a sentence about topics that no worker reads; none if there are none."""
    if not topics:
        return []
    return [
        f"No worker reads {', '.join(topics)}: `touchline up` restarts its own; start others with `touchline worker`, "
        "and restart those that an upgrade has not replaced yet."
    ]


def read_status(settings: Settings) -> dict[str, Any]:
    """Return plain values for JSON. A part that does not answer is reported in `trouble`."""
    parts = ("stages", "worker", "store", "damage", "collector", "api")
    found: dict[str, Any] = {**{part: {} for part in parts}, "trouble": []}
    try:
        found["stages"], unread = _read_stages(settings)
        found["trouble"] += unread
    except CliError as trouble:
        found["trouble"].append(str(trouble))
    if settings.metrics_port:
        try:
            found["worker"] = _worker(settings.metrics_port)
            found["trouble"] += read_warnings(settings.metrics_port)
        except (OSError, urllib.error.URLError):
            found["trouble"].append(describe_silent_worker(settings.metrics_port))
    try:
        found["store"] = asdict(read_store_status(open_reader(settings)))
        damage = find_damage(settings)
        found["damage"] = damage.as_dict()
        found["trouble"] += damage.sentences()
    except CliError as trouble:
        found["trouble"].append(str(trouble))
    except ClickHouseError as error:
        found["trouble"].append(f"ClickHouse did not answer: {describe_error(error)}.")
    for name, server in (("collector", read_collector(settings)), ("api", read_api(settings))):
        if server is not None:
            found[name] = {"address": server.address, "ready": not server.trouble}
            found["trouble"] += [server.trouble] if server.trouble else []
    return found


def describe_silent_worker(port: int) -> str:
    """Return a sentence about a worker that does not answer."""
    return f"No worker answers at port {port}: `touchline up` restarts its own; start others with `touchline worker`."


def _worker(port: int) -> dict[str, Any]:
    before = read_metrics(port)
    time.sleep(RATE_INTERVAL_S)
    after = read_metrics(port)

    def rate(name: str) -> float:
        return round((after.get(name, 0) - before.get(name, 0)) / RATE_INTERVAL_S, 1)

    return {
        "touches_per_s": {stage: rate(f"touchline_batch_records_sum/{stage}") for stage in STAGES},
        "duplicates": int(after.get("touchline_touches_total/duplicate", 0)),
        "rejected": int(after.get("touchline_touches_total/rejected", 0)),
        "identifiers": int(after.get("touchline_state_keys/states", 0)),
        "ids_remembered": int(after.get("touchline_state_ids", 0)),
        "store_in_trouble": bool(after.get("touchline_store_trouble", 0)),
    }


def read_warnings(port: int) -> list[str]:
    """Return a worker's last warnings and errors. Raises OSError if none answers."""
    with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/trouble", timeout=5) as answer:
        return str(answer.read().decode()).splitlines()


def render(found: dict[str, Any]) -> None:
    """Print the status for a person."""
    console = output_console()
    stages = table("stage", "task", "waiting", "per second", right=("waiting", "per second"))
    rates = found["worker"].get("touches_per_s", {})
    for stage in STAGES:
        waiting = found["stages"].get(stage, {}).get("lag")
        stages.add_row(
            plain(stage),
            TASKS[stage],
            "?" if waiting is None else f"{waiting:,}",
            f"{rates[stage]:,}" if stage in rates else "?",
        )
    console.print(stages)
    rows: dict[str, Text | Table] = {}
    if store := found["store"]:
        rows["customers"] = count(store["profiles"]).append(" profiles, each with one or more identifiers")
        stored = count(store["touches"])
        if store["newest_ms"]:
            stored.append(", the newest arrived ").append_text(when(store["newest_ms"]))
        rows["touches stored"] = stored
    if worker := found["worker"]:
        rows["identifiers"] = count(worker["identifiers"]).append(" in the state of this worker")
        rows["duplicates"] = count(worker["duplicates"]).append(" since it started, each counted once")
        refused = " since it started: see `touchline quarantine list`" if worker["rejected"] else " since it started"
        rows["refused"] = count(worker["rejected"]).append(refused)
        if worker["store_in_trouble"]:
            rows["store"] = Text("waiting for ClickHouse", style="yellow")
    if collector := found["collector"]:
        accepts = "accepts touches" if collector["ready"] else "accepts no touches"
        rows["collector"] = plain(f"{collector['address']}, {accepts}")
    if api := found["api"]:
        rows["API"] = plain(f"{api['address']}, {'answers' if api['ready'] else 'answers no'} questions")
    if rows:
        console.print(name_value_table(rows))
    if tables := found["store"].get("tables"):
        console.print(_tables(tables))
    for line in found["trouble"]:
        console.print(plain(line, "yellow"))


TASKS: Final = {
    "intake": "checks and enriches incoming touches",
    "engage": "links each touch to a customer and scores it",
    "store": "writes touches and profiles to ClickHouse",
}


def _tables(tables: Sequence[Mapping[str, Any]]) -> Table:
    made = table("table", "rows on disk", "size", right=("rows on disk", "size"))
    for one in tables:
        made.add_row(plain(one["table"]), count(one["rows"]), size(one["size_bytes"]))
    return made
