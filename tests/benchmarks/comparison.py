"""Touchline and the peers on the same day of touches, in turns, so that other load of the machine affects all alike."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.day import Message, generate_day
from tests.benchmarks.environment import Environment, print_progress
from tests.benchmarks.flow import Flow, measure_flow
from tests.benchmarks.peer_runs import PeerError, PeerRun, PeerStoppedError, measure_peer, read_customers
from tests.benchmarks.peers.catalogue import CORE, PEERS
from tests.benchmarks.peers.expected import Expected, expect_customers, expect_profiles

SEED: Final = 1
TOUCHES_PER_CUSTOMER: Final = 3

Json = dict[str, object]


def customers_of(touches: int) -> int:
    """Return the number of customers of a day with this number of touches."""
    return max(1, touches // TOUCHES_PER_CUSTOMER)


class Days:
    """Beginnings of one day of touches, each with the customers that it must produce."""

    def __init__(self, touches: int) -> None:
        self.whole = list(generate_day(touches, SEED, customers_of(touches)))
        self._expected: dict[int, dict[str, Expected]] = {}
        self.profiles: dict[str, Expected] = {}  # those that Touchline makes of the day

    def part(self, divisor: int) -> tuple[Sequence[Message], Mapping[str, Expected]]:
        """Return the first 1/divisor of the day, and its customers."""
        messages = self.whole[: len(self.whole) // divisor]
        if divisor not in self._expected:
            self._expected[divisor] = expect_customers(messages)
        return messages, self._expected[divisor]


def compare(environment: Environment, touches: int, rounds: int, pythons: Mapping[str, Path | None]) -> Json:
    """Return medians over the rounds. `pythons` are the peers' interpreters; None means that a peer has none."""
    days, load = Days(touches), round(os.getloadavg()[0], 2)
    flows: list[Flow] = []
    peers: dict[str, list[PeerRun]] = {peer: [] for peer in pythons}
    failed = {peer: "it has no environment here" for peer, python in pythons.items() if python is None}
    for number in range(rounds):
        print_progress(f"round {number + 1} of {rounds}: Touchline, {touches} touches")
        flow, days.profiles = run_alone(environment, days.whole)
        flows.append(flow)
        for peer, python in pythons.items():
            if python is None or peer in failed:
                continue
            print_progress(f"round {number + 1} of {rounds}: {PEERS[peer].title}")
            try:
                peers[peer].append(_measure_patiently(environment, peer, python, days))
            except PeerError as failure:
                failed[peer] = str(failure)
                print_progress(f"{peer} failed and is omitted: {failure}")
    figures = summarise(flows, {peer: runs for peer, runs in peers.items() if peer not in failed})
    return figures | {"failed_peers": failed, "load": load}


def _measure_patiently(environment: Environment, peer: str, python: Path, days: Days) -> PeerRun:
    """Measure a peer; one that stopped early gets a second attempt. Raises PeerError."""
    messages, expected = (days.whole, days.profiles) if PEERS[peer].job == "whole" else days.part(PEERS[peer].divisor)
    try:
        run = measure_peer(environment, peer, python, messages, expected)
    except PeerStoppedError as failure:
        print_progress(f"{peer} failed and is started once more: {failure}")
        run = measure_peer(environment, peer, python, messages, expected)
    print_progress(f"  {run.events_per_cpu_s:.0f} events per CPU second, {run.touches / run.wall_s:.0f} per second")
    return run


def run_alone(environment: Environment, day: Sequence[Message]) -> tuple[Flow, dict[str, Expected]]:
    """Run the day through one worker with all stages; return its figures and its profiles."""
    with environment.site() as site:
        flow = measure_flow(environment, site, day, [site.start_ready()])
        profiles = expect_profiles(read_customers(site, "whole"))
    print_progress(f"  {flow.events_per_cpu_s:.0f} events per CPU second, {flow.events_per_s:.0f} per second")
    return flow, profiles


def summarise(flows: Sequence[Flow], peers: Mapping[str, Sequence[PeerRun]]) -> Json:
    """Return medians over the rounds, and the ratio of Touchline to each peer, at the job of that peer."""
    whole = median(flow.events_per_cpu_s for flow in flows)
    core = median(run.events_per_cpu_s for run in peers[CORE]) if peers.get(CORE) else None
    ours = {"whole": whole, "part": core}
    return {
        "touchline": describe_flows(flows),
        "peers": {peer: _describe_peer(runs, ours[PEERS[peer].job]) if runs else None for peer, runs in peers.items()},
    }


def describe_flows(flows: Sequence[Flow]) -> Json:
    """Return medians; microseconds are CPU time per message."""
    messages = flows[0].truth.messages
    return {
        "touches": asdict(flows[0].truth),
        "rounds": len(flows),
        "events_per_cpu_s": round(median(flow.events_per_cpu_s for flow in flows)),
        "events_per_cpu_s_all": [round(flow.events_per_cpu_s) for flow in flows],
        "events_per_s": round(median(flow.events_per_s for flow in flows)),
        "us_by_worker": [
            round(median(used) / messages * 1e6, 2) for used in zip(*(flow.cpu_s for flow in flows), strict=True)
        ],
        "engine_us": round(median(flow.engine_cpu_s for flow in flows) / messages * 1e6, 2),
        "kafka_us": round(median(flow.kafka_cpu_s for flow in flows) / messages * 1e6, 2),
        "peak_rss_mb": round(max(max(flow.peak_rss_bytes) for flow in flows) / (1 << 20)),
    }


def _describe_peer(runs: Sequence[PeerRun], ours: float | None) -> Json:
    theirs, messages = median(run.events_per_cpu_s for run in runs), runs[0].touches
    return {
        "version": runs[0].version,
        "touches": messages,
        "events_per_cpu_s": round(theirs),
        "events_per_cpu_s_all": [round(run.events_per_cpu_s) for run in runs],
        "events_per_s": round(median(run.touches / run.wall_s for run in runs)),
        "us": round(1e6 / theirs, 2),
        "engine_us": round(median(run.engine_cpu_s for run in runs) / messages * 1e6, 2),
        "kafka_us": round(median(run.kafka_cpu_s for run in runs) / messages * 1e6, 2),
        "ratio": None if ours is None else round(ours / theirs, 2),
    }
