"""The real engage stage in a world of memory: logs, changelogs and a store, and a driver that does everything to it.

Every await of the stage hands the driver what it waits for. The driver lets it happen, kills the worker with a part of
it done, or takes the partition away. A new worker begins at the last commit, with state read back from the changelogs
by the product's own rule; what a dead one had sent may arrive long afterwards.
"""

import random
from asyncio import CancelledError
from collections import Counter, deque
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from schemas.activity import encode_record
from schemas.touch import Touch
from streams.engage import dedupe_state
from streams.engage.stage import Engage, EngageConfig, StateTable
from streams.profile import identifier_state
from streams.records import Message, RecordBatch, Send, partition_of
from streams.state.partition import PartitionLostError
from streams.state.versioned_log import VersionedKeys, VersionOf
from streams.topics import Topics
from tests.streams.engage.stage_fakes import MemoryTable, Place, Rec, Silent, Waiting
from tests.streams.engage.stage_scenarios import Scenario

RULES_VERSION = "v1"


class Worker:
    """One process: the stage with its tables, and what it has sent that has not arrived."""

    def __init__(self, world: "World") -> None:
        self.states, self.seen = MemoryTable(world, "states"), MemoryTable(world, "seen")
        self.observer = Silent()
        self.flying: dict[Place, deque[Message]] = {}
        self.engage = self.make_stage(world, self.states, self.seen, world.send)

    def make_stage(self, world: "World", states: StateTable, seen: StateTable, send: Send) -> Engage:
        scenario = world.scenario
        config = EngageConfig(world.topics, scenario.fold_config, scenario.window_ms, RULES_VERSION)
        return Engage(config, states, seen, send, self.observer)


@dataclass
class Take:
    """A batch in hand of a worker."""

    coroutine: Coroutine[Any, Any, None]
    waiting: Waiting
    end: int


class World:
    """Kafka and one worker at a time. Runs until everything fed has been handled."""

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
        self.ghosts: list[dict[Place, deque[Message]]] = []  # what dead workers had sent
        self.stats: Counter[str] = Counter()
        self.worker = self.worker_type(self)

    # ---------------------------------------------------------------- what the stage is given

    def send(self, messages: Mapping[Place, Sequence[Message]]) -> Awaitable[None]:
        """Those of one partition keep their order; words to others are in any, which nobody may rely on."""
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
        elif not isinstance(fed, bytes):
            key = fed.to.encode()  # type: ignore[attr-defined]
        partition = partition_of(key, self.scenario.partitions)
        value = fed if isinstance(fed, bytes) else encode_record(fed)
        log = self.log(self.topics.activity, partition)
        log.append(Rec(len(log), timestamp, key, value, ()))

    def arrive(self, messages: dict[Place, deque[Message]], place: Place, count: int) -> None:
        """So many of those in flight to a partition are appended, after what the same worker sent there before."""
        for _ in range(count):
            self.append(place, messages[place].popleft())
        if not messages[place]:
            del messages[place]

    def arrive_some(self, messages: dict[Place, deque[Message]]) -> None:
        """Of each partition's messages the first few."""
        for place in list(messages):
            self.arrive(messages, place, self.random.randint(0, len(messages[place])))

    def read_back(self, table: str, p: int) -> dict[bytes, bytes]:
        """A table's partition from its changelog alone."""
        keys = VersionedKeys(self.versions[table])
        keys.absorb(self.log(table, p))
        return keys.values

    def compact(self) -> None:
        """Of each key of the changelogs only the last record stays."""
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
        """Partitions with something to do."""
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
        """What the stage waits for happens."""
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
            self.takes[p] = Take(coroutine, waiting, end)

    # ---------------------------------------------------------------- trouble

    def harm(self) -> None:
        if self.takes and self.random.random() < 0.5:
            self.take_away(self.random.choice(list(self.takes)))
        elif not self.scenario.late and self.random.random() < 0.2:
            self.compact()
        else:
            self.kill()

    def kill(self) -> None:
        """The worker dies with a part of everything done. Of the rest nothing arrives, or something much later."""
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
        """The partition is revoked and comes back; a table keeps its state if nothing of it is unsure."""
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
        """What the stage had handed over may still arrive, before what the worker sends there next."""
        take, worker = self.takes[p], self.worker
        messages = take.waiting.messages
        self.arrive_some(messages)
        for place, some in messages.items():
            if self.random.random() < 0.5 and (place[0] not in self.versions or self.scenario.late):
                worker.flying.setdefault(place, deque()).extend(some)
        with suppress(CancelledError, PartitionLostError):
            take.coroutine.throw(self.random.choice([CancelledError(), PartitionLostError("taken away")]))
