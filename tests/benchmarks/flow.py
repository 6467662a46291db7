"""Touchline's three hops over raw topics that are full: CPU time, time, memory, and the proof that all arrived."""

import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.day import NOTHING, Message, Truth
from tests.benchmarks.fill import fill
from tests.benchmarks.ground import BenchSite, Ground
from tests.benchmarks.processes import read_cpu_s, read_peak_rss_bytes, read_rss_bytes
from tests.journeys.site import Worker
from touchline.worker.stages import STAGES

POLL_S: Final = 0.25
PATIENCE_S: Final = 1800.0


class IncompleteError(AssertionError):
    """Not everything arrived, or something twice: there is no figure without the proof."""


@dataclass(frozen=True, slots=True)
class Flow:
    """From the first record to the last commit. `cpu_s` is of each worker, `engine_cpu_s` and `kafka_cpu_s` beside."""

    truth: Truth
    cpu_s: tuple[float, ...]
    wall_s: float
    engine_cpu_s: float
    kafka_cpu_s: float
    rss_bytes: tuple[int, ...]
    peak_rss_bytes: tuple[int, ...]

    @property
    def events_per_cpu_s(self) -> float:
        """Messages through all three hops, by CPU seconds of all workers together."""
        return self.truth.messages / sum(self.cpu_s)

    @property
    def events_per_s(self) -> float:
        """By the clock on the wall."""
        return self.truth.messages / self.wall_s


def measure_flow(
    ground: Ground,
    site: BenchSite,
    messages: Iterable[Message],
    workers: Sequence[Worker],
    already: Truth = NOTHING,
) -> Flow:
    """Fill the site's raw topics while its workers, which are ready, are paused; let them run until all is done.

    `already` has gone through them before. Raises IncompleteError unless everything is stored once, and
    what is left out was to be left out.
    """
    with paused(workers):
        truth = fill(site.kafka, site.prefix, site.cut.raw, messages)
        before, begun_s = _cpu_s(ground, workers), time.monotonic()
    wait_drained(site, apart=len(workers) == len(STAGES))
    wall_s, after = time.monotonic() - begun_s, _cpu_s(ground, workers)
    check_complete(site, already + truth, workers)
    used = [now - then for now, then in zip(after, before, strict=True)]
    pids = [worker.child.pid for worker in workers]
    return Flow(
        truth,
        tuple(used[2:]),
        wall_s,
        engine_cpu_s=used[0],
        kafka_cpu_s=used[1],
        rss_bytes=tuple(map(read_rss_bytes, pids)),
        peak_rss_bytes=tuple(map(read_peak_rss_bytes, pids)),
    )


@contextmanager
def paused(workers: Sequence[Worker]) -> Iterator[None]:
    """They stand still meanwhile."""
    try:
        for worker in workers:
            os.kill(worker.child.pid, signal.SIGSTOP)
        yield
    finally:
        for worker in workers:
            os.kill(worker.child.pid, signal.SIGCONT)


def _cpu_s(ground: Ground, workers: Sequence[Worker]) -> list[float]:
    """So far: the engine, Kafka, each worker."""
    pids = [ground.engine.pid, ground.node.child.pid, *(worker.child.pid for worker in workers)]
    return [read_cpu_s(pid) for pid in pids]


def wait_drained(site: BenchSite, apart: bool = False) -> None:
    """Until nothing waits anywhere; asks seldom, since asking takes CPU time from those who work."""
    lags, deadline_s = site.lags(apart), time.monotonic() + PATIENCE_S
    while True:
        found = lags.read()
        if found and not any(lag.waiting for lag in found.values()):
            return
        if time.monotonic() > deadline_s:
            raise IncompleteError(f"{site.name}: after {PATIENCE_S:g} s there still wait {found}")
        time.sleep(POLL_S)


def check_complete(site: BenchSite, truth: Truth, workers: Sequence[Worker]) -> None:
    """Raises IncompleteError unless tables and counters say of the site's whole life what the generator says."""
    found = {
        "events": site.count("events"),
        "different ids": int(site.rows("SELECT uniqExact(channel, event_id) FROM events")[0][0]),
        "touches of profiles": int(site.rows("SELECT sum(touches) FROM profiles FINAL WHERE parent = ''")[0][0]),
        "quarantine": site.count("quarantine FINAL"),
        "duplicates": round(sum(one.metric("touchline_touches_total", result="duplicate") for one in workers)),
    }
    stored = truth.stored
    due = dict(zip(found, (stored, stored, stored, truth.rejected, truth.repeats), strict=True))
    if found != due:
        raise IncompleteError(f"{site.name}: found {found}, due {due}")
