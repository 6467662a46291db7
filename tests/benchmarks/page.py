"""The report: its JSON, a plot, and a page with the figures in tables. The page contains only data of the JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.figures import fill, read_figure, show, table, warn_if_busy
from tests.benchmarks.page_peers import find_comparison, peer_bars, render_peers
from tests.benchmarks.plot import draw_bars

JSON_NAME: Final = "bench.json"
PAGE_NAME: Final = "README.md"
PLOT_NAME: Final = "throughput.svg"

# (name, path in the report, factor, target)
_FIGURES: Final = (
    ("events per CPU second of our processes", ("comparison", "touchline", "events_per_cpu_s"), 1, ">= 45,000"),
    ("events per second, one worker", ("comparison", "touchline", "events_per_s"), 1, ""),
    ("events per second, two workers", ("two_workers", "events_per_s"), 1, ""),
    ("events per CPU second, two workers", ("two_workers", "events_per_cpu_s"), 1, ""),
    ("CPU of the engine, µs per event", ("comparison", "touchline", "engine_us"), 1, ""),
    ("CPU of Kafka, µs per event", ("comparison", "touchline", "kafka_us"), 1, ""),
    ("profiles restored", ("state", "identifiers"), 1, "1,000,000"),
    ("seconds for it", ("state", "restore_s"), 1, ""),
    ("keys per second restored", ("state", "keys_per_s"), 1, ">= 300,000"),
    ("bytes of memory per profile of one identifier", ("state", "bytes_per_profile"), 1, "< 600"),
    ("bytes of memory per remembered id", ("state", "bytes_per_id"), 1, "< 60"),
    ("collector, single requests per CPU second", ("collector", "single_per_cpu_s"), 1, ">= 10,000"),
    ("collector, of an application that only answers, %", ("collector", "single_share_of_noop"), 100, ""),
    ("collector, touches per CPU second in batches of 100", ("collector", "batch_touches_per_cpu_s"), 1, ">= 100,000"),
    ("collector, request to visible, p50 ms", ("collector", "row_p50_ms"), 1, ""),
    ("collector, request to visible, p99 ms", ("collector", "row_p99_ms"), 1, ""),
    ("live events, viewers", ("live", "viewers"), 1, ""),
    ("live events, % of a core for all viewers", ("live", "core_share_of_viewers"), 100, "< 5"),
    ("live events, touch in Kafka to event, p50 ms", ("live", "kafka_to_event_p50_ms"), 1, ""),
    ("live events, touch in Kafka to event, p99 ms", ("live", "kafka_to_event_p99_ms"), 1, "< 1,000"),
    ("live events, request to event, p50 ms", ("live", "request_to_event_p50_ms"), 1, ""),
    ("live events, request to event, p99 ms", ("live", "request_to_event_p99_ms"), 1, "< 1,000"),
    ("pages, touches per second beside", ("pages", "touches_per_s"), 1, ""),
    ("pages, request to shown by a customer's page, p50 ms", ("pages", "customer_p50_ms"), 1, ""),
    ("pages, request to shown by a customer's page, p99 ms", ("pages", "customer_p99_ms"), 1, "< 1,000"),
    ("pages, request to shown by the overview, p50 ms", ("pages", "overview_p50_ms"), 1, ""),
    ("pages, request to shown by the overview, p99 ms", ("pages", "overview_p99_ms"), 1, "< 1,000"),
    ("API, requests per CPU second, answer kept", ("api", "kept_per_cpu_s"), 1, ""),
    ("API, requests per CPU second, answer asked anew", ("api", "asked_per_cpu_s"), 1, ""),
    ("half load, events per second", ("half_load", "touches_per_s"), 1, ""),
    ("half load, sent to visible, p50 ms", ("half_load", "p50_ms"), 1, "< 300"),
    ("half load, sent to visible, p99 ms", ("half_load", "p99_ms"), 1, "< 1,000"),
    ("100 a second, sent to visible, p50 ms", ("low_load", "p50_ms"), 1, ""),
    ("100 a second, sent to visible, p99 ms", ("low_load", "p99_ms"), 1, "< 400"),
    ("100 a second, % of a core", ("low_load", "worker_core_share"), 100, "< 10"),
    ("idle, % of a core", ("low_load", "idle_core_share"), 100, "< 2"),
    ("a worker is killed, no standby: seconds without it", ("takeover", "without", "killed_pause_s"), 1, ""),
    ("a worker is killed, one standby: seconds without it", ("takeover", "with", "killed_pause_s"), 1, ""),
    ("a store that was away, times the live rate", ("catch_up", "ratio"), 1, ">= 2"),
)


def write_report(report: Mapping[str, Any], folder: Path) -> Path:
    """Write JSON, plot and page into a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JSON_NAME).write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (folder / PLOT_NAME).write_text(draw_report(report), encoding="utf-8")
    page = folder / PAGE_NAME
    page.write_text(render_page(report), encoding="utf-8")
    return page


