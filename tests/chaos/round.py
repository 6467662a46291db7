"""One round: workers of their own, a load, faults while it flows, then everything compared with what must be there.

After that all workers are started anew with nothing in memory, some more touches come, and it is compared once more,
the changelogs, too.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final

from tests.chaos.compare import Verdict, compare, compare_changelogs
from tests.chaos.crew import TOPOLOGIES, Crew
from tests.chaos.faults import ALL, FAULTS, Scene
from tests.chaos.feeder import Feeder
from tests.chaos.ground import Ground
from tests.chaos.load import Load
from tests.chaos.oracle import expect
from tests.chaos.plan import Step, draw_static, draw_steps, draw_topology
from tests.chaos.report import Report, say
from tests.journeys.crowd import DAY_MS, RAW_PARTITIONS
from tests.journeys.site import Site
from touchline.rules import read_rules
from touchline.stages import topics_of

DRAINED_S: Final = 180.0
FAULT_S: Final = 20.0  # of load for each fault: more than most of them take
TAIL: Final = 500  # records that come after the last restart
FIGURES: Final = (
    "lost", "double", "wrong_events", "wrong_profiles", "wrong_rollups", "wrong_sessions", "wrong_identities",
    "wrong_quarantine", "wrong_changelogs",
)  # fmt: skip
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What a round is to be. `end_s`: no fault begins later (monotonic seconds); `rate` in records a second."""

    seed: int
    faults: int
    rate: float
    topology: str = ""
    kinds: tuple[str, ...] = tuple(FAULTS)
    end_s: float = float("inf")


class Round:
    """`play` does all of it and adds to the report; `close` ends what still runs, also after half a round."""

    def __init__(self, ground: Ground, order: Order, report: Report) -> None:
        self._ground, self._order, self._report = ground, order, report
        self.folder = ground.folder / f"round-{order.seed}"
        self.folder.mkdir()
        self._site = Site(ground.kafka.bootstrap, ground.engine, self.folder)
        topology = order.topology or draw_topology(order.seed, tuple(TOPOLOGIES))
        self._crew = Crew(ground, self._site, topology, draw_static(order.seed, 6))
        count = int(order.rate * (FAULT_S * order.faults)) + TAIL
        now_ms = int(datetime.now(UTC).timestamp() * 1000)
        settings = self._site.settings
        self._load = Load(
            order.seed, count, day_ms=now_ms - now_ms % DAY_MS, raw_partitions=RAW_PARTITIONS,
            activity_partitions=settings.activity_partitions,
        )  # fmt: skip
        self._feeder = Feeder(ground.kafka.bootstrap, self._site.prefix, list(self._load.raws()), order.rate)
        self._told: set[tuple[str, int, int]] = set()

    def play(self) -> None:
        """All of it."""
        order = self._order
        say(f"round with seed {order.seed}: {self._crew.topology}, {order.faults} faults at {order.rate:g} records/s")
        self._site.make_raw_topics()
        self._crew.begin()
        self._feeder.begin()
        self._do_faults()
        self._feeder.end_pacing()
        self._judge("after the faults", changelogs=False)
        self._restart_all()
        self._feeder.send_now(TAIL)
        self._judge("after all workers were started anew", changelogs=True)
        self._report.rounds += 1
        self._report.exits += self._crew.exits
        self._report.troubles += self._crew.faulty
        self._report.peak_mb = max(self._report.peak_mb, self._crew.peak_mb)

    def close(self) -> None:
        """End everything of it."""
        self._feeder.close()
        self._crew.end()
        self._site.close()

    def forget(self) -> None:
        """It went well: nobody will look at its tables."""
        self._ground.engine.server().command(f"DROP DATABASE IF EXISTS {self._site.name}")

    def _do_faults(self) -> None:
        order = self._order
        scene = Scene(self._ground, self._crew, self._feeder)
        running: list[threading.Thread] = []
        for number, step in enumerate(draw_steps(order.seed, order.kinds, order.faults), 1):
            time.sleep(step.pause_s)
            if time.monotonic() > order.end_s:
                say(f"  time is up after {number - 1} faults")
                break
            thread = threading.Thread(target=self._do, args=(scene, step, number), daemon=True)
            thread.start()
            running.append(thread)
            if not step.together:
                join(running)
        join(running)

    def _do(self, scene: Scene, step: Step, number: int) -> None:
        begun_s = time.monotonic()
        sent = self._feeder.sent
        try:
            came = ALL[step.kind](scene, Random(step.seed))
        except Exception as error:
            self._report.troubles.append(f"seed {self._order.seed}, fault {number} {step.kind}: {error!r}")
            say(f"  {number:3} {step.kind}: {error!r}")
            return
        (self._report.kinds if came else self._report.missed)[step.kind] += 1
        what = "" if came else ": its moment did not come"
        say(f"  {number:3} {step.kind}{what} ({time.monotonic() - begun_s:.1f} s, after {sent} records)")

    def _restart_all(self) -> None:
        """Nothing is left in any worker's memory."""
        say("  starting all workers anew")
        with Scene(self._ground, self._crew, self._feeder).all_workers() as slots:
            for slot in slots:
                self._crew.end_in_order(slot)
            for slot in slots:
                self._crew.again(slot)

    def _judge(self, when: str, changelogs: bool) -> None:
        """Let everything arrive, and compare."""
        begun_s = time.monotonic()
        landed = self._feeder.settle()
        self._site.wait_drained(self._crew.apart, DRAINED_S)
        say(f"  everything arrived {time.monotonic() - begun_s:.1f} s {when}: {len(landed)} records")
        for one in landed:
            place = one.topic, one.partition, one.offset
            if place not in self._told:
                self._told.add(place)
                self._load.landed(one.index, one.topic, one.partition, one.offset, one.timestamp_ms)
        expected = expect(self._load.sent(), read_rules(None), self._site.settings)
        self._take(compare(expected, self._site.client()), when)
        if changelogs:
            topics = topics_of(self._site.settings)
            kafka = self._ground.kafka.bootstrap
            self._take(compare_changelogs(expected, kafka, topics.states, topics.seen, topics.profiles), "in Kafka")
            self._report.touches += len(landed)
        audited = self._site.audit()
        if not audited.ok:
            self._report.troubles.append(f"seed {self._order.seed}, {when}: the audit says {audited}")
        say(f"  compared within {time.monotonic() - begun_s:.1f} s")

    def _take(self, verdict: Verdict, when: str) -> None:
        found = {name: int(getattr(verdict, name)) for name in FIGURES}
        self._report.wrongs.update({name: count for name, count in found.items() if count})
        self._report.drift = max(self._report.drift, verdict.drift)
        if not verdict.ok:
            say(f"  NOT as it must be {when}: { ({name: count for name, count in found.items() if count}) }")
            for line in verdict.details[:SHOWN]:
                say(f"    {line}")
            with (self.folder / "verdict.txt").open("a") as file:
                file.writelines(f"{when}: {line}\n" for line in verdict.details)


def join(threads: list[threading.Thread]) -> None:
    """Wait for all, and forget them."""
    for thread in threads:
        thread.join()
    threads.clear()
