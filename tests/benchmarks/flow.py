"""Touchline's three hops over filled raw topics: CPU time, wall time, memory, and a check of completeness."""

import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tests.benchmarks.day import NOTHING, Message, Truth
from tests.benchmarks.environment import BenchSite, Environment
from tests.benchmarks.fill import fill
from tests.benchmarks.processes import read_cpu_s, read_peak_rss_bytes, read_rss_bytes
from tests.journeys.site import Worker
from touchline.worker.stages import STAGES

POLL_S: Final = 0.25
PATIENCE_S: Final = 1800.0


class IncompleteError(AssertionError):
    """Something is missing or stored twice, so the run gives no figure."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Figures from the first record to the last commit. `cpu_s` has an entry per worker."""

    truth: Truth
    cpu_s: tuple[float, ...]
    wall_s: float
    engine_cpu_s: float
    kafka_cpu_s: float
    rss_bytes: tuple[int, ...]
    peak_rss_bytes: tuple[int, ...]

    @property
    def events_per_cpu_s(self) -> float:
        """Messages through all three hops per CPU second of all workers together."""
        return self.truth.messages / sum(self.cpu_s)

    @property
    def events_per_s(self) -> float:
        """Messages per second of wall time."""
        return self.truth.messages / self.wall_s


def measure_flow(
    environment: Environment,
    site: BenchSite,
    messages: Iterable[Message],
    workers: Sequence[Worker],
    already: Truth = NOTHING,
) -> Flow:
    """Fill the site's raw topics while its ready workers are paused, then let them run until the end.

    `already` is the outcome of earlier messages. Raises IncompleteError unless the outcome is as expected.
    """
    with paused(workers):
        truth = fill(site.kafka, site.prefix, site.partition_counts.raw, messages)
        before, begun_s = _cpu_s(environment, workers), time.monotonic()
    wait_drained(site, separate_groups=len(workers) == len(STAGES))
    wall_s, after = time.monotonic() - begun_s, _cpu_s(environment, workers)
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
    """Stop the worker processes meanwhile with SIGSTOP."""
    try:
        for worker in workers:
            os.kill(worker.child.pid, signal.SIGSTOP)
        yield
    finally:
        for worker in workers:
            os.kill(worker.child.pid, signal.SIGCONT)


def _cpu_s(environment: Environment, workers: Sequence[Worker]) -> list[float]:
    """Return CPU seconds so far of the engine, Kafka and each worker."""
    pids = [environment.engine.pid, environment.node.child.pid, *(worker.child.pid for worker in workers)]
    return [read_cpu_s(pid) for pid in pids]


def wait_drained(site: BenchSite, separate_groups: bool = False) -> None:
    """Wait until no stage has a backlog; poll seldom, since each poll takes CPU time from the workers."""
    lags, deadline_s = site.lags(separate_groups), time.monotonic() + PATIENCE_S
    while True:
        found = lags.read()
        if found and not any(lag.waiting for lag in found.values()):
            return
        if time.monotonic() > deadline_s:
            raise IncompleteError(f"{site.name}: after {PATIENCE_S:g} s still waiting: {found}")
        time.sleep(POLL_S)


def check_complete(site: BenchSite, truth: Truth, workers: Sequence[Worker]) -> None:
    """Raise IncompleteError unless tables and counters of the whole site equal the generator's counts."""
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
