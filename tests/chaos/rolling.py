"""Rolling restart under load: the longest pause that a dashboard sees, and the longest wait of a touch.

A dashboard sees new rows as long as any worker runs. Only touches on the partitions of the absent worker wait, which
is why the longest wait of a touch is reported separately.
"""

import time
from typing import Final

from tests.chaos.environment import Environment
from tests.chaos.load_run import LoadRun, RunConfig, make_load
from tests.chaos.report import Report, print_progress
from tests.chaos.visibility import Bystanders, Dashboard, find_longest_pause_s, quantiles

NAME: Final = "rolling_restart"
RATE: Final = 200.0  # records per second: something new at every query
BEFORE_S: Final = 10.0
BETWEEN_S: Final = 4.0
AFTER_S: Final = 10.0
LOAD_S: Final = 180.0
PATIENCE_S: Final = 60.0
WAYS: Final = {  # how a worker ends, and whether it returns as a static member
    "stopped": ("stop", True), "stopped, without a name": ("stop", False),
    "killed": ("kill", True), "killed, without a name": ("kill", False),
}  # fmt: skip


def run_rolling_restart(environment: Environment, seed: int, report: Report) -> None:
    """Measure each way with and without warm standbys; add the pauses in seconds to the report."""
    pauses: dict[str, dict[str, float]] = {}
    for standbys in (0, 1):
        for way in WAYS:
            found = _roll(environment, seed, way, standbys, report)
            pauses[f"{way}, {standbys} standbys"] = found
            print_progress(f"  {way}, {standbys} standbys: {found}")
            if not report.ok:
                break
    report.figures[NAME] = pauses


def _roll(environment: Environment, seed: int, way: str, standbys: int, report: Report) -> dict[str, float]:
    how, static = WAYS[way]
    name = f"{NAME}-{how}-{'named' if static else 'unnamed'}-{standbys}"
    load = make_load(seed, int(RATE * LOAD_S))
    setting = RunConfig(seed, name, "whole", RATE, direct=True, worker_settings=(("standbys", standbys),))
    with LoadRun(environment, setting, load, report) as load_run:
        for slot in load_run.workers.slots:
            slot.static = static
        load_run.start()
        dashboard = Dashboard(load_run.site.client())
        touches = Bystanders(load_run.site.client(), load_run.feeder, load.items)
        dashboard.start()
        touches.start()
        time.sleep(BEFORE_S)
        begun_s = time.monotonic()
        for slot in load_run.workers.permanent:
            with slot.lock:
                (load_run.workers.terminate if how == "stop" else load_run.workers.kill)(slot)
                load_run.workers.restart(slot)
                load_run.workers.wait_ready(slot)
            time.sleep(BETWEEN_S)
        time.sleep(AFTER_S)
        ended_s = time.monotonic()
        dashboard.end()
        load_run.feeder.end_pacing()
        touches.end(PATIENCE_S)
        load_run.check("after the restarts", last=True)
        load_run.finish()
    if report.ok:
        load_run.drop_database()
    calm_s = find_longest_pause_s(dashboard.changed_s, begun_s - BEFORE_S / 2, begun_s)
    pause_s = find_longest_pause_s(dashboard.changed_s, begun_s, ended_s)
    waits = quantiles(touches.delays_s)
    return {
        "calm_s": round(calm_s, 2), "pause_s": round(pause_s, 2),
        "wait_p50_s": waits["p50_s"], "wait_max_s": waits["max_s"],
    }  # fmt: skip
