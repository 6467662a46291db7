"""`make chaos`: rounds of faults under load, or a bad load, each compared whole with what must be there.

The last line on stdout is JSON, also written to a file with `--out`; exit code 0 only if nothing was lost, double or
wrong. After a failure the last lines on stderr say what failed; the folder of the round is kept, and its command named.
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

from tests.chaos.crew import TOPOLOGIES
from tests.chaos.faults import ALL, FAULTS
from tests.chaos.ground import Ground
from tests.chaos.report import Report, say
from tests.chaos.rolling import NAME as ROLLING
from tests.chaos.rolling import play_rolling
from tests.chaos.round import Order, play_round
from tests.chaos.scenarios import NAMES, play_scenario

REST_S: Final = 30.0  # of the minutes that are given: for the end of a round
TOLD_AGAIN: Final = ("faults", "rate", "topology", "kinds")


def main() -> int:
    """Everything that was asked for; the exit code."""
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # everything is stopped then, too
    folder = Path(tempfile.mkdtemp(prefix="touchline-chaos-"))
    report = Report(options.seed)
    try:
        play(folder, options, report)
    except KeyboardInterrupt:
        report.troubles.append("stopped by Ctrl-C")
    except Exception as error:
        report.troubles.append(f"{type(error).__name__}: {error}")
        say(f"{type(error).__name__}: {error}")
    if report.ok and not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        say(f"data and logs are kept in {folder}")
    return finish(report, options.out)


def finish(report: Report, out: Path | None) -> int:
    """Print and write the report, the failures last; the exit code."""
    print(report.line(), flush=True)
    if out is not None:
        try:
            out.write_text(f"{report.line()}\n", "utf-8")
        except OSError as error:
            report.troubles.append(f"the report could not be written to {out}: {error.strerror}")
    for failure in report.failures():
        print(f"FAILED: {failure}", file=sys.stderr, flush=True)
    return 0 if report.ok else 1


def play(folder: Path, options: argparse.Namespace, report: Report) -> None:
    """Rounds, or scenarios, which each have a ground of their own: what they hold in memory is measured."""
    wanted = (*NAMES, ROLLING) if options.scenario == "all" else (options.scenario,) if options.scenario else ()
    for name in wanted:
        (folder / name).mkdir()
        with Ground(folder / name) as ground:
            if name == ROLLING:
                play_rolling(ground, options.seed, report)
            else:
                play_scenario(ground, name, options.seed, report)
    if not wanted:
        with Ground(folder) as ground:
            play_rounds(ground, options, report)


def play_rounds(ground: Ground, options: argparse.Namespace, report: Report) -> None:
    """One after another, each with a seed of its own; ends with the first that goes wrong."""
    end_s = time.monotonic() + 60 * options.minutes - REST_S if options.minutes else float("inf")
    kinds = tuple(options.kinds.split(",")) if options.kinds else tuple(FAULTS)
    for seed in range(options.seed, options.seed + options.rounds):
        try:
            play_round(ground, Order(seed, options.faults, options.rate, options.topology, kinds, end_s), report)
        except AssertionError as error:
            report.troubles.append(f"seed {seed}: {error}")
        if not report.ok:
            say(f"seed {seed} went wrong; again: {describe_again(options, seed)}")
            return
        if time.monotonic() > end_s:
            return


def describe_again(options: argparse.Namespace, seed: int) -> str:
    """The command that plays a round once more."""
    words = [f"{name.upper()}={getattr(options, name)}" for name in TOLD_AGAIN if getattr(options, name)]
    return f"make chaos ROUNDS=1 SEED={seed} {' '.join(words)}"


def read_options() -> argparse.Namespace:
    """From the command line."""
    parser = argparse.ArgumentParser(prog="make chaos", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; the next ones count on")
    parser.add_argument("--minutes", type=float, default=0, help="for all of it, about; 0: as long as it takes")
    parser.add_argument("--faults", type=int, default=12, help="in a round")
    parser.add_argument("--rate", type=float, default=150, help="records a second")
    parser.add_argument("--topology", choices=["", *TOPOLOGIES], default="", help="empty: drawn from the seed")
    parser.add_argument("--kinds", default="", help=f"faults to draw from, with commas: {', '.join(ALL)}")
    parser.add_argument("--scenario", choices=["", *NAMES, ROLLING, "all"], default="", help="instead of rounds")
    parser.add_argument("--out", type=Path, help="a file for the report in JSON")
    parser.add_argument("--keep", action="store_true", help="keep data and logs of a run that went well, too")
    options = parser.parse_args()
    if unknown := {kind for kind in options.kinds.split(",") if kind} - ALL.keys():
        parser.error(f"no such fault: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    return options


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # threads of clients that wait for a Kafka that is gone must not hold it up
