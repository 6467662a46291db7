"""All workers started anew one by one under load: the longest pause that somebody who looks on sees.

A dashboard sees news as long as any worker goes on. What waits is what comes for the partitions of the one that is
away: so the longest wait of any touch is told, too.
"""

import time
from typing import Final

from tests.chaos.ground import Ground
from tests.chaos.report import Report, say
from tests.chaos.trial import Setting, Trial, make_load
from tests.chaos.visibility import Bystanders, Dashboard, find_longest_pause_s, quantiles

NAME: Final = "rolling_restart"
RATE: Final = 200.0  # records a second: something new at every look
BEFORE_S: Final = 10.0
BETWEEN_S: Final = 4.0
AFTER_S: Final = 10.0
LOAD_S: Final = 180.0
PATIENCE_S: Final = 60.0
WAYS: Final = {  # how a worker goes, and whether it comes back under its own name
    "stopped": ("stop", True), "stopped, without a name": ("stop", False),
    "killed": ("kill", True), "killed, without a name": ("kill", False),
}  # fmt: skip


def play_rolling(ground: Ground, seed: int, report: Report) -> None:
    """Each way with and without warm standbys; pauses in seconds go into the report."""
    pauses: dict[str, dict[str, float]] = {}
    for standbys in (0, 1):
        for way in WAYS:
            found = _roll(ground, seed, way, standbys, report)
            pauses[f"{way}, {standbys} standbys"] = found
            say(f"  {way}, {standbys} standbys: {found}")
            if not report.ok:
                break
    report.figures[NAME] = pauses


def _roll(ground: Ground, seed: int, way: str, standbys: int, report: Report) -> dict[str, float]:
    how, static = WAYS[way]
    name = f"{NAME}-{how}-{'named' if static else 'unnamed'}-{standbys}"
    load = make_load(seed, int(RATE * LOAD_S))
    setting = Setting(seed, name, "whole", RATE, direct=True, told=(("standbys", standbys),))
    with Trial(ground, setting, load, report) as trial:
        for slot in trial.crew.slots:
            slot.static = static
        trial.begin()
        dashboard = Dashboard(trial.site.client())
        touches = Bystanders(trial.site.client(), trial.feeder, load.items)
        dashboard.begin()
        touches.begin()
        time.sleep(BEFORE_S)
        begun_s = time.monotonic()
        for slot in trial.crew.lasting:
            with slot.lock:
                (trial.crew.end_in_order if how == "stop" else trial.crew.kill)(slot)
                trial.crew.again(slot)
                trial.crew.wait_ready(slot)
            time.sleep(BETWEEN_S)
        time.sleep(AFTER_S)
        ended_s = time.monotonic()
        dashboard.end()
        trial.feeder.end_pacing()
        touches.end(PATIENCE_S)
        trial.judge("after the restarts", last=True)
        trial.finish()
    if report.ok:
        trial.forget()
    calm_s = find_longest_pause_s(dashboard.changed_s, begun_s - BEFORE_S / 2, begun_s)
    pause_s = find_longest_pause_s(dashboard.changed_s, begun_s, ended_s)
    waits = quantiles(touches.delays_s)
    return {
        "calm_s": round(calm_s, 2), "pause_s": round(pause_s, 2),
        "wait_p50_s": waits["p50_s"], "wait_max_s": waits["max_s"],
    }  # fmt: skip
