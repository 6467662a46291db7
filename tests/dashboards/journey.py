"""The real pipeline without Kafka and workers: intake, engage and their blocks, with lists in place of topics."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

import msgspec

from schemas.activity import encode_record
from schemas.blocks import decode_block
from schemas.channels import CHANNELS
from schemas.identifiers.identifier import ORDER
from schemas.identity_messages import Claim, Unlink
from schemas.time import DAY_MS
from sinks.clickhouse.client import Client
from sinks.store.insert import insert_frames, insert_touches
from sinks.store.quarantine import QuarantineRecord, insert_quarantine, record_row
from streams.engage.batch_fold import FoldConfig
from streams.engage.stage import Engage, EngageConfig
from streams.enrichment.pipeline import Lookups
from streams.identity.ties import TieLimits
from streams.intake.decoder import IntakeConfig
from streams.intake.stage import Intake
from streams.records import Message, Record, RecordBatch, partition_of
from streams.rules.evaluator import Rules, load_rules
from streams.topics import TIMELINE_PARTITIONS, Topics

HALF_LIFE_MS = 7 * DAY_MS
GAP_MS = 1_800_000
REGION = "DE"
TOPICS = Topics(tuple(CHANNELS), raw_partitions=2, activity_partitions=3)
RULES = """
half_life_days = 7
late_days = 35
[[rule]]
name = "form"
channel = "visits"
type = "form"
weight = 12.5
[[rule]]
name = "page"
channel = "visits"
type = ["page", "search"]
weight = 1
cap = 3
group = "pages"
[[rule]]
name = "clicked"
channel = "emails"
type = "clicked"
weight = 5.25
cap = 1
cap_per = "message_id"
[[rule]]
name = "bounced"
channel = "emails"
type = "bounced"
weight = -4
cap = 2
[[rule]]
name = "unsubscribed"
channel = "emails"
type = "unsubscribed"
weight = -30
[[rule]]
name = "answered"
channel = "calls"
type = "answered"
weight = 8
cap = 2
"""


def rules() -> Rules:
    """Return rules with weights of both signs, with and without caps, caps per value and groups."""
    found = load_rules(RULES, "rules.toml")
    assert isinstance(found, Rules), found
    return found


@dataclass(slots=True)
class LoggedRecord:
    """A record of a list that takes the place of a topic."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()


class FakeTable:
    """A table in memory, without a changelog."""

    def __init__(self) -> None:
        self._values: dict[int, dict[bytes, bytes]] = defaultdict(dict)

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        return self._values[p]

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        for key, value in changes.items():
            if value is None:
                self._values[p].pop(key, None)
            else:
                self._values[p][key] = value


class NullObserver:
    """An observer that ignores all reports."""

    def touches(self, channel: str, result: str, count: int) -> None: ...
    def rejected(self, channel: str, reason: str, count: int) -> None: ...
    def batch(self, stage: str, records: int, seconds: float) -> None: ...
    def state(self, partition: int, identifiers: int, ids: int) -> None: ...
    def other_rules(self, theirs: str) -> None: ...
    def other_order(self, count: int) -> None: ...


