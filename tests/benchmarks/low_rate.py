"""How a worker does below its limit: the time from a touch to its row, what waiting costs, how it catches up.

One worker process with all stages, a Kafka and an engine of their own. `measure_rate` and `measure_catch_up` are what
`make bench` calls; `python -m tests.benchmarks.low_rate 100 20` measures one rate and prints it.
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
WARM_S: Final = 6.0  # first parts, first profiles, compiled code
IDLE_S: Final = 10.0
ARRIVE_S: Final = 60.0
LOOKS: Final = 15  # at what usually waits
LOOK_S: Final = 0.2
_TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


class OneMachine(Site):
    """A site with the partitions of `touchline up`, unless told otherwise."""

    raw_partitions = 4
    activity_partitions = 8
    timeline_partitions = 1

    @property
    def settings(self) -> Settings:
        """As its commands and workers read them."""
        changed = {
            "raw_partitions": self.raw_partitions,
            "activity_partitions": self.activity_partitions,
            "timeline_partitions": self.timeline_partitions,
        }
        return super().settings.model_copy(update=changed)


@dataclass
class Stand:
    """A Kafka, an engine and a worker that is ready."""

    node: KafkaNode
    engine: Engine
    site: OneMachine
    worker: Worker

    def cpu_s(self) -> tuple[float, ...]:
        """CPU seconds so far of the worker, the engine and Kafka. Linux only: /proc tells it."""
        return tuple(map(read_cpu_s, (self.worker.child.pid, self.engine.pid, self.node.child.pid)))

    def load(self, touches_per_s: float, run: str) -> SteadyLoad:
        """A steady load, not yet begun."""
        return SteadyLoad(self.node.bootstrap, self.site.prefix, touches_per_s, self.site.raw_partitions, run)


def read_cpu_s(pid: int) -> float:
    """User and system time of a process with all its threads, in seconds (proc(5), fields 14 and 15 of `stat`)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S


@contextmanager
def stand(timeline_partitions: int = 1) -> Iterator[Stand]:
    """Everything runs, and nothing does afterwards."""
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
        yield Stand(node, engine, site, worker)


def measure_rate(touches_per_s: float, seconds: float, *, timeline_partitions: int = 1) -> dict[str, float]:
    """From a touch's sending to its row in a query's answer, at a steady rate; and shares of a core.

    Latencies are of `seconds` with a query every 20 ms, shares of as long again without one, and of a time without
    touches (`idle_core_share`). The clock of a touch starts when it is handed to the producer, which adds up to 10 ms.
    """
    with stand(timeline_partitions) as here:
        with here.load(touches_per_s, "w"):
            time.sleep(WARM_S)
        here.site.wait_drained()
        delays_s = sorted(_follow(here, touches_per_s, seconds))
        with here.load(touches_per_s, "c"):
            time.sleep(1.0)
            busy = _shares(here, seconds)
        here.site.wait_drained()
        time.sleep(3.0)  # what is settled after a while
        idle = _shares(here, IDLE_S)
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
    """The value that this share of them does not exceed. Raises `ValueError` of none."""
    if not ordered:
        raise ValueError("no touch was followed")
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _shares(here: Stand, seconds: float) -> list[float]:
    """Cores used meanwhile by the worker, the engine and Kafka."""
    before, begun_s = here.cpu_s(), time.monotonic()
    time.sleep(seconds)
    passed_s = time.monotonic() - begun_s
    return [(after - ahead) / passed_s for ahead, after in zip(before, here.cpu_s(), strict=True)]


def _follow(here: Stand, touches_per_s: float, seconds: float) -> Iterator[float]:
    """Delays of all marked touches; every one of them must arrive."""
    seen_s: dict[int, float] = {}
    client, lowest = here.site.client(), 0
    with here.load(touches_per_s, "l") as load:
        end_s = time.monotonic() + seconds
        while time.monotonic() < end_s:
            lowest = _look(client, load, seen_s, lowest)
    wait_for(lambda: _look(client, load, seen_s, 0) >= load.sent, "the touches that were followed", ARRIVE_S)
    return (seen_s[number] - sent_s for number, sent_s in load.sent_s.items())


def _look(client: Client, load: SteadyLoad, seen_s: dict[int, float], lowest: int) -> int:
    """One query for marked touches that were not there yet; up to where all are."""
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
    """The engine is killed and away under load, which goes on; how fast what waited is stored once it is back.

    `catch_up_per_s` counts all touches stored from the first new row until no more waits than before the outage;
    `ratio` is that against the rate of the load.
    """
    with stand() as here:
        with here.load(touches_per_s, "k"):
            time.sleep(WARM_S)
            usual = max(_waiting(here.site) for _ in range(LOOKS))
            before = here.site.count("events")
            here.engine.kill()
            time.sleep(away_s)
            here.engine.start()
            back_s = time.monotonic()
            stored = wait_for(lambda: _more_than(here.site, before), "rows after the outage", ARRIVE_S)
            resumed_s = time.monotonic()
            wait_for(lambda: _waiting(here.site) <= usual, "the store to catch up", 10 * ARRIVE_S)
            caught_s, caught = time.monotonic(), here.site.count("events")
        here.site.wait_drained()
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
    """Timeline records that are not stored yet, and committed as such."""
    time.sleep(LOOK_S)
    waiting = site.lags().waiting("store")
    assert waiting is not None, "Kafka does not say how far the store is"
    return waiting


def _more_than(site: Site, before: int) -> int:
    """How many rows there are, if more than before."""
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