def draw_report(report: Mapping[str, Any]) -> str:
    """Return an SVG plot of events per CPU second of everything measured."""
    return draw_bars("Events per CPU second, the same day of touches", peer_bars(report))


def render_page(report: Mapping[str, Any]) -> str:
    """Return the page in Markdown."""
    parts = (
        _head(report),
        _figures(report),
        render_peers(report),
        _questions(report),
        _costs(report),
        _missing(report),
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(report: Mapping[str, Any]) -> str:
    machine = report["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    about = (
        "Written by `make bench` (`make bench QUICK=1` prints the essential figures within five minutes). "
        "[Sizing](../sizing.md) says what they mean for a machine, and "
        "[the peers](../../tests/benchmarks/peers/README.md) which job they were given. All figures are in "
        f"[bench.json]({JSON_NAME})."
    )
    measured = (
        f"Measured on {machine['cores']} cores of a machine with {machine['memory_gb']} GB ({machine['cpu']}, "
        f"{machine['system']}, files on {machine['files']}), which Kafka, the engine, the workers and the load shared; "
        f"Python {machine['python']}, {versions}; load before the start {machine['load']}. "
        "Every run was complete: rows, repetitions and refusals as many as the generator says."
    )
    if apart := report.get("apart"):  # which figures are not of this run, in a sentence
        measured += f" {apart}"
    parts = ("# Figures", fill(about), f"![Events per CPU second]({PLOT_NAME})", fill(measured))
    return "\n\n".join(parts) + warn_if_busy(machine["load"], machine["cores"])


def _figures(report: Mapping[str, Any]) -> str:
    rows = []
    for what, names, factor, due in _FIGURES:
        value = read_figure(report, *names)
        rows.append((what, "not measured" if value is None else show(value * factor), due))
    return table(("Figure", "Measured", "To reach"), rows)


def _questions(report: Mapping[str, Any]) -> str:
    """Return the table of questions to a store of many touches."""
    found: Mapping[str, Any] = report.get("queries") or {}
    if not found:
        return ""
    about = (
        f"Asked of {found['touches']:,} touches of a year in merged tables, by a reader over HTTP, with warm caches: "
        "CPU milliseconds of the engine per answer, and its time."
    )
    rows = [
        (name, show(one["cpu_ms"]), f"<= {one['to_reach_cpu_ms']:g}" if one["to_reach_cpu_ms"] else "",
         show(one["wall_ms"]))
        for name, one in found["questions"].items()
    ]  # fmt: skip
    return f"## Questions\n\n{fill(about)}\n\n" + table(("Question", "CPU, ms", "To reach", "Time, ms"), rows)


def _costs(report: Mapping[str, Any]) -> str:
    """Return the table of costs: by hop, measured with a worker each, and by step, measured alone."""
    hops: Mapping[str, float] = (report.get("hops") or {}).get("us_per_touch", {})
    rows = [(f"**{stage}**, a worker of its own", show(us)) for stage, us in hops.items()]
    for stage in ("intake", "engage"):
        costs: Mapping[str, float] = report.get(f"steps_{stage}") or {}
        rows += [(f"{stage}: {_indent(name)}", show(us)) for name, us in costs.items()]
    return "## Where the time goes\n\n" + table(("Step", "CPU, µs per touch"), rows) if rows else ""


def _indent(name: str) -> str:
    """Return a step's name; a name that starts with a space is a part of the previous step."""
    return f"&ndash; {name.strip()}" if name.startswith(" ") else name


def _missing(report: Mapping[str, Any]) -> str:
    failed = dict(report.get("failed") or {})
    failed |= find_comparison(report).get("failed_peers") or {}
    lines = [f"- {name}: {str(why).splitlines()[0]}" for name, why in failed.items()]
    return "## What could not be measured\n\n" + "\n".join(lines) if lines else ""
