"""Figures by partitions, by profiles and with tables on disk: the measurements behind docs/sizing.md."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

from tests.benchmarks.comparison import SEED, Json, customers_of
from tests.benchmarks.day import Message, generate_day
from tests.benchmarks.environment import Environment, PartitionCounts, print_progress, run_environment
from tests.benchmarks.flow import measure_flow
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.restore import generate_people, measure_restore
from tests.benchmarks.sizing import misses, replace_costs
from tests.journeys.site import ROOT
from touchline.settings import Settings

JSON_NAME: Final = "scale.json"
PARTITIONS: Final = (1, 2, 4, 8, 16, 64)
PEOPLE: Final = (10_000, 100_000, 1_000_000, 5_000_000)
FEW: Final = 1_000
IDS: Final = (1_000_000,)  # of few people: the cost of an id without a profile
TOUCHES: Final = 100_000
LEAST_S: Final = 0.01  # resolution of CPU time
_MB: Final = 1 << 20
_DISK_BYTES: Final = 4_000  # per touch: raw record, activity, blocks, changelog, tables; with a margin
RECORDS: Final = ROOT / "docs" / "benchmarks"
SIZING: Final = ROOT / "docs" / "sizing.md"


def measure_scale(out: Path, most: int, touches: int = TOUCHES) -> int:
    """Measure all points and write them; return 1 if one failed, which is reported and omitted."""
    report: Json = {"machine": asdict(describe_machine()), "touches": touches}
    failed: list[str] = []
    day = list(generate_day(touches, SEED, customers_of(touches)))
    report["partitions"] = _points(failed, [partial(measure_partitions, count, day) for count in PARTITIONS])
    crowds = [(number, number) for number in PEOPLE if number <= most]
    crowds += [(FEW, number) for number in IDS if number <= most]
    report["profiles"] = _points(
        failed, [partial(measure_people, *crowd, state, touches) for state in states() for crowd in crowds]
    )
    report["failed"] = failed
    return _write(report, failed, out)


def _write(report: Json, failed: Sequence[str], out: Path) -> int:
    """Write the JSON, and the costs into docs/sizing.md if `out` is the folder of record; return the exit code."""
    out.mkdir(parents=True, exist_ok=True)
    (out / JSON_NAME).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print_progress(f"the measurements are in {out / JSON_NAME}")
    missed = misses(report)
    for miss in missed:
        print_progress(f"the formula misses: {miss}")
    if out == RECORDS:
        SIZING.write_text(replace_costs(SIZING.read_text(encoding="utf-8"), report), encoding="utf-8")
    print(json.dumps({"failed": len(failed), "missed": len(missed)}), flush=True)
    return 1 if failed or missed else 0


def states() -> list[str]:
    """Return the available state backends."""
    return ["memory", "rocksdb"] if "state" in Settings.model_fields else ["memory"]


def _points(failed: list[str], measures: Sequence[Callable[[Environment], Json]]) -> list[Json]:
    """Measure each point with its own Kafka and engine, so that no point sees another's data."""
    points: list[Json] = []
    for measure in measures:
        try:
            with run_environment() as environment:
                points.append(measure(environment))
                print_progress(points[-1])
        except Exception as failure:
            failed.append(f"{measure}: {type(failure).__name__}: {failure}")
            print_progress(f"failed: {failed[-1]}")
    return points


def measure_partitions(count: int, day: Sequence[Message], environment: Environment) -> Json:
    """Run the day through one worker with `count` partitions of each raw topic and of `activity`."""
    print_progress(f"{count} partitions")
    with environment.site(PartitionCounts(count, count)) as site:
        flow = measure_flow(environment, site, day, [site.start_ready()])
    return {
        "partitions": count,
        "us_per_touch": round(1e6 / flow.events_per_cpu_s, 2),
        "events_per_s": round(flow.events_per_s),
        "peak_rss_mb": round(flow.peak_rss_bytes[0] / _MB, 1),
    }


def measure_people(people: int, ids: int, state: str, touches: int, environment: Environment) -> Json:
    """Measure memory, disk, restart and the cost of touches with `people` profiles of `ids` touches."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < ids * _DISK_BYTES:
        raise OSError(f"{ids} touches take {ids * _DISK_BYTES >> 30} GB of disk, {free >> 30} GB are free")
    print_progress(f"{people} profiles, {ids} ids, tables in {state}")
    with environment.site(state=state) as site:
        found, truth, worker = measure_restore(site, people, ids)
        kafka_mb, engine_mb = (_size_mb(environment.folder / name) for name in ("kafka", "engine"))
        day = list(generate_people(people, touches, seed=11))
        flow = measure_flow(environment, site, day, [worker], already=truth)
    return {
        "state": state,
        "people": people,
        "ids": truth.stored,
        "keys": found.held.keys,
        "empty_mb": round(found.empty.rss_bytes / _MB, 1),
        "full_mb": round(found.full.rss_bytes / _MB, 1),
        "loaded_mb": round(found.loaded_rss_bytes / _MB, 1),
        "kafka_disk_mb": kafka_mb,
        "engine_disk_mb": engine_mb,
        "restart_s": round(found.restore_s, 2),
        "restore_cpu_s": max(LEAST_S, round((found.anew or found.full).cpu_s - found.empty.cpu_s, 2)),
        "us_per_touch": round(1e6 / flow.events_per_cpu_s, 2),
        "events_per_s": round(flow.events_per_s),
    }


def _size_mb(folder: Path) -> float:
    """Return the disk space of a folder's files; a file deleted meanwhile counts as 0."""
    blocks = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):
            blocks += path.lstat().st_blocks
    return round(blocks * 512 / _MB, 1)
