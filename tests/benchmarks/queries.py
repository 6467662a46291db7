"""The cost of each question to a store of many touches, merged and warm: CPU of the engine and time, per call.

`python -m tests.benchmarks.queries --touches 1000000` prints JSON; `make bench` measures 10,000,000. Questions are the
answers that commands, API and pages use, asked over HTTP by the user who only reads. Nothing is merged meanwhile.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from dashboards.answers.activity import activity
from dashboards.answers.call_service_levels import call_service_levels
from dashboards.answers.campaigns import campaign_scores, campaigns
from dashboards.answers.channel_mix import channel_mix
from dashboards.answers.customer import customer
from dashboards.answers.data_quality import data_quality
from dashboards.answers.explain import explain
from dashboards.answers.first_reply import first_replies
from dashboards.answers.funnel import FunnelStep, funnel
from dashboards.answers.hot_list import hot_list
from dashboards.answers.profile import profile
from dashboards.answers.quarantine import refused
from dashboards.answers.retention import retention
from dashboards.answers.scope import Scope
from dashboards.answers.sources import sources
from dashboards.answers.time_steps import Span, Step
from dashboards.answers.timeline import timeline
from dashboards.answers.top import top
from deploy.engine.launch import command, read_ready
from schemas.time import DAY_MS
from sinks.clickhouse.client import Address, Client, connect, connect_server
from sinks.clickhouse.migrations import migrate
from tests.benchmarks.environment import print_progress
from tests.benchmarks.processes import read_cpu_s, require_proc
from tests.benchmarks.query_store import END_MS, HALF_LIFE_MS, fill_store
from tests.engine_process import STOP_S, write_users

TOUCHES: Final = 10_000_000
ENOUGH_S: Final = 3.0  # of calls of one question
FEWEST, MOST = 4, 40  # calls of one question
_STEPS: Final = (FunnelStep("visits", "page"), FunnelStep("visits", "form"), FunnelStep("calls"))
_MAIN: Final = Scope()
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the CPU milliseconds that it should cost at most; 0: none are given."""

    ask: Callable[[Client], object]
    cpu_ms: float = 0.0


def last(days: float, zone: str = "UTC") -> Span:
    """Return the last days of the store's year."""
    return Span(END_MS - int(days * DAY_MS), END_MS, zone)


def questions(busiest: str, usual: str) -> Mapping[str, Question]:
    """Return the questions by name. The arguments are the profiles with the most and with a usual number of touches."""
    at = {"at_ms": END_MS, "half_life_ms": HALF_LIFE_MS}
    return {
        "activity, 24 h by minute": Question(lambda it: activity(it, _MAIN, last(1), Step.MINUTE), 30),
        "activity, 30 days by hour": Question(lambda it: activity(it, _MAIN, last(30), Step.HOUR), 30),
        "activity, 365 days by day": Question(lambda it: activity(it, _MAIN, last(365), Step.DAY), 30),
        "activity, 365 days of Berlin": Question(
            lambda it: activity(it, _MAIN, last(365, "Europe/Berlin"), Step.DAY), 30
        ),
        "activity, 365 days of Kolkata": Question(
            lambda it: activity(it, _MAIN, last(365, "Asia/Kolkata"), Step.DAY), 30
        ),
        "channel mix, 365 days": Question(lambda it: channel_mix(it, _MAIN, last(365))),
        "sources, 30 days": Question(lambda it: sources(it, _MAIN, last(30))),
        "campaigns, 30 days": Question(lambda it: campaigns(it, _MAIN, last(30)), 50),
        "campaigns, 365 days": Question(lambda it: campaigns(it, _MAIN, last(365))),
        "scores by campaign": Question(lambda it: campaign_scores(it, _MAIN, touch="last", **at)),
        "calls, 30 days": Question(lambda it: call_service_levels(it, _MAIN, last(30)), 40),
        "calls, 365 days": Question(lambda it: call_service_levels(it, _MAIN, last(365))),
        "data quality, 30 days": Question(lambda it: data_quality(it, _MAIN, last(30)), 20),
        "quarantine, a page of 50": Question(lambda it: refused(it, limit=50, open_only=True), 20),
        "timeline, 50 of a usual profile": Question(lambda it: timeline(it, _MAIN, usual), 30),
        "timeline, 50 of the busiest profile": Question(lambda it: timeline(it, _MAIN, busiest), 30),
        "profile": Question(lambda it: profile(it, _MAIN, usual, **at)),
        "customer page": Question(lambda it: customer(it, _MAIN, usual, **at), 60),
        "explain, usual profile": Question(lambda it: explain(it, _MAIN, usual, **at), 100),
        "explain, busiest profile": Question(lambda it: explain(it, _MAIN, busiest, **at), 100),
        "top 50": Question(lambda it: top(it, _MAIN, **at, limit=50), 40),
        "hot list 50": Question(lambda it: hot_list(it, _MAIN, **at, limit=50)),
        "first replies, 30 days": Question(lambda it: first_replies(it, _MAIN, last(30))),
        "funnel, 30 days": Question(lambda it: funnel(it, _MAIN, last(30), _STEPS), 300),
        "retention, 12 weeks": Question(lambda it: retention(it, _MAIN, at_ms=END_MS)),
    }


