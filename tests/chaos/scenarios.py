"""Bad loads without faults: nothing may be lost, memory stays bounded, and other customers' touches are not starved."""

import time
from collections.abc import Mapping
from typing import Final, NamedTuple

from tests.chaos.environment import Environment
from tests.chaos.load import SCENARIOS
from tests.chaos.load_run import LoadRun, RunConfig, make_bad_load
from tests.chaos.report import Report, print_progress
from tests.chaos.visibility import Bystanders, quantiles

NAMES: Final = tuple(name for name in SCENARIOS if name != "steady")
PATIENCE_S: Final = 120.0
LOOK_S: Final = 0.2
# Memory limits in MB. Kafka's heap is 512; the engine of a real site has as much as it needs.
BOUNDS_MB: Final = {"worker": 500.0, "engine": 2000.0, "kafka": 1100.0}
# The longest time to process the backlog after the last record: two cores have to keep pace with every load.
CAUGHT_UP_S: Final = 30.0


class Limit(NamedTuple):
    """`rate` in records per second, and the limit of the 99th percentile of the time until a query finds a touch of
    another customer; None means that the load has no other customers. Two cores carry each rate without a lasting
    backlog. If the other touches waited behind the whole bad load, that would take 20 s and more, so a limit of some
    seconds detects it.
    """

    rate: float
    others_s: float | None


LIMITS: Final = {
    "burst": Limit(70.0, 10.0),  # 20 times the rate for a minute, close to the limit of two cores
    "whale": Limit(1500.0, 10.0),  # one profile, rewritten in every batch
    "hot_partition": Limit(800.0, 10.0),  # half of it in one partition
    "large_messages": Limit(50.0, 10.0),  # about 4 MB a second, nearly all of it refused
    "all_invalid": Limit(800.0, None),
    "many_links": Limit(500.0, 10.0),  # profiles are merged all the time
}


def run_scenario(environment: Environment, name: str, seed: int, report: Report) -> None:
    """Run one bad load on two workers and add the measurements to the report."""
    load = make_bad_load(name, seed)
    rate = LIMITS[name].rate
    print_progress(f"{name}: {len(load)} records, {rate:g} per second")
    with LoadRun(environment, RunConfig(seed, name, "whole", rate, direct=True), load, report) as load_run:
        load_run.start()
        watch = Bystanders(load_run.site.client(), load_run.feeder, load.items)
        watch.start()
        begun_s, before_cpu_s = time.monotonic(), load_run.workers.cpu_s()
        while not load_run.feeder.done:
            time.sleep(LOOK_S)
        took_s = time.monotonic() - begun_s
        load_run.wait_drained()
        catch_up_s = round(time.monotonic() - begun_s - took_s, 1)
        watch.end(PATIENCE_S)
        held_mb = dict(load_run.workers.peaks_mb)  # before the comparison, whose reads need memory too
        cpu_us = round((load_run.workers.cpu_s() - before_cpu_s) / len(load) * 1e6)
        load_run.check("at the end", last=True)
        load_run.finish()
        delays = quantiles(watch.delays_s)
        peaks = {role: round(peak_mb) for role, peak_mb in sorted(held_mb.items())}
    sent_a_s = round(len(load) / took_s)
    report.figures[name] = {
        "records": len(load), "sent_a_s": sent_a_s, "worker_us_each": cpu_us, "others": delays,
        "caught_up_s": catch_up_s, "peak_mb": peaks,
    }  # fmt: skip
    print_progress(
        f"  sent {sent_a_s}/s, {cpu_us} us of workers each, other touches wait {delays}, peak memory {peaks} MB"
    )
    report.troubles += [f"{name}: {one}" for one in exceeded(LIMITS[name], delays, catch_up_s, held_mb)]
    if report.ok:
        load_run.drop_database()


def exceeded(limit: Limit, delays: Mapping[str, float], catch_up_s: float, peaks_mb: Mapping[str, float]) -> list[str]:
    """Return the limits that were exceeded, in words."""
    found = []
    if limit.others_s is not None and not delays:
        found.append("no touch of other customers was seen")
    if limit.others_s is not None and delays.get("p99_s", 0.0) > limit.others_s:
        found.append(
            f"one in a hundred touches of other customers waits {delays['p99_s']:g} s, more than {limit.others_s:g}"
        )
    if catch_up_s > CAUGHT_UP_S:
        found.append(
            f"the backlog was processed {catch_up_s:g} s after the last record was sent, more than {CAUGHT_UP_S:g}"
        )
    for role, bound_mb in BOUNDS_MB.items():
        if not 0 < peaks_mb.get(role, 0.0) <= bound_mb:
            found.append(f"{role} held {peaks_mb.get(role, 0.0):.0f} MB, more than {bound_mb:g}, or was not measured")
    return found
