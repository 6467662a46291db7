"""The real engage stage in a simulated world: logs, changelogs and a store in memory, and a driver with faults.

Every await of the stage passes the driver the messages that it waits for. The driver appends them, kills the worker
after a part of them, or revokes the partition. A new worker starts at the last commit, with state that is read back
from the changelogs by the product's own rule; messages of a dead worker may arrive much later.
"""

import random
from asyncio import CancelledError
from collections import Counter, deque
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from schemas.activity import encode_record
from schemas.pings import Ping
from schemas.touch import Touch
from streams.engage import dedupe_state
from streams.engage.stage import Engage, EngageConfig, StateTable
from streams.profile import identifier_state
from streams.records import Message, RecordBatch, Send, partition_of
from streams.state.partition import PartitionLostError
from streams.state.versioned_log import VersionedKeys, VersionOf
from streams.topics import Topics
from tests.streams.engage.stage_fakes import CountingObserver, MemoryTable, Place, Rec, Waiting
from tests.streams.engage.stage_scenarios import Scenario

RULES_VERSION = "v1"


class Worker:
    """One process: the stage with its tables, and its messages in flight."""

    def __init__(self, world: "World") -> None:
        self.states, self.seen = MemoryTable(world, "states"), MemoryTable(world, "seen")
        self.observer = CountingObserver()
        self.flying: dict[Place, deque[Message]] = {}
        self.engage = self.make_stage(world, self.states, self.seen, world.send)

    def make_stage(self, world: "World", states: StateTable, seen: StateTable, send: Send) -> Engage:
        scenario = world.scenario
        config = EngageConfig(world.topics, scenario.fold_config, scenario.window_ms, RULES_VERSION)
        return Engage(config, states, seen, send, self.observer)


@dataclass
class Take:
    """A batch that a worker is processing."""

    coroutine: Coroutine[Any, Any, None]
    waiting: Waiting
    end: int


