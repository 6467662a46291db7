"""A worker below its limit: the latency from touch to row, the cost of idling, and catching up after an outage.

One worker process with all stages has its own Kafka and engine. `make bench` calls `measure_rate` and
`measure_catch_up`; `python -m tests.benchmarks.low_rate 100 20` measures one rate and prints it.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.jars import ensure_jars
from deploy.kafka_node import KafkaNode
from sinks.clickhouse.client import Client
from tests.benchmarks.low_rate_load import SteadyLoad, probe_id, probed_identifiers
from tests.conftest import JARS_CACHE
from tests.journeys.engine import Engine
from tests.journeys.site import Site, Worker
from tests.journeys.waiting import wait_for
from touchline.settings import Settings

POLL_S: Final = 0.02
WARM_S: Final = 6.0  # for first parts, first profiles and compiled code
IDLE_S: Final = 10.0
ARRIVE_S: Final = 60.0
BASELINE_READS: Final = 15  # readings of the usual backlog
READ_GAP_S: Final = 0.2
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


class OneMachine(Site):
    """A site with the partition counts of `touchline up` by default."""

    raw_partitions = 4
    activity_partitions = 8
    timeline_partitions = 1

    @property
    def settings(self) -> Settings:
        """The settings of its commands and workers."""
        changed = {
            "raw_partitions": self.raw_partitions,
            "activity_partitions": self.activity_partitions,
            "timeline_partitions": self.timeline_partitions,
        }
        return super().settings.model_copy(update=changed)


@dataclass
class RunningSite:
    """A Kafka, an engine and a ready worker."""

    node: KafkaNode
    engine: Engine
    site: OneMachine
    worker: Worker

    def cpu_s(self) -> tuple[float, ...]:
        """Return CPU seconds so far of the worker, the engine and Kafka, from /proc (Linux only)."""
        return tuple(map(read_cpu_s, (self.worker.child.pid, self.engine.pid, self.node.child.pid)))

    def load(self, touches_per_s: float, run: str) -> SteadyLoad:
        """Return a steady load that is not yet started."""
        return SteadyLoad(self.node.bootstrap, self.site.prefix, touches_per_s, self.site.raw_partitions, run)


def read_cpu_s(pid: int) -> float:
    """Return CPU seconds of a process and all its threads, user and system (proc(5): fields 14 and 15 of `stat`)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


@contextmanager
def run_site(timeline_partitions: int = 1) -> Iterator[RunningSite]:
    """Start everything; stop it afterwards."""
    with ExitStack() as close:
        folder = Path(close.enter_context(tempfile.TemporaryDirectory(prefix="touchline-low-rate-")))
        node = close.enter_context(KafkaNode(folder / "kafka", ensure_jars(JARS_CACHE, print)))
        (folder / "engine").mkdir()
        engine = Engine(folder / "engine")
        close.callback(engine.stop)
        engine.start()
        (folder / "site").mkdir()
        site = OneMachine(node.bootstrap, engine, folder / "site")
        close.callback(site.close)
        site.timeline_partitions = timeline_partitions
        site.make_raw_topics()
        worker = site.start()
        wait_for(lambda: worker.page("ready")[0] == 200, "the worker to be ready")
        yield RunningSite(node, engine, site, worker)


def measure_rate(touches_per_s: float, seconds: float, *, timeline_partitions: int = 1) -> dict[str, float]:
    """Return the latency from sending a touch to its row in a query result at a steady rate, and shares of a core.

    Latencies are measured for `seconds` with a query every 20 ms, core shares for as long again without queries, and
    then without touches (`idle_core_share`). The clock of a touch starts when it is passed to the producer, which
    adds up to 10 ms.
    """
    with run_site(timeline_partitions) as running:
        with running.load(touches_per_s, "w"):
            time.sleep(WARM_S)
        running.site.wait_drained()
        delays_s = sorted(_measure_delays(running, touches_per_s, seconds))
        with running.load(touches_per_s, "c"):
            time.sleep(1.0)
            busy = _shares(running, seconds)
        running.site.wait_drained()
        time.sleep(3.0)  # periodic work that ends after a while
        idle = _shares(running, IDLE_S)
    return {
        "touches_per_s": touches_per_s,
        "followed": len(delays_s),
        "p50_ms": round(1000 * quantile(delays_s, 0.5)),
        "p99_ms": round(1000 * quantile(delays_s, 0.99)),
        "worker_core_share": round(busy[0], 4),
        "engine_core_share": round(busy[1], 4),
        "kafka_core_share": round(busy[2], 4),
        "idle_core_share": round(idle[0], 4),
        "idle_engine_core_share": round(idle[1], 4),
    }


