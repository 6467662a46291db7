"""The part of the page that compares Touchline with the peers: one table per job."""

import textwrap
from collections.abc import Mapping
from typing import Any, Final

from tests.benchmarks.figures import LINE, fill, read_figure, show, table, warn_if_busy
from tests.benchmarks.peers.catalogue import CORE, PEERS, Job
from tests.benchmarks.plot import Bar

_HEAD: Final = ("", "events per CPU second", "CPU, µs", "engine, µs", "Kafka, µs", "Touchline does")
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


def render_peers(report: Mapping[str, Any]) -> str:
    """Return the section, with a table per job; '' if nothing was compared."""
    found: Mapping[str, Any] = report.get("comparison") or {}
    if not found:
        return ""
    mine: Mapping[str, Any] = found["touchline"]
    turns = f"A day of {mine['touches']['messages']:,} touches, medians of {mine['rounds']} rounds in turns"
    turns += f", load before the start {found['load']}. " if "load" in found else ". "
    about = turns + (
        "CPU time per event of a peer's processes, and meanwhile of the engine and of Kafka; the first column of "
        "figures counts the processes only. Every run had the rows, repeats and refusals of the generator, and at the "
        "peers' job each customer's count, and score within 1e-9."
    )
    parts = [
        "## Beside other stream processors",
        fill(about) + warn_if_busy(found.get("load", 0.0), report["machine"]["cores"]),
    ]
    for job, title in _TITLES.items():
        parts += [f"### {title}", fill(_ABOUT[job]), _render_job(found, job)]
    return "\n\n".join(parts)


def _render_job(found: Mapping[str, Any], job: Job) -> str:
    rows = [_row_of_touchline(found["touchline"])] if job == "whole" and found.get("touchline") else []
    for name, peer in PEERS.items():
        if peer.job == job:
            figures = [read_figure(found, "peers", name, key) for key in ("events_per_cpu_s", "us")]
            figures += [read_figure(found, "peers", name, key) for key in ("engine_us", "kafka_us")]
            times = None if name == CORE else _ratio(found, name)
            ratio = "" if name == CORE else _show(times) + (" times" if times is not None else "")
            rows.append((peer.title, *map(_show, figures), ratio))
    return table(_HEAD, rows) + "\n\nWhat each lacks:\n\n" + "\n".join(_lacks(job))


def _lacks(job: Job) -> list[str]:
    """Return an item of a list for each peer."""
    return [
        textwrap.fill(f"- {peer.title}: {peer.lacks}.", LINE, subsequent_indent="  ")
        for peer in PEERS.values()
        if peer.job == job
    ]


def _row_of_touchline(found: Mapping[str, Any]) -> tuple[str, ...]:
    us = sum(found.get("us_by_worker") or [0.0])
    figures = (found["events_per_cpu_s"], us, found.get("engine_us"), found.get("kafka_us"))
    return ("Touchline", *map(_show, figures), "")


def _ratio(found: Mapping[str, Any], name: str) -> float | None:
    """Return how many times a peer's events per CPU second Touchline does, at the peer's job."""
    ours = ("touchline",) if PEERS[name].job == "whole" else ("peers", CORE)
    mine, theirs = (read_figure(found, *path, "events_per_cpu_s") for path in (ours, ("peers", name)))
    return mine / theirs if mine and theirs else None


def _show(value: float | None) -> str:
    return "not measured" if value is None else show(value)


def peer_bars(report: Mapping[str, Any]) -> list[Bar]:
    """Return the bars of the plot: the peers' job, then Touchline's own fold; ours are marked."""
    found: Mapping[str, Any] = report.get("comparison") or {}
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
