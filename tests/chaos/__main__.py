"""`make chaos`: run rounds of faults under load, or bad loads, and compare every result with the expected state.

The last line on stdout is JSON, which `--out` also writes to a file. The exit code is 0 only if nothing was lost,
duplicated or wrong. After a failure the last lines on stderr name what failed, the data folder is kept, and the
command that repeats the round is printed.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.chaos.collector import NAME as COLLECTOR
from tests.chaos.collector import run_collector
from tests.chaos.environment import Environment
from tests.chaos.fault_round import RoundConfig, run_round
from tests.chaos.faults import ALL, FAULTS
from tests.chaos.report import Report, print_progress
from tests.chaos.rolling import NAME as ROLLING
from tests.chaos.rolling import run_rolling_restart
from tests.chaos.scenarios import NAMES, run_scenario
from tests.chaos.workers import TOPOLOGIES

FINISH_S: Final = 30.0  # of `--minutes`, reserved for the end of the last round
REPEATED_OPTIONS: Final = ("faults", "rate", "topology", "kinds")


def main() -> int:
    """Run what the options request and return the exit code."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that SIGTERM also stops every process
    folder = Path(tempfile.mkdtemp(prefix="touchline-chaos-"))
    report = Report(options.seed)
    try:
        run_selected(folder, options, report)
    except KeyboardInterrupt:
        report.troubles.append("stopped by Ctrl-C")
    except Exception as error:
        report.troubles.append(f"{type(error).__name__}: {error}")
        print_progress(f"{type(error).__name__}: {error}")
    if report.ok and not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print_progress(f"data and logs are kept in {folder}")
    return finish(report, options.out)


def finish(report: Report, out: Path | None) -> int:
    """Print and write the report, then the failures; return the exit code."""
    print(report.line(), flush=True)
    if out is not None:
        try:
            out.write_text(f"{report.line()}\n", "utf-8")
        except OSError as error:
            report.troubles.append(f"the report could not be written to {out}: {error.strerror}")
    for failure in report.failures():
        print(f"FAILED: {failure}", file=sys.stderr, flush=True)
    return 0 if report.ok else 1


def run_selected(folder: Path, options: argparse.Namespace, report: Report) -> None:
    """Run rounds or scenarios. Each scenario has its own environment, since the memory of its processes is measured."""
    wanted = (
        (*NAMES, ROLLING, COLLECTOR) if options.scenario == "all" else (options.scenario,) if options.scenario else ()
    )
    for name in wanted:
        (folder / name).mkdir()
        with Environment(folder / name) as environment:
            if name == ROLLING:
                run_rolling_restart(environment, options.seed, report)
            elif name == COLLECTOR:
                run_collector(environment, options.seed, report)
            else:
                run_scenario(environment, name, options.seed, report)
    if not wanted:
        with Environment(folder) as environment:
            run_rounds(environment, options, report)


def run_rounds(environment: Environment, options: argparse.Namespace, report: Report) -> None:
    """Run the rounds in turn, each with its own seed, until one fails or the time is up."""
    end_s = time.monotonic() + 60 * options.minutes - FINISH_S if options.minutes else float("inf")
    kinds = tuple(options.kinds.split(",")) if options.kinds else tuple(FAULTS)
    for seed in range(options.seed, options.seed + options.rounds):
        try:
            run_round(
                environment, RoundConfig(seed, options.faults, options.rate, options.topology, kinds, end_s), report
            )
        except AssertionError as error:
            report.troubles.append(f"seed {seed}: {error}")
        if not report.ok:
            print_progress(f"seed {seed} failed; repeat it with: {describe_rerun(options, seed)}")
            return
        if time.monotonic() > end_s:
            return


def describe_rerun(options: argparse.Namespace, seed: int) -> str:
    """Return the command that repeats a round."""
    words = [f"{name.upper()}={getattr(options, name)}" for name in REPEATED_OPTIONS if getattr(options, name)]
    return f"make chaos ROUNDS=1 SEED={seed} {' '.join(words)}"


def read_options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="make chaos", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="number of rounds")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first round; each further round adds one")
    parser.add_argument(
        "--minutes", type=float, default=0, help="approximate limit for the whole run; 0 means no limit"
    )
    parser.add_argument("--faults", type=int, default=12, help="faults in a round")
    parser.add_argument("--rate", type=float, default=150, help="records per second")
    parser.add_argument("--topology", choices=["", *TOPOLOGIES], default="", help="empty means drawn from the seed")
    parser.add_argument("--kinds", default="", help=f"comma-separated faults to draw from: {', '.join(ALL)}")
    parser.add_argument(
        "--scenario",
        choices=["", *NAMES, ROLLING, COLLECTOR, "all"],
        default="",
        help="run this bad load instead of rounds",
    )
    parser.add_argument("--out", type=Path, help="write the JSON report to this file")
    parser.add_argument("--keep", action="store_true", help="also keep data and logs of a successful run")
    options = parser.parse_args()
    if unknown := {kind for kind in options.kinds.split(",") if kind} - ALL.keys():
        parser.error(f"no such fault: {', '.join(sorted(unknown))}; choose from {', '.join(ALL)}")
    return options


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # client threads that wait for a stopped Kafka must not delay the exit