def quantile(ordered: list[float], share: float) -> float:
    """Return the value that this share does not exceed. Raises `ValueError` for an empty list."""
    if not ordered:
        raise ValueError("no touch was measured")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _shares(running: RunningSite, seconds: float) -> list[float]:
    """Return the cores used during `seconds` by the worker, the engine and Kafka."""
    before, begun_s = running.cpu_s(), time.monotonic()
    time.sleep(seconds)
    passed_s = time.monotonic() - begun_s
    return [(after - ahead) / passed_s for ahead, after in zip(before, running.cpu_s(), strict=True)]


def _measure_delays(running: RunningSite, touches_per_s: float, seconds: float) -> Iterator[float]:
    """Yield the delays of all marked touches, each of which must arrive."""
    seen_s: dict[int, float] = {}
    client, lowest = running.site.client(), 0
    with running.load(touches_per_s, "l") as load:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            lowest = _query_new(client, load, seen_s, lowest)
    wait_for(lambda: _query_new(client, load, seen_s, 0) >= load.sent, "the marked touches", ARRIVE_S)
    return (seen_s[number] - sent_s for number, sent_s in load.sent_s.items())


def _query_new(client: Client, load: SteadyLoad, seen_s: dict[int, float], lowest: int) -> int:
    """Query the marked touches that were missing so far; return the number up to which all are stored."""
    hashes = ", ".join(f"cityHash64('{one}')" for one in probed_identifiers())
    found = client.query(
        f"SELECT event_id FROM events WHERE tenant = 'main' AND folded_id IN ({hashes}) "
        f"AND event_id >= '{probe_id('l', lowest)}' AND event_id < 'probe-m'"
    ).result_rows
    now_s = time.time()
    for (event_id,) in found:
        seen_s.setdefault(int(event_id.rpartition("-")[2]), now_s)
    time.sleep(POLL_S)
    return next((number for number in list(load.sent_s) if number not in seen_s), load.sent)


def measure_catch_up(touches_per_s: float = 2000.0, away_s: float = 20.0) -> dict[str, float]:
    """Kill the engine under continuing load, and measure how fast the backlog is stored once it is back.

    `catch_up_per_s` counts all touches stored from the first new row until the backlog is as small as before;
    `ratio` is that divided by the rate of the load.
    """
    with run_site() as running:
        with running.load(touches_per_s, "k"):
            time.sleep(WARM_S)
            usual = max(_waiting(running.site) for _ in range(BASELINE_READS))
            before = running.site.count("events")
            running.engine.kill()
            time.sleep(away_s)
            running.engine.start()
            back_s = time.monotonic()
            stored = wait_for(lambda: _count_if_above(running.site, before), "rows after the outage", ARRIVE_S)
            resumed_s = time.monotonic()
            wait_for(lambda: _waiting(running.site) <= usual, "the store to catch up", 10 * ARRIVE_S)
            caught_s, caught = time.monotonic(), running.site.count("events")
        running.site.wait_drained()
    per_s = (caught - stored) / max(caught_s - resumed_s, 1e-9)
    return {
        "touches_per_s": touches_per_s,
        "away_s": away_s,
        "resumed_after_s": round(resumed_s - back_s, 2),
        "caught_up_after_s": round(caught_s - back_s, 2),
        "catch_up_per_s": round(per_s),
        "ratio": round(per_s / touches_per_s, 2),
    }


def _waiting(site: Site) -> int:
    """Return the number of timeline records that are not yet stored and committed."""
    time.sleep(READ_GAP_S)
    waiting = site.lags().waiting("store")
    assert waiting is not None, "Kafka does not return the lag of the store"
    return waiting


def _count_if_above(site: Site, before: int) -> int:
    """Return the number of rows if it exceeds `before`, else 0."""
    now = site.count("events")
    return now if now > before else 0


def main(words: list[str]) -> None:
    """`RATE SECONDS [TIMELINE_PARTITIONS]`, or `catch-up [RATE [AWAY_S]]`."""
    if words[:1] == ["catch-up"]:
        print(json.dumps(measure_catch_up(*map(float, words[1:]))))
    else:
        partitions = int(words[2]) if len(words) > 2 else 1
        print(json.dumps(measure_rate(float(words[0]), float(words[1]), timeline_partitions=partitions)))


if __name__ == "__main__":
    main(sys.argv[1:])
