"""Touchline and the peers on the same day of touches, in turns, so that other load of the machine affects all alike."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.day import Message, generate_day
from tests.benchmarks.environment import Environment, print_progress
from tests.benchmarks.flow import Flow, measure_flow
from tests.benchmarks.peer_runs import PEERS, PeerError, PeerRun, PeerStoppedError, measure_peer

SEED: Final = 1
TOUCHES_PER_CUSTOMER: Final = 3
SLOW: Final = {"faust": 10}  # divisor of the day; less state than the others have is in its favour

Json = dict[str, object]


def customers_of(touches: int) -> int:
    """Return the number of customers of a day with this number of touches."""
    return max(1, touches // TOUCHES_PER_CUSTOMER)


def compare(environment: Environment, touches: int, rounds: int, pythons: Mapping[str, Path | None]) -> Json:
    """Return medians over the rounds. `pythons` are the peers' interpreters; None means that a peer has none."""
    day = list(generate_day(touches, SEED, customers_of(touches)))
    flows: list[Flow] = []
    peers: dict[str, list[PeerRun]] = {peer: [] for peer in PEERS}
    failed: dict[str, str] = {}
    for number in range(rounds):
        print_progress(f"round {number + 1} of {rounds}: Touchline, {touches} touches")
        flows.append(run_alone(environment, day))
        for peer, python in pythons.items():
            if python is None or peer in failed:
                continue
            part = day[: touches // SLOW.get(peer, 1)]
            print_progress(f"round {number + 1} of {rounds}: {peer}, {len(part)} touches")
            try:
                peers[peer].append(_measure_patiently(environment, peer, python, part))
            except PeerError as failure:
                failed[peer] = str(failure)
                print_progress(f"{peer} failed and is omitted: {failure}")
    figures = summarise(flows, {peer: runs for peer, runs in peers.items() if peer not in failed})
    return figures | {"failed_peers": failed}


def _measure_patiently(environment: Environment, peer: str, python: Path, part: Sequence[Message]) -> PeerRun:
    """Measure a peer; one that stopped early gets a second attempt. Raises PeerError."""
    try:
        return measure_peer(environment, peer, python, part)
    except PeerStoppedError as failure:
        print_progress(f"{peer} failed and is started once more: {failure}")
        return measure_peer(environment, peer, python, part)


def run_alone(environment: Environment, day: Sequence[Message]) -> Flow:
    """Run the day through one worker with all stages."""
    with environment.site() as site:
        flow = measure_flow(environment, site, day, [site.start_ready()])
    print_progress(f"  {flow.events_per_cpu_s:.0f} events per CPU second, {flow.events_per_s:.0f} per second")
    return flow


def summarise(flows: Sequence[Flow], peers: Mapping[str, Sequence[PeerRun]]) -> Json:
    """Return medians over the rounds, and the ratio of Touchline to each peer."""
    ours = median(flow.events_per_cpu_s for flow in flows)
    return {
        "touchline": describe_flows(flows),
        "peers": {peer: _describe_peer(runs, ours) if runs else None for peer, runs in peers.items()},
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


def _describe_peer(runs: Sequence[PeerRun], ours: float) -> Json:
    theirs = median(run.events_per_cpu_s for run in runs)
    return {
        "version": runs[0].version,
        "touches": runs[0].touches,
        "events_per_cpu_s": round(theirs),
        "events_per_cpu_s_all": [round(run.events_per_cpu_s) for run in runs],
        "events_per_s": round(median(run.touches / run.wall_s for run in runs)),
        "ratio": round(ours / theirs, 2),
    }
