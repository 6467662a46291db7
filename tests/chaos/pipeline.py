"""A load through the real intake and engage stages in one process, with a log in memory and workers that die
(tests.streams.engage.stage_world).

It tests load, oracle and comparison against each other without Kafka.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import starmap

from schemas.pings import Ping
from schemas.rejected import Rejected
from schemas.touch import SESSION_GAP_MS, Touch
from sinks.clickhouse.client import Client
from sinks.store.blocks import read_batch
from sinks.store.insert import insert_frames, insert_touches
from sinks.store.quarantine import QuarantineRecord, insert_quarantine, record_row
from streams.engage.batch_fold import FoldConfig
from streams.enrichment.pipeline import Lookups
from streams.identity.ties import TieLimits
from streams.intake.decoder import IntakeConfig, decode
from streams.quarantine import RawRecord, quarantine_record
from streams.rules.evaluator import Rules
from streams.topics import TIMELINE_PARTITIONS
from tests.chaos.compare_changelogs import Logged
from tests.chaos.load import Load
from tests.chaos.load_meaning import Facts, Refused, Sent
from tests.journeys.crowd import DAY_MS, HOUR_MS
from tests.streams.engage.stage_scenarios import Scenario
from tests.streams.engage.stage_world import World
from touchline.settings import Settings

DAY: int = 20_500 * DAY_MS  # in 2026
PREFIX = "x-"


def land(load: Load, indices: list[int] | None = None, hours: float = 9) -> None:
    """Record offsets and arrival times as Kafka would assign them: one record per ms from that hour on."""
    nexts: Counter[tuple[str, int]] = Counter(
        {(one.topic.removeprefix(PREFIX), one.partition): 0 for one in load.sent()}
    )
    for one in load.sent():
        nexts[one.topic.removeprefix(PREFIX), one.partition] += 1
    for place, index in enumerate(range(len(load)) if indices is None else indices):
        raw = load.items[index].raw
        offset = nexts[raw.channel, raw.partition]
        nexts[raw.channel, raw.partition] += 1
        load.landed(index, PREFIX + raw.channel, raw.partition, offset, DAY + int(hours * HOUR_MS) + place)


@dataclass
class Ran:
    """The contents of the logs at the end."""

    world: World
    refused: list[tuple[Sent, Rejected]]

    def insert(self, client: Client) -> None:
        """Insert everything into the tables, as the store does."""
        for partition in range(TIMELINE_PARTITIONS):
            log = self.world.log(self.world.topics.timeline, partition)
            batch = read_batch(partition, [(one.offset, one.value or b"") for one in log], {})
            for table, blocks in batch.blocks.items():
                frames = [part.frame for part in blocks]
                if table == "events":
                    insert_touches(client, frames, f"{partition}")
                else:
                    insert_frames(client, table, frames)
        messages = starmap(lambda sent, why: quarantine_record(_raw(sent), why), self.refused)
        rows = [record_row(QuarantineRecord(value, headers or ())) for _, value, headers in messages]
        if rows:
            insert_quarantine(client, rows)

    def logged(self, topic: str) -> list[Logged]:
        """Return the records of a changelog (`states`, `seen`) or of the topic of profiles."""
        name = self.world.topics.profiles if topic == "profiles" else topic
        return [
            Logged(p, one.key or b"", one.value, next((int(value) for _, value in one.headers), None))
            for p in range(self.world.scenario.partitions)
            for one in self.world.log(name, p)
        ]


def run(load: Load, rules: Rules, settings: Settings, *, trouble: bool, seed: int = 1) -> Ran:
    """Send every landed record through intake and engage."""
    config = IntakeConfig(
        rules, settings.identifiers, settings.phone_region, settings.retention_ms, settings.largest_kb * 1024, Lookups()
    )
    feed: list[object] = []
    refused: list[tuple[Sent, Rejected]] = []
    for sent in load.sent():
        if not isinstance(sent.item.meaning, Facts | Ping | Refused):
            feed.append(sent.item.meaning)
            continue
        result = decode(_raw(sent), config)
        if isinstance(result, Touch | Ping):
            feed.append(result)
        else:
            refused.append((sent, result))
    limits = TieLimits(settings.targets, settings.links)
    fold_config = FoldConfig(rules.half_life_ms, rules.late_days, SESSION_GAP_MS, limits, settings.identifiers)
    partitions = settings.activity_partitions
    world = World(
        Scenario(seed, "chaos", fold_config, settings.window_ms, partitions, trouble, False, feed)  # type: ignore[arg-type]
    )
    world.run()
    return Ran(world, refused)


def _raw(sent: Sent) -> RawRecord:
    raw = sent.item.raw
    return RawRecord(raw.channel, sent.topic, sent.partition, sent.offset, sent.timestamp_ms, raw.value)
