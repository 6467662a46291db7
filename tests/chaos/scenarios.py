"""Bad loads without faults: nothing may be lost, memory stays bounded, and who stands by is not starved."""

import time
from typing import Final

from tests.chaos.ground import Ground
from tests.chaos.load import SCENARIOS
from tests.chaos.report import Report, say
from tests.chaos.trial import Setting, Trial, make_bad_load
from tests.chaos.visibility import Bystanders, quantiles

NAMES: Final = tuple(name for name in SCENARIOS if name != "steady")
PATIENCE_S: Final = 120.0
LOOK_S: Final = 0.2
# What a process may hold at most, in MB. Kafka has a heap of 512; the engine of a real site is given what it needs.
BOUNDS_MB: Final = {"worker": 500.0, "engine": 2000.0, "kafka": 1100.0}
# By scenario: records a second, and what 99 of 100 touches of others may take at most until a query finds them.
LIMITS: Final[dict[str, tuple[float, float]]] = {
    "burst": (70.0, 10.0),  # 20 times as many for a minute
    "whale": (1500.0, 10.0),
    "hot_partition": (800.0, 10.0),
    "large_messages": (50.0, 10.0),
    "all_invalid": (800.0, 10.0),
    "many_links": (500.0, 10.0),
}


def play_scenario(ground: Ground, name: str, seed: int, report: Report) -> None:
    """One bad load on two workers; what was measured goes into the report."""
    load = make_bad_load(name, seed)
    rate, limit_s = LIMITS[name]
    say(f"{name}: {len(load)} records, {rate:g} a second")
    with Trial(ground, Setting(seed, name, "whole", rate, direct=True), load, report) as trial:
        trial.begin()
        watch = Bystanders(trial.site.client(), trial.feeder, load.items)
        watch.begin()
        begun_s, before_cpu_s = time.monotonic(), trial.crew.cpu_s()
        while not trial.feeder.done:
            time.sleep(LOOK_S)
        took_s = time.monotonic() - begun_s
        watch.end(PATIENCE_S)
        trial.wait_drained()
        cpu_us = round((trial.crew.cpu_s() - before_cpu_s) / len(load) * 1e6)
        trial.judge("in the end", last=True)
        trial.finish()
        delays = quantiles(watch.delays_s)
        peaks = {role: round(peak_mb) for role, peak_mb in sorted(trial.crew.peaks_mb.items())}
    sent_a_s = round(len(load) / took_s)
    report.figures[name] = {
        "records": len(load), "sent_a_s": sent_a_s, "worker_us_each": cpu_us, "others": delays, "peak_mb": peaks,
    }  # fmt: skip
    say(f"  sent {sent_a_s}/s, {cpu_us} us of workers each, others wait {delays}, at most {peaks} MB")
    check_bounds(name, delays.get("p99_s", 0.0), limit_s, trial.crew.peaks_mb, report)
    if report.ok:
        trial.forget()


def check_bounds(name: str, p99_s: float, limit_s: float, peaks_mb: dict[str, float], report: Report) -> None:
    """Whatever is beyond what was promised is a trouble."""
    if p99_s > limit_s:
        report.troubles.append(f"{name}: one in a hundred touches of others waits {p99_s:g} s, more than {limit_s:g}")
    for role, bound_mb in BOUNDS_MB.items():
        if peaks_mb.get(role, 0.0) > bound_mb:
            report.troubles.append(f"{name}: {role} held {peaks_mb[role]:.0f} MB, more than {bound_mb:g}")