@dataclass
class Journey:
    """A pipeline. `send` adds touches, `command` identity commands; `run` processes until no records wait."""

    random: Random
    window_ms: int = 50 * DAY_MS
    late_days: int = 35
    limits: TieLimits = field(default_factory=TieLimits)
    rules: Rules = field(default_factory=rules)

    def __post_init__(self) -> None:
        self.logs: dict[tuple[str, int], list[LoggedRecord]] = defaultdict(list)
        self._read: dict[tuple[str, int], int] = defaultdict(int)
        self._stored: dict[tuple[str, int], int] = defaultdict(int)
        self._clock_ms = 0
        config = IntakeConfig(self.rules, ORDER, REGION, 800 * DAY_MS, 256_000, Lookups())
        fold_config = FoldConfig(HALF_LIFE_MS, self.late_days, GAP_MS, self.limits, ORDER)
        self._intake = Intake(TOPICS, config, self._send, NullObserver())
        config = EngageConfig(TOPICS, fold_config, self.window_ms, self.rules.version)
        self._engage = Engage(config, FakeTable(), FakeTable(), self._send, NullObserver())

    def send(
        self,
        channel: str,
        touch: Mapping[str, object] | bytes,
        at_ms: int,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        """Add a raw record that the broker receives at that time."""
        value = touch if isinstance(touch, bytes) else msgspec.json.encode(touch)
        partition = self.random.randrange(TOPICS.raw_partitions)
        self._append(TOPICS.raw(channel), partition, None, value, headers, at_ms)

    def command(self, record: Unlink | Claim) -> None:
        """Add an identity command."""
        key = record.to.encode()
        partition = partition_of(key, TOPICS.activity_partitions)
        self._append(TOPICS.activity, partition, key, encode_record(record), (), self._clock_ms)

    def run(self, largest: int = 60) -> None:
        """Process all records in batches of random length up to `largest`, partitions in random order."""
        asyncio.run(self._run(largest))

    def store(self, client: Client, again: bool = False) -> None:
        """Store all blocks since the last call in their tables; with `again`, all blocks once more."""
        if again:
            self._stored.clear()
        frames: dict[str, list[bytes]] = defaultdict(list)
        for partition in range(TIMELINE_PARTITIONS):
            for record in self._unstored(TOPICS.timeline, partition):
                header, frame = decode_block(record.value or b"")
                frames[header.table].append(frame)
        for table, parts in frames.items():
            if table == "events":
                insert_touches(client, parts, f"{len(self.logs[TOPICS.timeline, 0])}/{self.random.random()}")
            else:
                insert_frames(client, table, parts)
        refused = [record_row(QuarantineRecord(it.value, it.headers)) for it in self._unstored(TOPICS.quarantine, 0)]
        if refused:
            insert_quarantine(client, refused)

    def _unstored(self, topic: str, partition: int) -> list[LoggedRecord]:
        source = topic, partition
        found = self.logs[source][self._stored[source] :]
        self._stored[source] = len(self.logs[source])
        return found

    async def _run(self, largest: int) -> None:
        """Process raw records in about the order of their arrival, and activity at any time."""
        raw = [(TOPICS.raw(channel), p, self._intake.process) for channel in TOPICS.channels for p in range(2)]
        activity = [(TOPICS.activity, p, self._engage.process) for p in range(TOPICS.activity_partitions)]
        while True:
            arrived = [one for one in raw if self._waits(*one[:2])]
            oldest = sorted(arrived, key=lambda one: self._next(*one[:2]).timestamp)[:1]
            ready = [*oldest, *(one for one in activity if self._waits(*one[:2]))]
            if not ready:
                return
            topic, partition, take = self.random.choice(ready)
            start = self._read[topic, partition]
            records: list[Record] = [*self.logs[topic, partition][start : start + self.random.randint(1, largest)]]
            await take(RecordBatch(topic, partition, records))
            self._read[topic, partition] = start + len(records)

    def _waits(self, topic: str, partition: int) -> bool:
        return self._read[topic, partition] < len(self.logs[topic, partition])

    def _next(self, topic: str, partition: int) -> LoggedRecord:
        return self.logs[topic, partition][self._read[topic, partition]]

    async def _send(self, messages: Mapping[tuple[str, int], Sequence[Message]]) -> None:
        for (topic, partition), these in messages.items():
            for key, value, headers in these:
                self._append(topic, partition, key, value, headers or (), self._clock_ms)

    def _append(
        self,
        topic: str,
        partition: int,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes]],
        at_ms: int,
    ) -> None:
        self._clock_ms = max(self._clock_ms, at_ms)
        log = self.logs[topic, partition]
        log.append(LoggedRecord(len(log), at_ms, key, value, headers))
