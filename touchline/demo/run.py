"""The two forms of the demo: once through with an account of every line, and live until Ctrl-C."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console

from sources.emitter import Emitter
from sources.imports import Report
from touchline.ask import now_ms
from touchline.demo.account import Account, take_account
from touchline.demo.recordings import MADE_UP_NOTE, feed, read_shifts, recordings
from touchline.lag import read_lag
from touchline.local import LocalSystem
from touchline.parts import STAGES, topics_of
from touchline.settings import Settings, read_settings
from touchline.visitor_key import visitor_key

DRAINED_S: Final = 600.0
POLL_S: Final = 0.2
_QUIET_POLLS: Final = 2  # nothing waiting and nothing new, twice in a row: words may still cause words

console = Console(stderr=True, highlight=False)


@contextmanager
def demo_settings(data: str | None) -> Iterator[tuple[Settings, Path]]:
    """Settings on the folder given, or on one that is removed afterwards; and where Kafka's jars are kept between two
    demos.
    """
    base = read_settings()
    if data is not None:
        yield read_settings(data=data, kafka="", clickhouse=""), base.folder / "jars"
        return
    base.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="demo-", dir=base.folder, ignore_cleanup_errors=True) as folder:
        yield read_settings(data=folder), base.folder / "jars"


def feed_all(system: LocalSystem, progress: Callable[[str, Report], None]) -> dict[str, Report]:
    """Send the recordings, shifted, through the same emitter that importers use."""
    settings = system.settings
    found = recordings(visitor_key(system.folder))
    shifts = read_shifts(system.folder, found, now_ms())
    with Emitter(settings.kafka, client_id="touchline-demo", topic_of=topics_of(settings).raw) as emitter:
        return feed(found, shifts, emitter, progress)


def wait_drained(system: LocalSystem) -> int:
    """Wait until every stage has caught up; what is still waiting when patience ends (0: all is through)."""
    settings = system.settings
    groups = dict.fromkeys(STAGES, settings.group)
    deadline_s, quiet, ends = time.monotonic() + DRAINED_S, 0, -1
    while True:
        lags = read_lag(settings.kafka, topics_of(settings), groups)
        waiting, now_ends = sum(lag.waiting for lag in lags.values()), sum(lag.ends for lag in lags.values())
        quiet = quiet + 1 if waiting == 0 and now_ends == ends else 0
        if quiet >= _QUIET_POLLS or time.monotonic() > deadline_s:
            return waiting
        ends = now_ends
        said = system.mend()
        if said:
            console.print(f"[yellow]{said}[/]")
        time.sleep(POLL_S)


def run_once(data: str | None) -> Account:
    """Everything once: start, send, wait, audit, stop."""
    started_s = time.monotonic()
    with demo_settings(data) as (settings, jars), LocalSystem(settings, _say, jars) as system:
        _say(f"sending three recordings; {MADE_UP_NOTE}")
        last = [0.0]

        def progress(name: str, report: Report) -> None:
            if time.monotonic() - last[0] > 1:
                last[0] = time.monotonic()
                _say(f"{name}: {report.read:,} lines")

        reports = feed_all(system, progress)
        _say("waiting until every stage has caught up")
        lag = wait_drained(system)
        _say("auditing: scores, counts and sessions recomputed from the events")
        return take_account(system, reports, lag, time.monotonic() - started_s)


def _say(text: str) -> None:
    console.print(f"[dim]{text}[/]")


def run_live(data: str | None, seconds: float | None) -> None:
    """The recordings, then a live feed at a human rate, watched in the terminal until Ctrl-C."""
    from touchline.demo.live import watch

    with demo_settings(data) as (settings, jars), LocalSystem(settings, _say, jars) as system:
        watch(system, seconds)
