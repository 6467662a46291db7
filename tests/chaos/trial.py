"""A load on its way through workers of its own, and everything compared with what must be there in the end."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from tests.chaos.compare import Verdict, compare, compare_changelogs
from tests.chaos.crew import Crew
from tests.chaos.feeder import Feeder
from tests.chaos.ground import Ground
from tests.chaos.load import Load
from tests.chaos.plan import draw_static
from tests.chaos.report import Report, say
from tests.journeys.crowd import DAY_MS, RAW_PARTITIONS
from tests.journeys.site import Site
from tests.oracle.site import expect
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of

ACTIVITY_PARTITIONS: Final = 4
DRAINED_S: Final = 180.0
FIGURES: Final = (
    "lost", "double", "wrong_events", "wrong_profiles", "wrong_rollups", "wrong_sessions", "wrong_identities",
    "wrong_quarantine", "wrong_changelogs",
)  # fmt: skip
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """What a trial stands on: its seed and name, the form of deployment, `rate` in records a second, what its workers
    are told besides, and how many records of the load are `kept` for `Feeder.send_now`."""

    seed: int
    name: str
    topology: str
    rate: float
    direct: bool = False  # past the proxies: for loads that would be held up by them
    told: tuple[tuple[str, object], ...] = ()
    kept: int = 0


class Trial:
    """`begin`, then whatever happens, then `judge` as often as you like; `close` ends what still runs."""

    def __init__(self, ground: Ground, setting: Setting, load: Load, report: Report) -> None:
        self.ground, self.setting, self.load, self.report = ground, setting, load, report
        self.folder = ground.folder / setting.name
        self.folder.mkdir()
        self.site = Site(ground.kafka.bootstrap, ground.engine, self.folder)
        self.crew = Crew(ground, self.site, setting.topology, draw_static(setting.seed), direct=setting.direct)
        self.crew.settings.update(setting.told)
        self.feeder = Feeder(
            ground.kafka.bootstrap, self.site.prefix, list(load.raws()), setting.rate, load.paces, setting.kept
        )
        self._told: set[tuple[str, int, int]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def begin(self) -> None:
        """Workers, then the load."""
        self.site.make_raw_topics()
        self.crew.begin()
        self.feeder.begin()

    def restart_all(self) -> None:
        """All workers at once, in order: nothing is left in any memory, nor on disk."""
        say("  starting all workers anew")
        slots = self.crew.lasting
        for slot in slots:
            slot.lock.acquire()
        try:
            for slot in slots:
                self.crew.end_in_order(slot)
            self.crew.forget_states()
            for slot in slots:
                self.crew.again(slot)
        finally:
            for slot in slots:
                slot.lock.release()

    def wait_drained(self) -> None:
        """Until everything sent so far has arrived everywhere."""
        self.feeder.flush()
        self.site.wait_drained(self.crew.apart, DRAINED_S)

    def judge(self, when: str, *, last: bool) -> None:
        """Let everything arrive, and compare; at last the changelogs, too."""
        landed = self.feeder.settle()
        self.site.wait_drained(self.crew.apart, DRAINED_S)
        say(f"  everything has arrived {when}: {len(landed)} records")
        for one in landed:
            place = one.topic, one.partition, one.offset
            if place not in self._told:
                self._told.add(place)
                self.load.landed(one.index, one.topic, one.partition, one.offset, one.timestamp_ms)
        expected = expect(self.load.sent(), read_rules(None), self.site.settings)
        self._take(compare(expected, self.site.client()), when)
        if last:
            topics, kafka = topics_of(self.site.settings), self.ground.kafka.bootstrap
            self._take(compare_changelogs(expected, kafka, topics.states, topics.seen, topics.profiles), "in Kafka")
            self.report.touches += len(landed)
        audited = self.site.audit()
        if not audited.ok:
            self.report.troubles.append(f"{self.setting.name}, {when}: the audit says {audited}")
        say("  compared")

    def finish(self) -> None:
        """Tell the report what else there is to tell."""
        self.report.rounds += 1
        self.report.exits += self.crew.exits
        self.report.troubles += self.crew.faulty
        self.report.note_memory(self.crew.peaks_mb)

    def close(self) -> None:
        """End everything of it."""
        self.feeder.close()
        self.crew.end()
        self.site.close()

    def forget(self) -> None:
        """It went well: nobody will look at its tables."""
        self.ground.engine.server().command(f"DROP DATABASE IF EXISTS {self.site.name}")

    def _take(self, verdict: Verdict, when: str) -> None:
        found = {name: count for name in FIGURES if (count := int(getattr(verdict, name)))}
        self.report.wrongs.update(found)
        self.report.drift = max(self.report.drift, verdict.drift)
        if not verdict.ok:
            say(f"  NOT as it must be {when}: {found}")
            for line in verdict.details[:SHOWN]:
                say(f"    {line}")
            with (self.folder / "verdict.txt").open("a") as file:
                file.writelines(f"{when}: {line}\n" for line in verdict.details)


def midnight_ms() -> int:
    """The last one, UTC."""
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    return now_ms - now_ms % DAY_MS


def make_load(seed: int, touches: int) -> Load:
    """The steady one, for the partitions that a trial has."""
    return Load(
        seed, touches, day_ms=midnight_ms(), raw_partitions=RAW_PARTITIONS, activity_partitions=ACTIVITY_PARTITIONS
    )


def make_bad_load(name: str, seed: int) -> Load:
    """A bad one, of its usual size."""
    return Load.scenario(
        name, seed, day_ms=midnight_ms(), raw_partitions=RAW_PARTITIONS, activity_partitions=ACTIVITY_PARTITIONS
    )