class World:
    """Kafka and one worker at a time. Runs until every record of the feed is processed."""

    worker_type = Worker
    versions: Mapping[str, VersionOf | None] = {"states": identifier_state.version_of, "seen": dedupe_state.version_of}

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.random = random.Random(scenario.seed * 31 + 7)
        self.topics = Topics(("visits", "emails"), activity_partitions=scenario.partitions)
        self.logs: dict[Place, list[Rec]] = {}
        self.committed = [0] * scenario.partitions
        self.positions = [0] * scenario.partitions
        self.takes: dict[int, Take] = {}
        self.ghosts: list[dict[Place, deque[Message]]] = []  # messages of dead workers in flight
        self.stats: Counter[str] = Counter()
        self.worker = self.worker_type(self)

    # ---------------------------------------------------------------- what the stage calls

    def send(self, messages: Mapping[Place, Sequence[Message]]) -> Awaitable[None]:
        """Keep the order within a partition, except on `activity`, where the stage promises none."""
        sent = {place: list(some) for place, some in messages.items() if some}
        for place, some in sent.items():
            if place[0] == self.topics.activity and self.random.random() < 0.5:
                self.random.shuffle(some)
        return Waiting({place: deque(some) for place, some in sent.items()})

    # ---------------------------------------------------------------- logs

    def log(self, topic: str, partition: int) -> list[Rec]:
        return self.logs.setdefault((topic, partition), [])

    def append(self, place: Place, message: Message) -> None:
        log = self.log(*place)
        key, value, headers = message
        log.append(Rec(log[-1].offset + 1 if log else 0, 0, key, value, headers or ()))

    def feed(self, fed: object) -> None:
        key, timestamp = b"", 0
        if isinstance(fed, Touch):
            key, timestamp = (fed.ids[0] if fed.ids else fed.event_id).encode(), fed.received_at_ms
        elif isinstance(fed, Ping):
            key = fed.key
        elif not isinstance(fed, bytes):
            key = fed.to.encode()  # type: ignore[attr-defined]
        partition = partition_of(key, self.scenario.partitions)
        value = fed if isinstance(fed, bytes) else encode_record(fed)
        log = self.log(self.topics.activity, partition)
        log.append(Rec(len(log), timestamp, key, value, ()))

    def arrive(self, messages: dict[Place, deque[Message]], place: Place, count: int) -> None:
        """Append the first `count` messages in flight to a partition."""
        for _ in range(count):
            self.append(place, messages[place].popleft())
        if not messages[place]:
            del messages[place]

    def arrive_some(self, messages: dict[Place, deque[Message]]) -> None:
        """Append the first few messages in flight to each partition."""
        for place in list(messages):
            self.arrive(messages, place, self.random.randint(0, len(messages[place])))

    def read_back(self, table: str, p: int) -> dict[bytes, bytes]:
        """Return a partition of a table, restored from its changelog."""
        keys = VersionedKeys(self.versions[table])
        keys.absorb(self.log(table, p))
        return keys.values

    def compact(self) -> None:
        """Keep only the last record of each key of the changelogs."""
        for place, log in self.logs.items():
            if place[0] in self.versions:
                last = {record.key: record for record in log}
                log[:] = [record for record in log if last[record.key] is record]
        self.stats["compaction"] += 1

    # ---------------------------------------------------------------- the driver

    def run(self) -> None:
        feed, eager = deque(self.scenario.feed), self.random.choice([0.2, 0.5, 0.9, 1.0])
        steps, troubled = 0, 40 + 10 * len(feed)
        while feed or self.ghosts or self.takes or self.behind() or self.worker.flying:
            steps += 1
            assert steps < 100 * troubled, "does not end"
            if feed and self.random.random() < eager:
                self.feed(feed.popleft())
            elif self.scenario.trouble and steps < troubled and self.random.random() < 0.12:
                self.harm()
            else:
                self.work()
        assert not any(waiting for take in self.takes.values() for waiting in take.waiting.messages)

    def behind(self) -> list[int]:
        """Return the partitions with unprocessed records."""
        return [
            p for p in range(self.scenario.partitions)
            if p not in self.takes and self.positions[p] < len(self.log(self.topics.activity, p))
        ]  # fmt: skip

    def work(self) -> None:
        choices = [*self.behind(), *self.takes]
        if self.ghosts and (not choices or self.random.random() < 0.2):
            ghost = self.random.choice(self.ghosts)
            self.arrive_some(ghost)
            self.ghosts = [ghost for ghost in self.ghosts if ghost]
        elif self.worker.flying and (not choices or self.random.random() < 0.2):
            self.arrive_some(self.worker.flying)
        elif choices:
            p = self.random.choice(choices)
            if p in self.takes:
                self.proceed(p)
            else:
                self.begin(p)

    def begin(self, p: int) -> None:
        log = self.log(self.topics.activity, p)
        start = self.positions[p]
        end = min(len(log), start + self.random.choice([1, 2, 3, 5, 8, 13]))
        batch = RecordBatch(self.topics.activity, p, log[start:end])
        self.resume(p, self.worker.engage.process(batch), end)

    def proceed(self, p: int) -> None:
        """Append the messages that the stage waits for, and resume it."""
        take = self.takes.pop(p)
        messages = take.waiting.messages
        for place in list(messages):
            if place in self.worker.flying:
                self.arrive(self.worker.flying, place, len(self.worker.flying[place]))
            self.arrive(messages, place, len(messages[place]))
        self.resume(p, take.coroutine, take.end)

    def resume(self, p: int, coroutine: Coroutine[Any, Any, None], end: int) -> None:
        try:
            waiting = coroutine.send(None)
        except StopIteration:
            self.positions[p] = end
            if self.random.random() < 0.5:
                self.committed[p] = end
        else:
            self.takes[p] = Take(coroutine, waiting or Waiting({}, "turn"), end)

    # ---------------------------------------------------------------- faults

    def harm(self) -> None:
        if self.takes and self.random.random() < 0.5:
            self.take_away(self.random.choice(list(self.takes)))
        elif not self.scenario.late and self.random.random() < 0.2:
            self.compact()
        else:
            self.kill()

    def kill(self) -> None:
        """Kill the worker after a part of its messages arrived. The others are lost, or arrive much later."""
        self.stats["kill"] += 1
        flights = [self.worker.flying, *(take.waiting.messages for take in self.takes.values())]
        for messages in flights:
            self.arrive_some(messages)
        for take in self.takes.values():
            take.coroutine.close()
            self.stats[f"killed in {take.waiting.table or 'send'}"] += 1
        if self.scenario.late:
            self.ghosts += [messages for messages in flights if messages and self.random.random() < 0.5]
        self.takes.clear()
        self.worker = self.worker_type(self)
        self.positions = list(self.committed)

    def take_away(self, p: int) -> None:
        """Revoke a partition and assign it again; a table keeps its state unless a write was abandoned."""
        worker, waits_for = self.worker, self.takes[p].waiting.table or "send"
        tables = (worker.states, worker.seen)
        for table in tables:
            table.partition(p)
            table.parts[p].owned = False
        if self.random.random() < 0.4:
            self.stats["lost"] += 1
            with suppress(PartitionLostError):
                self.proceed(p)
        else:
            self.stats[f"cancelled in {waits_for}"] += 1
            self.cancel(p)
        self.takes.pop(p, None)
        kept = self.random.random() < 0.6
        for table in tables:
            table.parts[p].owned = True
            if not kept or table.parts[p].unsure:
                table.recover(p)
                if table is worker.seen:
                    worker.engage.dropped(p)
        self.positions[p] = self.committed[p]

    def cancel(self, p: int) -> None:
        """Cancel the stage. Its messages may still arrive, before the worker's next ones to the same partition."""
        take, worker = self.takes[p], self.worker
        messages = take.waiting.messages
        self.arrive_some(messages)
        for place, some in messages.items():
            if self.random.random() < 0.5 and (place[0] not in self.versions or self.scenario.late):
                worker.flying.setdefault(place, deque()).extend(some)
        with suppress(CancelledError, PartitionLostError):
            take.coroutine.throw(self.random.choice([CancelledError(), PartitionLostError("taken away")]))
