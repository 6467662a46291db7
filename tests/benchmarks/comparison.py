"""Touchline and the peers on the same day, taking turns, so that what else the machine does falls on all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Final

from tests.benchmarks.day import Message, generate_day
from tests.benchmarks.flow import Flow, measure_flow
from tests.benchmarks.ground import Ground, tell
from tests.benchmarks.peer_runs import PEERS, PeerError, PeerRun, PeerStoppedError, measure_peer

SEED: Final = 1
TOUCHES_PER_CUSTOMER: Final = 3
SLOW: Final = {"faust": 10}  # gets the first tenth of the day; less state than the others have is in its favour

Json = dict[str, object]


def customers_of(touches: int) -> int:
    """How many customers a day of so many touches has."""
    return max(1, touches // TOUCHES_PER_CUSTOMER)


def compare(ground: Ground, touches: int, rounds: int, pythons: Mapping[str, Path | None]) -> Json:
    """Medians of so many rounds. `pythons`: of each peer's environment; None where there is none, and so no figure."""
    day = list(generate_day(touches, SEED, customers_of(touches)))
    flows: list[Flow] = []
    peers: dict[str, list[PeerRun]] = {peer: [] for peer in PEERS}
    failed: dict[str, str] = {}
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}: Touchline, {touches} touches")
        flows.append(run_alone(ground, day))
        for peer, python in pythons.items():
            if python is None or peer in failed:
                continue
            part = day[: touches // SLOW.get(peer, 1)]
            tell(f"round {number + 1} of {rounds}: {peer}, {len(part)} touches")
            try:
                peers[peer].append(_measure_patiently(ground, peer, python, part))
            except PeerError as failure:
                failed[peer] = str(failure)
                tell(f"{peer} failed and is left out: {failure}")
    told = summarise(flows, {peer: runs for peer, runs in peers.items() if peer not in failed})
    return told | {"failed_peers": failed}


def _measure_patiently(ground: Ground, peer: str, python: Path, part: Sequence[Message]) -> PeerRun:
    """A peer that did not get to its end may begin once more. Raises PeerError."""
    try:
        return measure_peer(ground, peer, python, part)
    except PeerStoppedError as failure:
        tell(f"{peer} failed and begins once more: {failure}")
        return measure_peer(ground, peer, python, part)


def run_alone(ground: Ground, day: Sequence[Message]) -> Flow:
    """The day through one worker that runs everything."""
    with ground.site() as site:
        flow = measure_flow(ground, site, day, [site.start_ready()])
    tell(f"  {flow.events_per_cpu_s:.0f} events per CPU second, {flow.events_per_s:.0f} per second")
    return flow


def summarise(flows: Sequence[Flow], peers: Mapping[str, Sequence[PeerRun]]) -> Json:
    """Medians over the rounds, and how many times what each peer does Touchline does."""
    ours = median(flow.events_per_cpu_s for flow in flows)
    return {
        "touchline": describe_flows(flows),
        "peers": {peer: _describe_peer(runs, ours) if runs else None for peer, runs in peers.items()},
    }


def describe_flows(flows: Sequence[Flow]) -> Json:
    """Medians; microseconds are CPU time per message."""
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
