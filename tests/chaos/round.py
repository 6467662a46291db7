"""One round: faults while a load flows, then everything compared with what must be there.

After that all workers are started anew with nothing in memory, some more touches come, and it is compared once more,
the changelogs, too.
"""

import threading
import time
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.chaos.crew import TOPOLOGIES
from tests.chaos.faults import ALL, FAULTS
from tests.chaos.ground import Ground
from tests.chaos.plan import Step, draw_standbys, draw_state, draw_steps, draw_topology
from tests.chaos.report import Report, say
from tests.chaos.scene import Scene
from tests.chaos.trial import Setting, Trial, make_load

FAULT_S: Final = 20.0  # of load for each fault: more than most of them take
TAIL: Final = 500  # records that come after the last restart


@dataclass(frozen=True, slots=True)
class Order:
    """What a round is to be. `end_s`: no fault begins later (monotonic seconds); `rate` in records a second."""

    seed: int
    faults: int
    rate: float
    topology: str = ""
    kinds: tuple[str, ...] = tuple(FAULTS)
    end_s: float = float("inf")


def play_round(ground: Ground, order: Order, report: Report) -> None:
    """All of it; what was found stands in the report."""
    topology = order.topology or draw_topology(order.seed, tuple(TOPOLOGIES))
    told = {"standbys": draw_standbys(order.seed), "state": draw_state(order.seed)}
    setting = Setting(order.seed, f"round-{order.seed}", topology, order.rate, told=tuple(told.items()), kept=TAIL)
    say(f"round with seed {order.seed}: {topology}, {told}, {order.faults} faults at {order.rate:g} records/s")
    load = make_load(order.seed, int(order.rate * FAULT_S * order.faults) + TAIL)
    with Trial(ground, setting, load, report) as trial:
        trial.begin()
        do_faults(trial, order)
        trial.feeder.end_pacing()
        trial.judge("after the faults", last=False)
        trial.restart_all()
        trial.feeder.send_now(TAIL)
        trial.judge("after all workers were started anew", last=True)
        trial.finish()
    if report.ok:
        trial.forget()


def do_faults(trial: Trial, order: Order) -> None:
    """One after another, some two at a time."""
    scene = Scene(trial.ground, trial.crew, trial.feeder)
    running: list[threading.Thread] = []
    for number, step in enumerate(draw_steps(order.seed, order.kinds, order.faults), 1):
        time.sleep(step.pause_s)
        if time.monotonic() > order.end_s:
            say(f"  time is up after {number - 1} faults")
            break
        thread = threading.Thread(target=do_step, args=(scene, step, number, trial.report), daemon=True)
        thread.start()
        running.append(thread)
        if not step.together:
            join(running)
    join(running)


def do_step(scene: Scene, step: Step, number: int, report: Report) -> None:
    """One fault. Whatever goes wrong with it is the report's."""
    begun_s, sent = time.monotonic(), scene.feeder.sent
    try:
        came = ALL[step.kind](scene, Random(step.seed))
    except Exception as error:
        report.troubles.append(f"fault {number} {step.kind}: {error!r}")
        say(f"  {number:3} {step.kind}: {error!r}")
        return
    (report.kinds if came else report.missed)[step.kind] += 1
    what = "" if came else ": its moment did not come"
    say(f"  {number:3} {step.kind}{what} ({time.monotonic() - begun_s:.1f} s, after {sent} records)")


def join(threads: list[threading.Thread]) -> None:
    """Wait for all, and forget them."""
    for thread in threads:
        thread.join()
    threads.clear()
