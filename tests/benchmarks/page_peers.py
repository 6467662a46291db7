"""The part of the page that compares Touchline with the peers: one table per job."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from tests.benchmarks.figures import LINE, fill, read_figure, show, table, warn_if_busy
from tests.benchmarks.peers.catalogue import CORE, PEERS, Job
from tests.benchmarks.plot import Bar

_HEAD: Final = (
    "", "events per CPU second", "µs", "engine, µs", "Kafka, µs", "all, µs", "times", "times, all",
)  # fmt: skip
Costs = list[float | None]
_TITLES: Final[dict[Job, str]] = {"part": "The peers' job", "whole": "Touchline's own fold"}
_ABOUT: Final[dict[Job, str]] = {
    "part": (
        "Decode, validate, drop repeats, count, score with decay, one table. The first row is Touchline's Kafka layer, "
        "tables and recovery with this job alone."
    ),
    "whole": (
        "Touchline's pure functions for decoding, identities, sessions, scores and rows, carried by the peers with "
        "their own sources, state and recovery. The first row is Touchline as it is."
    ),
}


def find_comparison(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the comparison with the peers: the one measured alone, if that was later than the other figures."""
    found: Mapping[str, Any] = report.get("peers_alone") or report.get("comparison") or {}
    return found


def render_peers(report: Mapping[str, Any]) -> str:
    """Return the section, with a table per job; '' if nothing was compared."""
    found = find_comparison(report)
    if not found:
        return ""
    mine: Mapping[str, Any] = found["touchline"]
    turns = f"A day of {mine['touches']['messages']:,} touches, medians of {mine['rounds']} rounds in turns"
    turns += f", load before the start {found['load']}. " if "load" in found else ". "
    about = turns + (
        "Microseconds of CPU time per event: of a peer's processes, and meanwhile of the engine and of Kafka. `times` "
        "says how many times a peer's events Touchline does with the same CPU time, of the processes or of all. For "
        "ClickHouse alone, the engine is the peer. Every run had the rows, repeats and refusals of the generator, and "
        "each customer's count and, within 1e-9, score: those of the generated messages, or, with our fold, those of "
        "Touchline's run."
    )
    parts = [
        "## Beside other stream processors",
        fill(about) + warn_if_busy(found.get("load", 0.0), report["machine"]["cores"]),
    ]
    for job, title in _TITLES.items():
        if not any(peer.job == job for peer in PEERS.values()):
            continue
        parts += [f"### {title}", fill(_ABOUT[job]), _render_job(found, job)]
    return "\n\n".join(parts)


def _render_job(found: Mapping[str, Any], job: Job) -> str:
    ours = _costs(found, CORE) if job == "part" else _costs_of_touchline(found)
    rows = [("Touchline", *_show_costs(ours), "", "")] if job == "whole" else []
    for name, peer in PEERS.items():
        if peer.job == job:
            costs = _costs(found, name)
            times = ("", "") if name == CORE else (_times(costs[:1], ours[:1]), _times(costs, ours))
            rows.append((peer.title, *_show_costs(costs), *times))
    return table(_HEAD, rows) + "\n\nWhat each lacks:\n\n" + "\n".join(_lacks(job))


def _lacks(job: Job) -> list[str]:
    """Return an item of a list for each peer."""
    return [
        textwrap.fill(f"- {peer.title}: {peer.lacks}.", LINE, subsequent_indent="  ")
        for peer in PEERS.values()
        if peer.job == job
    ]


def _costs(found: Mapping[str, Any], name: str) -> Costs:
    """Return the microseconds per event of a peer's processes, of the engine, and of Kafka."""
    return [read_figure(found, "peers", name, key) for key in ("us", "engine_us", "kafka_us")]


def _costs_of_touchline(found: Mapping[str, Any]) -> Costs:
    mine = found["touchline"]
    return [sum(mine["us_by_worker"]), mine["engine_us"], mine["kafka_us"]]


def _show_costs(costs: Costs) -> list[str]:
    """Return the events per CPU second of the processes, each cost, and the sum."""
    known = [one for one in costs if one is not None]
    if len(known) < len(costs):
        return ["not measured", *[""] * (len(costs) + 1)]
    return [show(1e6 / known[0]), *map(show, known), show(sum(known))]


def _times(theirs: Costs, ours: Costs) -> str:
    """Return how many times a peer's events Touchline does with the same CPU time."""
    mine, other = [one for one in ours if one is not None], [one for one in theirs if one is not None]
    if len(mine) < len(ours) or len(other) < len(theirs):
        return ""
    return f"{sum(other) / sum(mine):.2f}"


def peer_bars(report: Mapping[str, Any]) -> list[Bar]:
    """Return the bars of the plot: the peers' job, then Touchline's own fold; ours are marked."""
    found = find_comparison(report)
    bars = []
    for job, suffix in (("part", ""), ("whole", ", whole fold")):
        if job == "whole" and (mine := read_figure(found, "touchline", "events_per_cpu_s")) is not None:
            bars.append(Bar(f"Touchline{suffix}", mine, ours=True))
        for name, peer in PEERS.items():
            value = read_figure(found, "peers", name, "events_per_cpu_s")
            if peer.job == job and value is not None:
                label = "Touchline" if name == CORE else peer.title
                bars.append(Bar(f"{label}{suffix}", value, ours=name == CORE))
    return bars
