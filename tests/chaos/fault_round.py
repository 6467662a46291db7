"""One round: inject faults while a load flows, then compare every result with the expected state.

Then all workers restart without state, some more touches are sent, and the comparison is repeated, this time with the
changelogs.
"""

import threading
import time
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.chaos.environment import Environment
from tests.chaos.fault_context import FaultContext
from tests.chaos.faults import ALL, FAULTS
from tests.chaos.load_run import LoadRun, RunConfig, make_load
from tests.chaos.plan import Step, draw_standbys, draw_state, draw_steps, draw_topology
from tests.chaos.report import Report, print_progress
from tests.chaos.workers import TOPOLOGIES

FAULT_S: Final = 20.0  # of load per fault: longer than most faults take
TAIL: Final = 500  # records sent after the last restart


@dataclass(frozen=True, slots=True)
class RoundConfig:
    """The configuration of a round. No fault begins after `end_s` (monotonic); `rate` is in records per second."""

    seed: int
    faults: int
    rate: float
    topology: str = ""
    kinds: tuple[str, ...] = tuple(FAULTS)
    end_s: float = float("inf")


def run_round(environment: Environment, config: RoundConfig, report: Report) -> None:
    """Run one round and add its results to the report."""
    topology = config.topology or draw_topology(config.seed, tuple(TOPOLOGIES))
    worker_settings = {"standbys": draw_standbys(config.seed), "state": draw_state(config.seed)}
    setting = RunConfig(
        config.seed,
        f"round-{config.seed}",
        topology,
        config.rate,
        worker_settings=tuple(worker_settings.items()),
        kept=TAIL,
    )
    print_progress(
        f"round with seed {config.seed}: {topology}, {worker_settings}, "
        f"{config.faults} faults at {config.rate:g} records/s"
    )
    load = make_load(config.seed, int(config.rate * FAULT_S * config.faults) + TAIL)
    with LoadRun(environment, setting, load, report) as load_run:
        load_run.start()
        inject_faults(load_run, config)
        load_run.feeder.end_pacing()
        load_run.check("after the faults", last=False)
        load_run.restart_all()
        load_run.feeder.send_now(TAIL)
        load_run.check("after all workers restarted", last=True)
        load_run.finish()
    if report.ok:
        load_run.drop_database()


def inject_faults(load_run: LoadRun, config: RoundConfig) -> None:
    """Inject the drawn faults in turn; some overlap with the next."""
    context = FaultContext(load_run.environment, load_run.workers, load_run.feeder)
    running: list[threading.Thread] = []
    for number, step in enumerate(draw_steps(config.seed, config.kinds, config.faults), 1):
        time.sleep(step.pause_s)
        if time.monotonic() > config.end_s:
            print_progress(f"  time is up after {number - 1} faults")
            break
        thread = threading.Thread(target=inject_fault, args=(context, step, number, load_run.report), daemon=True)
        thread.start()
        running.append(thread)
        if not step.together:
            join(running)
    join(running)


def inject_fault(context: FaultContext, step: Step, number: int, report: Report) -> None:
    """Inject one fault. An exception is recorded in the report."""
    begun_s, sent = time.monotonic(), context.feeder.sent
    try:
        occurred = ALL[step.kind](context, Random(step.seed))
    except Exception as error:
        report.troubles.append(f"fault {number} {step.kind}: {error!r}")
        print_progress(f"  {number:3} {step.kind}: {error!r}")
        return
    (report.kinds if occurred else report.missed)[step.kind] += 1
    outcome = "" if occurred else ": its moment did not occur"
    print_progress(f"  {number:3} {step.kind}{outcome} ({time.monotonic() - begun_s:.1f} s, after {sent} records)")


def join(threads: list[threading.Thread]) -> None:
    """Wait for all threads and clear the list."""
    for thread in threads:
        thread.join()
    threads.clear()