def measure_queries(touches: int = TOUCHES, folder: Path | None = None) -> dict[str, Any]:
    """Fill a store, in a folder that may have one already, and return the figures of every question."""
    require_proc()
    with tempfile.TemporaryDirectory() as temporary, _engine(folder or Path(temporary)) as (pid, address):
        writer = connect(address, "write", timeout_s=3_600)
        stored = int(writer.query("SELECT count() FROM events").result_rows[0][0])
        if not stored:
            fill_store(writer, touches, print_progress)
        writer.command("SYSTEM STOP MERGES")
        reader = connect(replace(address, user="reader", password="r"), "read")
        figures: Figures = {}
        for name, question in questions(*profiles_by_touches(writer)).items():
            figures[name] = {**_measure(reader, pid, question), "to_reach_cpu_ms": question.cpu_ms}
            print_progress(f"{name}: {figures[name]['cpu_ms']} ms of CPU, {figures[name]['wall_ms']} ms")
        return {"touches": stored or touches, "questions": figures}


def _measure(reader: Client, pid: int, question: Question) -> dict[str, float]:
    question.ask(reader)  # fills the caches
    times: list[float] = []
    begun_cpu_s, begun_s = read_cpu_s(pid), perf_counter()
    while len(times) < FEWEST or (len(times) < MOST and perf_counter() - begun_s < ENOUGH_S):
        started_s = perf_counter()
        question.ask(reader)
        times.append((perf_counter() - started_s) * 1e3)
    cpu_ms = (read_cpu_s(pid) - begun_cpu_s) / len(times) * 1e3
    return {
        "cpu_ms": round(cpu_ms, 1),
        "wall_ms": round(statistics.median(times), 1),
        "best_wall_ms": round(min(times), 1),
    }


def profiles_by_touches(client: Client) -> tuple[str, str]:
    """Return the profiles with the most touches, and with a usual number."""
    rows = client.query(
        "SELECT if(i.parent = '', e.folded_into, i.parent) AS profile, count() AS touches FROM events AS e "
        "INNER JOIN (SELECT identifier, parent FROM identities) AS i ON i.identifier = e.folded_into "
        "GROUP BY profile ORDER BY touches DESC, profile"
    ).result_rows
    return rows[0][0], rows[len(rows) // 2][0]


@contextmanager
def _engine(folder: Path) -> Iterator[tuple[int, Address]]:
    """Run an engine on a folder; yield its process id and the writer's address of a database with all tables."""
    line = command(folder / "data", 0, write_users(folder), sys.executable)
    process = subprocess.Popen(line, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        port = read_ready(process.stdout.readline()).port
        address = Address("127.0.0.1", port, "bench", "writer", "w")
        migrate(connect_server(address), address.database)
        yield process.pid, address
    finally:
        process.terminate()
        process.communicate(timeout=STOP_S)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--touches", type=int, default=TOUCHES, help="a multiple of 1,000")
    parser.add_argument("--folder", type=Path, help="where the store is kept; one that is there is used again")
    given = parser.parse_args()
    print(json.dumps(measure_queries(given.touches, given.folder), indent=1))
