"""The other figures of `make bench`, each a function that returns what goes into the report."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Final

from tests.benchmarks.comparison import SEED, Json, customers_of, describe_flows
from tests.benchmarks.day import generate_day
from tests.benchmarks.flow import measure_flow
from tests.benchmarks.ground import Ground, tell
from tests.benchmarks.low_rate import measure_catch_up, measure_rate
from tests.benchmarks.restore import Restored, measure_restore
from tests.benchmarks.standby import measure_takeover
from touchline.worker.stages import STAGES

FEW: Final = 1_000  # people, where ids are to be counted and not profiles
SOME: Final = 10  # a tenth of the state, as what the whole is compared with
LOW_RATE: Final = 100.0


def measure_two(ground: Ground, touches: int) -> Json:
    """The day through two workers that share the partitions."""
    tell(f"two workers, {touches} touches")
    with ground.site() as site:
        workers = [site.start_ready("one"), site.start_ready("two")]
        site.wait_ready(workers[0])
        day = list(generate_day(touches, SEED, customers_of(touches)))
        return describe_flows([measure_flow(ground, site, day, workers)])


def measure_hops(ground: Ground, touches: int) -> Json:
    """The day through three workers, one for each stage: what each costs by itself."""
    tell(f"a worker for each stage, {touches} touches")
    with ground.site() as site:
        workers = [site.start_ready(stage, (stage,)) for stage in STAGES]
        day = list(generate_day(touches, SEED, customers_of(touches)))
        flow = measure_flow(ground, site, day, workers)
    used = {stage: round(cpu_s / touches * 1e6, 2) for stage, cpu_s in zip(STAGES, flow.cpu_s, strict=True)}
    return {"us_per_touch": used, "events_per_s": round(flow.events_per_s)}


def measure_state(ground: Ground, people: int, with_memory: bool) -> Json:
    """Restoring so many profiles of one touch each; `with_memory`: and what a profile and an id take."""
    many = _restore(ground, people, people)
    told = describe_restored(many)
    if with_memory:
        some, rest = people // SOME, people - people // SOME
        per_id = _more_bytes(_restore(ground, FEW, people), _restore(ground, FEW, some)) / rest
        both = _more_bytes(many, _restore(ground, some, some)) / rest
        told |= {"bytes_per_id": round(per_id, 1), "bytes_per_profile": round(both - per_id, 1)}
    return told


def _restore(ground: Ground, people: int, ids: int) -> Restored:
    tell(f"restoring {people} profiles and {ids} ids")
    with ground.site() as site:
        return measure_restore(site, people, ids)[0]


def _more_bytes(large: Restored, small: Restored) -> int:
    """Memory of what one has more. Both have what restoring itself leaves behind."""
    return large.full.rss_bytes - small.full.rss_bytes


def describe_restored(found: Restored) -> Json:
    """What the report says of it."""
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
    """From sending to visible at a rate, and shares of a core."""
    tell(f"latency at {touches_per_s:.0f} touches a second")
    return dict(measure_rate(touches_per_s, seconds))


def measure_return(touches_per_s: float) -> Json:
    """A store that was away."""
    tell(f"a store that is away at {touches_per_s:.0f} touches a second")
    return dict(measure_catch_up(touches_per_s))


def measure_takeovers(keys: int) -> Json:
    """How long partitions stand still when a worker leaves, joins or dies, without warm standbys and with one."""
    tell(f"take-over of {keys} keys")
    return {"without": measure_takeover(keys, 0), "with": measure_takeover(keys, 1)}


def measure_steps(stage: str) -> Json:
    """CPU microseconds per touch of each step of intake or of engage."""
    tell(f"steps of {stage}")
    steps: Callable[[], dict[str, float]] = getattr(import_module(f"tests.benchmarks.steps_{stage}"), f"{stage}_steps")
    return {name: round(us, 3) for name, us in steps().items()}


def measure_inserts() -> Json:
    """What an insert costs the engine, way by way. In a process of its own: an engine belongs to its process."""
    tell("inserts")
    done = subprocess.run([sys.executable, "-m", "tests.benchmarks.inserts"], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))
