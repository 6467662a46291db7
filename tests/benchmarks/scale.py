"""How figures change with partitions, with profiles, and with tables on disk: what docs/sizing.md is made from."""

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final

from tests.benchmarks.comparison import SEED, Json, customers_of
from tests.benchmarks.day import Message, generate_day
from tests.benchmarks.flow import measure_flow
from tests.benchmarks.ground import Cut, Ground, ground, tell
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.restore import generate_people, measure_restore
from touchline.settings import Settings

JSON_NAME: Final = "scale.json"
PARTITIONS: Final = (1, 2, 4, 8, 16, 64)
PEOPLE: Final = (10_000, 100_000, 1_000_000, 5_000_000)
TOUCHES: Final = 100_000
TIMELINE_MOST: Final = 4
_MB: Final = 1 << 20
_DISK_BYTES: Final = 4_000  # per profile: raw record, activity, blocks, changelog, tables; with room to spare


def measure_scale(out: Path, most: int, touches: int = TOUCHES) -> int:
    """Measure all points and write them; exit code 1 if one failed, which is told and left out."""
    report: Json = {"machine": asdict(describe_machine()), "touches": touches}
    failed: list[str] = []
    day = list(generate_day(touches, SEED, customers_of(touches)))
    report["partitions"] = _points(failed, [partial(measure_partitions, count, day) for count in PARTITIONS])
    people = [number for number in PEOPLE if number <= most]
    report["profiles"] = _points(
        failed, [partial(measure_people, number, state, touches) for state in states() for number in people]
    )
    report["failed"] = failed
    out.mkdir(parents=True, exist_ok=True)
    (out / JSON_NAME).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    tell(f"the measurements are in {out / JSON_NAME}")
    print(json.dumps({"failed": len(failed)}), flush=True)
    return 1 if failed else 0


def states() -> list[str]:
    """Where tables can be kept."""
    return ["memory", "rocksdb"] if "state" in Settings.model_fields else ["memory"]


def _points(failed: list[str], measures: Sequence[Callable[[Ground], Json]]) -> list[Json]:
    """Each on a Kafka and an engine of its own, so that none finds another's data."""
    points: list[Json] = []
    for measure in measures:
        try:
            with ground() as here:
                points.append(measure(here))
                tell(points[-1])
        except Exception as failure:
            failed.append(f"{measure}: {type(failure).__name__}: {failure}")
            tell(f"failed: {failed[-1]}")
    return points


def measure_partitions(count: int, day: Sequence[Message], here: Ground) -> Json:
    """The day through one worker that has so many partitions of each raw topic and of `activity`."""
    tell(f"{count} partitions")
    with here.site(Cut(count, count, min(count, TIMELINE_MOST))) as site:
        flow = measure_flow(here, site, day, [site.start_ready()])
    return {
        "partitions": count,
        "us_per_touch": round(1e6 / flow.events_per_cpu_s, 2),
        "events_per_s": round(flow.events_per_s),
        "peak_rss_mb": round(flow.peak_rss_bytes[0] / _MB, 1),
    }


def measure_people(people: int, state: str, touches: int, here: Ground) -> Json:
    """So many profiles: memory, a restart, and what touches cost when there are so many."""
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < people * _DISK_BYTES:
        raise OSError(f"{people} profiles take {people * _DISK_BYTES >> 30} GB of disk, {free >> 30} GB are free")
    tell(f"{people} profiles, tables in {state}")
    with here.site(state=state) as site:
        found, truth, worker = measure_restore(site, people, people)
        day = list(generate_people(people, touches, seed=11))
        flow = measure_flow(here, site, day, [worker], already=truth)
    return {
        "state": state,
        "people": people,
        "ids": truth.stored,
        "keys": found.held.keys,
        "empty_mb": round(found.empty.rss_bytes / _MB, 1),
        "full_mb": round(found.full.rss_bytes / _MB, 1),
        "loaded_mb": round(found.loaded_rss_bytes / _MB, 1),
        "restore_s": round(found.restore_s, 2),
        "restore_cpu_s": round(found.full.cpu_s - found.empty.cpu_s, 2),
        "us_per_touch": round(1e6 / flow.events_per_cpu_s, 2),
        "events_per_s": round(flow.events_per_s),
    }
