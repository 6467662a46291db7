"""`make bench`: all figures, with progress on stderr and the essential ones as JSON on the last line of stdout."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.benchmarks import parts
from tests.benchmarks.api import measure_api
from tests.benchmarks.comparison import Json
from tests.benchmarks.environment import Environment, print_progress, run_environment
from tests.benchmarks.figures import read_figure
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.page import write_report
from tests.benchmarks.page_delay import measure_page_delays
from tests.benchmarks.peers.catalogue import CORE, PEERS
from tests.benchmarks.peers_alone import ROUNDS, compare_peers, measure_peers_alone
from tests.benchmarks.peers_alone import TOUCHES as PEER_TOUCHES
from tests.benchmarks.processes import NotMeasurableError, require_proc
from tests.benchmarks.queries import TOUCHES, measure_queries
from tests.benchmarks.scale import measure_scale
from tests.journeys.site import ROOT
from tests.sources.tracker.browsing import CHROMIUM

RECORDS: Final = ROOT / "docs" / "benchmarks"


@dataclass(frozen=True, slots=True)
class Plan:
    """The sizes of a benchmark run."""

    touches: int
    rounds: int
    people: int
    seconds: float
    stored: int  # touches of the store to which questions are put; 0: none are put
    peers: tuple[str, ...]


QUICK_PEERS: Final = (CORE, "bytewax", "quix", "faust")
QUICK: Final = Plan(touches=120_000, rounds=2, people=300_000, seconds=8.0, stored=0, peers=QUICK_PEERS)
FULL: Final = Plan(touches=400_000, rounds=3, people=1_000_000, seconds=20.0, stored=TOUCHES, peers=tuple(PEERS))


class Bench:
    """Measures part by part. A part that fails is reported and null in the report; the others continue."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.report: Json = {"plan": asdict(plan), "machine": asdict(describe_machine())}
        self.failed: dict[str, str] = {}

    def measure_essentials(self, environment: Environment) -> None:
        """Measure the essential figures, which `QUICK=1` prints."""
        plan = self.plan
        self._part("comparison", lambda: compare_peers(environment, plan.touches, plan.rounds, plan.peers))
        self._part("state", lambda: parts.measure_state(environment, plan.people, with_memory=plan is FULL))

    def measure_more(self, environment: Environment) -> None:
        """Measure the parts that take longer."""
        self._part("two_workers", lambda: parts.measure_two(environment, self.plan.touches))
        self._part("hops", lambda: parts.measure_hops(environment, self.plan.touches))
        self._part("inserts", parts.measure_inserts)

    def measure_queries(self) -> None:
        """Measure the questions of commands, API and pages, with an engine of their own."""
        self._part("queries", lambda: measure_queries(self.plan.stored))

    def measure_collector(self) -> None:
        """Measure the collector, with a Kafka and an engine of its own."""
        self._part("collector", lambda: parts.measure_collector(self.plan.seconds / 2))

    def measure_live(self) -> None:
        """Measure live events, with a Kafka and an engine of their own."""
        self._part("live", lambda: parts.measure_live_viewers(self.plan.seconds / 2))

    def measure_api(self) -> None:
        """Measure the query API, with a Kafka and an engine of its own."""
        self._part("api", lambda: measure_api(self.plan.seconds / 2))

    def measure_rates(self, also_low: bool) -> None:
        """Measure rates below the limit, each with its own Kafka and engine."""
        per_s = read_figure(self.report, "comparison", "touchline", "events_per_s")
        if per_s is not None:
            self._part("half_load", lambda: parts.measure_latency(per_s / 2, self.plan.seconds))
        if also_low and per_s is not None and CHROMIUM.exists():
            self._part("pages", lambda: measure_page_delays(per_s / 2))
        if also_low:
            self._part("low_load", lambda: parts.measure_latency(parts.LOW_RATE, self.plan.seconds))
            self._part("catch_up", lambda: parts.measure_catch_up_after_outage(min(2000.0, (per_s or 8000.0) / 4)))
            self._part("takeover", lambda: parts.measure_takeovers(self.plan.people))
            self._part("steps_intake", lambda: parts.measure_steps("intake"))
            self._part("steps_engage", lambda: parts.measure_steps("engage"))

    def _part(self, name: str, measure: Callable[[], Json]) -> None:
        try:
            self.report[name] = measure()
        except Exception as failure:
            self.report[name] = None
            self.failed[name] = f"{type(failure).__name__}: {failure}"
            print_progress(f"{name} failed: {self.failed[name]}")


def summarise(report: Json) -> dict[str, float | None]:
    """Return the last line of the output; null means not measured."""
    against = {f"vs_{peer}": read_figure(report, "comparison", "peers", peer, "ratio") for peer in PEERS}
    return {
        "events_per_cpu_s": read_figure(report, "comparison", "touchline", "events_per_cpu_s"),
        **against,
        "restore_keys_per_s": read_figure(report, "state", "keys_per_s"),
        "p99_ms": read_figure(report, "half_load", "p99_ms"),
        "requests_per_cpu_s": read_figure(report, "collector", "single_per_cpu_s"),
        "batch_touches_per_cpu_s": read_figure(report, "collector", "batch_touches_per_cpu_s"),
        "live_core_share": read_figure(report, "live", "core_share_of_viewers"),
    }


def run(words: Sequence[str]) -> int:
    """Run the benchmarks; return 0 if everything was measured or a peer had no environment, 1 if anything failed."""
    given = _parse(words)
    begun_s = time.monotonic()
    require_proc()
    if given.scale:
        return measure_scale(given.out or RECORDS, given.most)
    if given.part == "peers":
        return measure_peers_alone(given.out or RECORDS, given.touches, given.rounds)
    bench = Bench(QUICK if given.quick else FULL)
    with run_environment() as environment:
        bench.measure_essentials(environment)
        if not given.quick:
            bench.measure_more(environment)
    bench.measure_collector()
    bench.measure_api()
    bench.measure_live()
    if bench.plan.stored:
        bench.measure_queries()
    bench.measure_rates(also_low=not given.quick)
    bench.report["failed"] = bench.failed
    bench.report["took_s"] = round(time.monotonic() - begun_s)
    if out := given.out or (None if given.quick else RECORDS):
        print_progress(f"the report is in {write_report(bench.report, out)}")
    print(json.dumps(summarise(bench.report)), flush=True)
    comparison = bench.report["comparison"]
    return 1 if bench.failed or (isinstance(comparison, dict) and comparison["failed_peers"]) else 0


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "part", nargs="?", choices=("peers",), help="this part alone; its figures replace the former ones"
    )
    parser.add_argument("--touches", type=int, default=PEER_TOUCHES, help="of the day, with peers (%(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="in which all take turns, with peers (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="the essential figures, within five minutes")
    parser.add_argument("--scale", action="store_true", help="partitions, profiles, RocksDB: for docs/sizing.md")
    parser.add_argument("--most", type=int, default=5_000_000, help="profiles at most, with --scale")
    parser.add_argument("--out", type=Path, help="folder of the report (docs/benchmarks, but none with --quick)")
    return parser.parse_args(words)


def _end(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    try:
        sys.exit(run(sys.argv[1:]))
    except NotMeasurableError as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit("stopped; nothing is left running")
