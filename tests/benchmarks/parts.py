"""The other parts of `make bench`: each function returns its entry of the report."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Final

from tests.benchmarks.collector import measure_request_to_row, measure_throughput
from tests.benchmarks.comparison import SEED, Json, customers_of, describe_flows
from tests.benchmarks.day import generate_day
from tests.benchmarks.environment import Environment, print_progress
from tests.benchmarks.flow import measure_flow
from tests.benchmarks.live_viewers import measure_live
from tests.benchmarks.low_rate import measure_catch_up, measure_rate
from tests.benchmarks.restore import Restored, measure_restore
from tests.benchmarks.standby import measure_takeover
from touchline.worker.stages import STAGES

FEW: Final = 1_000  # people in a measurement of ids
SOME: Final = 10  # divisor: a tenth of the state, to compare with the whole
LOW_RATE: Final = 100.0


def measure_two(environment: Environment, touches: int) -> Json:
    """Run the day through two workers that share the partitions."""
    print_progress(f"two workers, {touches} touches")
    with environment.site() as site:
        workers = [site.start_ready("one"), site.start_ready("two")]
        site.wait_ready(workers[0])
        day = list(generate_day(touches, SEED, customers_of(touches)))
        return describe_flows([measure_flow(environment, site, day, workers)])


def measure_hops(environment: Environment, touches: int) -> Json:
    """Run the day through three workers, one per stage, for the cost of each stage."""
    print_progress(f"a worker for each stage, {touches} touches")
    with environment.site() as site:
        workers = [site.start_ready(stage, (stage,)) for stage in STAGES]
        day = list(generate_day(touches, SEED, customers_of(touches)))
        flow = measure_flow(environment, site, day, workers)
    used = {stage: round(cpu_s / touches * 1e6, 2) for stage, cpu_s in zip(STAGES, flow.cpu_s, strict=True)}
    return {"us_per_touch": used, "events_per_s": round(flow.events_per_s)}


def measure_state(environment: Environment, people: int, with_memory: bool) -> Json:
    """Measure the restore of `people` profiles of one touch each; `with_memory` adds the memory per profile and id."""
    many = _restore(environment, people, people)
    figures = describe_restored(many)
    if with_memory:
        some, rest = people // SOME, people - people // SOME
        per_id = _more_bytes(_restore(environment, FEW, people), _restore(environment, FEW, some)) / rest
        both = _more_bytes(many, _restore(environment, some, some)) / rest
        figures |= {"bytes_per_id": round(per_id, 1), "bytes_per_profile": round(both - per_id, 1)}
    return figures


def _restore(environment: Environment, people: int, ids: int) -> Restored:
    print_progress(f"restoring {people} profiles and {ids} ids")
    with environment.site() as site:
        return measure_restore(site, people, ids)[0]


def _more_bytes(large: Restored, small: Restored) -> int:
    """Return the memory of the additional state. Both include the garbage of the restore itself."""
    return large.full.rss_bytes - small.full.rss_bytes


def describe_restored(found: Restored) -> Json:
    """Return the entry of the report."""
    return {
        "identifiers": found.held.identifiers,
        "keys": found.held.keys,
        "state_mb": round(found.held.bytes / (1 << 20), 1),
        "restore_s": round(found.restore_s, 2),
        "keys_per_s": round(found.keys_per_s),
        "keys_per_cpu_s": round(found.keys_per_cpu_s),
        "empty": asdict(found.empty),
        "full": asdict(found.full),
        "loaded_rss_mb": round(found.loaded_rss_bytes / (1 << 20)),
    }


def measure_latency(touches_per_s: float, seconds: float) -> Json:
    """Measure the latency from sending to visible at a rate, and shares of a core."""
    print_progress(f"latency at {touches_per_s:.0f} touches per second")
    return dict(measure_rate(touches_per_s, seconds))


def measure_catch_up_after_outage(touches_per_s: float) -> Json:
    """Measure how the store catches up after an outage of the engine."""
    print_progress(f"outage of the engine at {touches_per_s:.0f} touches per second")
    return dict(measure_catch_up(touches_per_s))


def measure_takeovers(keys: int) -> Json:
    """Measure the pause of partitions when a worker leaves, joins or dies, without and with a warm standby."""
    print_progress(f"takeover of {keys} keys")
    return {"without": measure_takeover(keys, 0), "with": measure_takeover(keys, 1)}


def measure_steps(stage: str) -> Json:
    """Measure the CPU microseconds per touch of each step of intake or engage."""
    print_progress(f"steps of {stage}")
    steps: Callable[[], dict[str, float]] = getattr(import_module(f"tests.benchmarks.steps_{stage}"), f"{stage}_steps")
    return {name: round(us, 3) for name, us in steps().items()}


def measure_collector(seconds: float) -> Json:
    """Measure the collector: requests and touches per CPU second, and the time from a request to its row."""
    print_progress("collector")
    return measure_throughput(seconds) | measure_request_to_row()


def measure_live_viewers(seconds: float) -> Json:
    """Measure live events: the cost of viewers, and the time from a touch to its event."""
    print_progress("live viewers")
    return measure_live(seconds=seconds)


def measure_inserts() -> Json:
    """Measure the cost of an insert by way of insertion, in a new process, since a process can have only one engine."""
    print_progress("inserts")
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.inserts"], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))
