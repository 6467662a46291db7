"""The formula of docs/sizing.md: the needs of a worker, from costs that are fitted to measurements.

A fit can be wrong: `misses` lists the measurements from which it deviates too much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np

from tests.benchmarks.comparison import customers_of
from tests.benchmarks.environment import PartitionCounts

MB: Final = 1 << 20
MILLION: Final = 1_000_000
ACTIVITY: Final = PartitionCounts().activity  # default partition count
LEAST_KEYS: Final = 100_000  # restoring fewer takes less than the variation of a start
MANY_KEYS: Final = (
    1_000_000  # from this count on the restore dominates a start; on disk a key costs more in a large table
)
MEMORY_OFF: Final = 0.15  # share of the measured value, or 20 MB
MEMORY_OFF_MB: Final = 20.0
CPU_OFF: Final = 0.25  # for partitions
CROWD_CPU_OFF: Final = 0.3  # for profiles
RESTORE_OFF: Final = 0.35
RESTORE_OFF_S: Final = 0.5
BEGIN: Final = "<!-- costs: written by make bench SCALE=1 -->"
END: Final = "<!-- end of costs -->"

Point = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs with one state backend (memory or RocksDB). `us_...` are microseconds of CPU time."""

    base_mb: float  # a worker without profiles
    work_mb: float  # additional memory while it works: batches in flight, caches
    bytes_per_profile: float
    bytes_per_id: float
    us_per_key: float  # to restore from Kafka
    us_per_touch: float
    us_per_partition: float  # additional cost per touch at full load, per partition of `activity`
    us_per_million: float  # and per million profiles, which are then spread over more memory


@dataclass(frozen=True, slots=True)
class Need:
    """The needs of one worker."""

    memory_mb: float
    cores: float
    restore_s: float  # CPU time; equals wall time where Kafka and the worker have a core each


def need(costs: Costs, *, profiles: float, ids: float, touches_per_s: float, partitions: float) -> Need:
    """Return the needs of a worker with these profiles and remembered ids in its partitions, at this rate."""
    return Need(
        memory_mb=costs.base_mb + costs.work_mb + state_mb(costs, profiles, ids),
        cores=touches_per_s * touch_us(costs, profiles, partitions) / 1e6,
        restore_s=profiles * costs.us_per_key / 1e6,
    )


def state_mb(costs: Costs, profiles: float, ids: float) -> float:
    """Return the memory of the tables in MB."""
    return (profiles * costs.bytes_per_profile + ids * costs.bytes_per_id) / MB


def touch_us(costs: Costs, profiles: float, partitions: float) -> float:
    """Return the CPU time per touch in microseconds."""
    return costs.us_per_touch + costs.us_per_partition * partitions + costs.us_per_million * profiles / MILLION


def fit(scale: Mapping[str, Any], state: str) -> Costs:
    """Return the costs with the least squares of relative errors over the measurements of one state backend."""
    points = [point for point in scale["profiles"] if point["state"] == state]
    base_mb, per_profile, per_id = _least_squares(
        [(1.0, point["people"], point["ids"]) for point in points], [point["full_mb"] for point in points]
    )
    per_touch, per_partition, per_million = _fit_touch(scale, state)
    large = [point for point in points if point["people"] >= MANY_KEYS] or points
    (per_key,) = _least_squares([(point["people"],) for point in large], [point["restore_cpu_s"] for point in large])
    return Costs(
        base_mb=round(base_mb),
        work_mb=round(max(0.0, *(point["loaded_mb"] - point["full_mb"] for point in points))),
        bytes_per_profile=round(per_profile * MB),
        bytes_per_id=round(per_id * MB),
        us_per_key=round(per_key * 1e6, 2),
        us_per_touch=round(per_touch, 1),
        us_per_partition=round(per_partition, 3),
        us_per_million=round(per_million, 1),
    )


