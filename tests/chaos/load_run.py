"""A load that flows through its own workers, and the comparison of every result with the expected state."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from tests.chaos.compare import Verdict, compare, compare_changelogs
from tests.chaos.environment import Environment
from tests.chaos.feeder import Feeder
from tests.chaos.load import Load
from tests.chaos.plan import draw_static
from tests.chaos.report import Report, print_progress
from tests.chaos.workers import Workers
from tests.journeys.crowd import DAY_MS, RAW_PARTITIONS
from tests.journeys.site import Site
from tests.oracle.site import expect
from touchline.worker.rules_file import read_rules
from touchline.worker.stages import topics_of

ACTIVITY_PARTITIONS: Final = 4
DRAINED_S: Final = 180.0
FIGURES: Final = (
    "lost", "double", "wrong_events", "wrong_profiles", "wrong_rollups", "wrong_sessions", "wrong_identities",
    "wrong_quarantine", "wrong_page_times", "wrong_changelogs",
)  # fmt: skip
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class RunConfig:
    """The configuration of a run. `rate` is in records per second, `worker_settings` are extra settings of the workers,
    and `kept` records of the load are reserved for `Feeder.send_now`."""

    seed: int
    name: str
    topology: str
    rate: float
    direct: bool = False  # bypass the proxies, which would slow down a large load
    worker_settings: tuple[tuple[str, object], ...] = ()
    kept: int = 0


class LoadRun:
    """A running load: call `start`, inject faults, then `check` any number of times; `close` ends what still runs."""

    def __init__(self, environment: Environment, setting: RunConfig, load: Load, report: Report) -> None:
        self.environment, self.setting, self.load, self.report = environment, setting, load, report
        self.folder = environment.folder / setting.name
        self.folder.mkdir()
        self.site = Site(environment.kafka.bootstrap, environment.engine, self.folder)
        self.workers = Workers(
            environment, self.site, setting.topology, draw_static(setting.seed), direct=setting.direct
        )
        self.workers.settings.update(setting.worker_settings)
        self.feeder = Feeder(
            environment.kafka.bootstrap, self.site.prefix, list(load.raws()), setting.rate, load.paces, setting.kept
        )
        self._recorded: set[tuple[str, int, int]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the workers, then the load."""
        self.site.make_raw_topics()
        self.workers.start_all()
        self.feeder.start()

    def restart_all(self) -> None:
        """Terminate all workers, delete their state and restart them, so that they restore everything from Kafka."""
        print_progress("  restarting all workers without state")
        slots = self.workers.permanent
        for slot in slots:
            slot.lock.acquire()
        try:
            for slot in slots:
                self.workers.terminate(slot)
            self.workers.delete_states()
            for slot in slots:
                self.workers.restart(slot)
        finally:
            for slot in slots:
                slot.lock.release()

    def wait_drained(self) -> None:
        """Wait until every stage has processed everything sent so far."""
        self.feeder.flush()
        self.site.wait_drained(self.workers.separate_groups, DRAINED_S)

    def check(self, when: str, *, last: bool) -> None:
        """Wait until everything is processed, and compare the tables; with `last` also the changelogs."""
        landed = self.feeder.settle()
        self.site.wait_drained(self.workers.separate_groups, DRAINED_S)
        print_progress(f"  everything was processed {when}: {len(landed)} records")
        for one in landed:
            place = one.topic, one.partition, one.offset
            if place not in self._recorded:
                self._recorded.add(place)
                self.load.landed(one.index, one.topic, one.partition, one.offset, one.timestamp_ms)
        expected = expect(self.load.sent(), read_rules(None), self.site.settings)
        self._take(compare(expected, self.site.client()), when)
        if last:
            topics, kafka = topics_of(self.site.settings), self.environment.kafka.bootstrap
            self._take(compare_changelogs(expected, kafka, topics.states, topics.seen, topics.profiles), "in Kafka")
            self.report.touches += len(landed)
        audited = self.site.audit()
        if not audited.ok:
            self.report.troubles.append(f"{self.setting.name}, {when}: the audit found {audited}")
        print_progress("  compared")

    def finish(self) -> None:
        """Add exits, problems and memory to the report."""
        self.report.rounds += 1
        self.report.exits += self.workers.exits
        self.report.troubles += self.workers.problems
        self.report.note_memory(self.workers.peaks_mb)

    def close(self) -> None:
        """Stop the feeder and the workers and close the site."""
        self.feeder.close()
        self.workers.end()
        self.site.close()

    def drop_database(self) -> None:
        """Drop the database of a successful run."""
        self.environment.engine.server().command(f"DROP DATABASE IF EXISTS {self.site.name}")

    def _take(self, verdict: Verdict, when: str) -> None:
        found = {name: count for name in FIGURES if (count := int(getattr(verdict, name)))}
        self.report.wrongs.update(found)
        self.report.drift = max(self.report.drift, verdict.drift)
        if not verdict.ok:
            print_progress(f"  DIFFERS from the expected state {when}: {found}")
            for line in verdict.details[:SHOWN]:
                print_progress(f"    {line}")
            with (self.folder / "verdict.txt").open("a") as file:
                file.writelines(f"{when}: {line}\n" for line in verdict.details)


def midnight_ms() -> int:
    """Return the last UTC midnight as epoch ms."""
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    return now_ms - now_ms % DAY_MS


def make_load(seed: int, touches: int) -> Load:
    """Return the steady load, for the partition counts of a run."""
    return Load(
        seed, touches, day_ms=midnight_ms(), raw_partitions=RAW_PARTITIONS, activity_partitions=ACTIVITY_PARTITIONS
    )


def make_bad_load(name: str, seed: int) -> Load:
    """Return a bad load of its usual size."""
    return Load.scenario(
        name, seed, day_ms=midnight_ms(), raw_partitions=RAW_PARTITIONS, activity_partitions=ACTIVITY_PARTITIONS
    )
