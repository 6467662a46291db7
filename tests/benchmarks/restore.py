"""A worker with large state: its memory, and the time that a new worker takes to restore it from Kafka."""

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from tests.benchmarks.day import START_MS, Message, Truth
from tests.benchmarks.day_fields import DAY_MS, Customer, make_visit
from tests.benchmarks.environment import BenchSite
from tests.benchmarks.fill import fill
from tests.benchmarks.flow import IncompleteError, check_complete, wait_drained
from tests.benchmarks.processes import read_cpu_s, read_rss_bytes
from tests.journeys.site import Worker

POLL_S: Final = 0.05
TABLES: Final = ("states", "seen")


@dataclass(frozen=True, slots=True)
class Start:
    """Figures of a worker from its start until it is ready."""

    ready_s: float
    cpu_s: float
    rss_bytes: int


@dataclass(frozen=True, slots=True)
class Held:
    """The size of a worker's tables: identifiers (keys of `states`) and blocks of event ids (keys of `seen`)."""

    identifiers: int
    blocks: int
    bytes: int

    @property
    def keys(self) -> int:
        return self.identifiers + self.blocks


@dataclass(frozen=True, slots=True)
class Restored:
    """`empty` started without state, `full` with the state `held`; the difference is the cost of the state."""

    held: Held
    empty: Start
    full: Start
    loaded_rss_bytes: int
    anew: Start | None = None  # of a worker with tables on disk that lost its disk

    @property
    def restore_s(self) -> float:
        return max(self.full.ready_s - self.empty.ready_s, POLL_S)

    @property
    def keys_per_s(self) -> float:
        """Keys of both tables per second of wall time."""
        return self.held.keys / self.restore_s

    @property
    def keys_per_cpu_s(self) -> float:
        """Keys of both tables per second of the worker's CPU time."""
        return self.held.keys / max(self.full.cpu_s - self.empty.cpu_s, POLL_S)

    @property
    def state_rss_bytes(self) -> int:
        return self.full.rss_bytes - self.empty.rss_bytes


def generate_people(people: int, touches: int, seed: int = 7) -> Iterator[Message]:
    """Yield distinct visits of `people` people with one identifier each, in rotation."""
    random = Random(seed)
    for number in range(touches):
        touch = make_visit(random, Customer(number % people), START_MS + DAY_MS * number // touches, linked=False)
        who = f"{number % people:x}-{people:x}"
        touch["anonymous_id"] = who
        yield Message("visits", who.encode(), json.dumps(touch, separators=(",", ":")).encode(), "plain")


def measure_restore(site: BenchSite, people: int, touches: int) -> tuple[Restored, Truth, Worker]:
    """Load a new site with these people's touches and restart its worker, which keeps running.

    Raises IncompleteError if anything is missing or the restored state differs.
    """
    _start(site)[0].stop()  # creates topics and tables and loads them once
    worker, empty = _start(site)
    truth = fill(site.kafka, site.prefix, site.partition_counts.raw, generate_people(people, touches))
    wait_drained(site)
    check_complete(site, truth, [worker])
    held, loaded_rss_bytes = read_held(worker), read_rss_bytes(worker.child.pid)
    worker, full = _restart(site, worker, held)
    if site.state == "memory":
        return Restored(held, empty, full, loaded_rss_bytes), truth, worker
    worker, anew = _restart(site, worker, held, lose_disk=True)
    return Restored(held, empty, full, loaded_rss_bytes, anew), truth, worker


def _restart(site: BenchSite, worker: Worker, held: Held, lose_disk: bool = False) -> tuple[Worker, Start]:
    worker.stop()
    if lose_disk:
        shutil.rmtree(site.settings.state_folder)
    worker, start = _start(site)
    if (again := read_held(worker)) != held:
        raise IncompleteError(f"{site.name}: there was {held}, restored was {again}")
    return worker, start


def read_held(worker: Worker) -> Held:
    """Return the size of a worker's tables from its metrics."""
    keys = {table: round(worker.metric("touchline_state_keys", table=table)) for table in TABLES}
    return Held(keys["states"], keys["seen"], round(worker.metric("touchline_state_bytes")))


def _start(site: BenchSite) -> tuple[Worker, Start]:
    begun_s = time.monotonic()
    worker = site.start("one", **site.state_env())
    ready_s = site.wait_ready(worker) - begun_s
    pid = worker.child.pid
    return worker, Start(ready_s, read_cpu_s(pid), read_rss_bytes(pid))