def _fit_touch(scale: Mapping[str, Any], state: str) -> tuple[float, float, float]:
    """Return the CPU time of a touch, and the additions per partition and per million profiles.

    Partitions are measured with the customers of a day and tables in memory, profiles with the usual partitions.
    """
    counts = [point["partitions"] for point in scale["partitions"]]
    us = [point["us_per_touch"] for point in scale["partitions"]]
    _, each = _fit_line(counts, us)
    points = [point for point in scale["profiles"] if point["state"] == state]
    people = [point["people"] for point in points]
    rest = [point["us_per_touch"] - each * ACTIVITY for point in points]
    if state == "memory":
        people += [customers_of(scale["touches"])] * len(counts)
        rest += [one - each * count for one, count in zip(us, counts, strict=True)]
    fixed, per_million = _fit_line([count / MILLION for count in people], rest)
    return fixed, each, per_million


def _fit_line(counts: Sequence[float], found: Sequence[float]) -> tuple[float, float]:
    """Return the constant and the addition per count, which is at least 0."""
    fixed, each = _least_squares([(1.0, count) for count in counts], found)
    if each < 0:
        (fixed,), each = _least_squares([(1.0,)] * len(found), found), 0.0
    return fixed, each


def _least_squares(rows: Sequence[Sequence[float]], found: Sequence[float]) -> tuple[float, ...]:
    """Return the factors of the columns; errors are relative, so that small and large values count alike."""
    weights = 1.0 / np.asarray(found)
    factors, *_ = np.linalg.lstsq(np.asarray(rows) * weights[:, None], np.ones(len(found)), rcond=None)
    return tuple(float(factor) for factor in factors)


def misses(scale: Mapping[str, Any]) -> list[str]:
    """Return the measurements from which the formula deviates too much, a sentence each."""
    found = []
    for state in sorted({point["state"] for point in scale["profiles"]}):
        costs = fit(scale, state)
        for point in (point for point in scale["profiles"] if point["state"] == state):
            found += _misses_of(costs, point)
    costs = fit(scale, "memory")
    for point in scale["partitions"]:
        due = touch_us(costs, customers_of(scale["touches"]), point["partitions"])
        if not _near(due, point["us_per_touch"], CPU_OFF):
            found.append(f"{point['partitions']} partitions: {due:.1f} us per touch, measured {point['us_per_touch']}")
    return found


def _misses_of(costs: Costs, point: Point) -> list[str]:
    who = f"{point['people']} profiles, {point['ids']} ids in {point['state']}"
    due = need(costs, profiles=point["people"], ids=point["ids"], touches_per_s=0, partitions=0)
    memory_mb = due.memory_mb - costs.work_mb
    found = []
    if not _near(memory_mb, point["full_mb"], MEMORY_OFF, MEMORY_OFF_MB):
        found.append(f"{who}: {memory_mb:.0f} MB, measured {point['full_mb']}")
    if point["people"] >= LEAST_KEYS and not _near(due.restore_s, point["restore_cpu_s"], RESTORE_OFF, RESTORE_OFF_S):
        found.append(f"{who}: restored in {due.restore_s:.1f} s, measured {point['restore_cpu_s']}")
    due_us = touch_us(costs, point["people"], ACTIVITY)
    if not _near(due_us, point["us_per_touch"], CROWD_CPU_OFF):
        found.append(f"{who}: {due_us:.1f} us per touch, measured {point['us_per_touch']}")
    return found


def _near(due: float, found: float, share: float, least: float = 0.0) -> bool:
    return abs(due - found) <= max(share * found, least)


def render_costs(scale: Mapping[str, Any]) -> str:
    """Return the table of docs/sizing.md."""
    states = sorted({point["state"] for point in scale["profiles"]})
    costs = {state: asdict(fit(scale, state)) for state in states}
    lines = ["| Cost | " + " | ".join(states) + " |", "|---" * (1 + len(states)) + "|"]
    for one in fields(Costs):
        lines.append(f"| `{one.name}` | " + " | ".join(f"{costs[state][one.name]:g}" for state in states) + " |")
    return "\n".join(lines)


def replace_costs(page: str, scale: Mapping[str, Any]) -> str:
    """Return the page with its table of costs replaced. Raises `ValueError` if its marks are missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page on sizing needs the lines {BEGIN} and {END} around its costs")
    return f"{before}{BEGIN}\n\n{render_costs(scale)}\n\n{END}{after}"
