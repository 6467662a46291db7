"""Bad loads without faults: nothing may be lost, memory stays bounded, and who stands by is not starved."""

import time
from collections.abc import Mapping
from typing import Final, NamedTuple

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
# When the last record has been sent, all that waits may take so long: two cores have to keep pace with each of these.
CAUGHT_UP_S: Final = 30.0


class Limit(NamedTuple):
    """`rate` in records a second; what 99 of 100 touches of others may take until a query finds them (None: there are
    no others). A rate below what two cores carry queues nothing for long: a limit of some seconds fails as soon as
    others stand behind all of what is bad, which at these rates comes to 20 s and more.
    """

    rate: float
    others_s: float | None


LIMITS: Final = {
    "burst": Limit(70.0, 10.0),  # 20 times as many for a minute, most of what two cores can carry
    "whale": Limit(1500.0, 10.0),  # one profile, written again with each batch
    "hot_partition": Limit(800.0, 10.0),  # half of it in one lane
    "large_messages": Limit(50.0, 10.0),  # about 4 MB a second, nearly all of it refused
    "all_invalid": Limit(800.0, None),
    "many_links": Limit(500.0, 10.0),  # sums that travel
}


def play_scenario(ground: Ground, name: str, seed: int, report: Report) -> None:
    """One bad load on two workers; what was measured goes into the report."""
    load = make_bad_load(name, seed)
    rate = LIMITS[name].rate
    say(f"{name}: {len(load)} records, {rate:g} a second")
    with Trial(ground, Setting(seed, name, "whole", rate, direct=True), load, report) as trial:
        trial.begin()
        watch = Bystanders(trial.site.client(), trial.feeder, load.items)
        watch.begin()
        begun_s, before_cpu_s = time.monotonic(), trial.crew.cpu_s()
        while not trial.feeder.done:
            time.sleep(LOOK_S)
        took_s = time.monotonic() - begun_s
        trial.wait_drained()
        behind_s = round(time.monotonic() - begun_s - took_s, 1)
        watch.end(PATIENCE_S)
        held_mb = dict(trial.crew.peaks_mb)  # before all is read for comparing, which is not the load's doing
        cpu_us = round((trial.crew.cpu_s() - before_cpu_s) / len(load) * 1e6)
        trial.judge("in the end", last=True)
        trial.finish()
        delays = quantiles(watch.delays_s)
        peaks = {role: round(peak_mb) for role, peak_mb in sorted(held_mb.items())}
    sent_a_s = round(len(load) / took_s)
    report.figures[name] = {
        "records": len(load), "sent_a_s": sent_a_s, "worker_us_each": cpu_us, "others": delays,
        "caught_up_s": behind_s, "peak_mb": peaks,
    }  # fmt: skip
    say(f"  sent {sent_a_s}/s, {cpu_us} us of workers each, others wait {delays}, at most {peaks} MB")
    report.troubles += [f"{name}: {one}" for one in beyond(LIMITS[name], delays, behind_s, held_mb)]
    if report.ok:
        trial.forget()


def beyond(limit: Limit, delays: Mapping[str, float], behind_s: float, peaks_mb: Mapping[str, float]) -> list[str]:
    """What is beyond what was promised."""
    found = []
    if limit.others_s is not None and not delays:
        found.append("no touch of others was seen")
    if limit.others_s is not None and delays.get("p99_s", 0.0) > limit.others_s:
        found.append(f"one in a hundred touches of others waits {delays['p99_s']:g} s, more than {limit.others_s:g}")
    if behind_s > CAUGHT_UP_S:
        found.append(f"all had arrived {behind_s:g} s after the last was sent, more than {CAUGHT_UP_S:g}")
    for role, bound_mb in BOUNDS_MB.items():
        if not 0 < peaks_mb.get(role, 0.0) <= bound_mb:
            found.append(f"{role} held {peaks_mb.get(role, 0.0):.0f} MB, more than {bound_mb:g}, or was not measured")
    return found
