"""A simulated world with faults around `pipeline`: partitions, brokers, and workers that die, lag, repeat and race.

Everything is drawn from one seed. The order of steps is the product's: effects are sent and acknowledged one by one;
then the states of the batch are written to the changelog, and the partition's mark (its last offset) after all of them;
some time later the offset is committed. A worker can die between any two steps. Its messages in flight may arrive much
later, and it may not notice that it was replaced and continue to send, write and fold (but not commit).
"""

import random
import zlib
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import msgpack

from streams.identity.ties import TieLimits
from tests.streams.identity.pipeline import SEEN, Batch, Engage, IdentityMessage, Machine, Node, Record, Row, owner_of
from tests.streams.identity.scenarios import Scenario

MARK = "#mark"
ZOMBIE_STEPS = 40  # most steps of a replaced worker before it notices
ENOUGH_STEPS = 20_000  # a world with more steps never ends

Effect: TypeAlias = IdentityMessage | tuple[int, list[Row]]  # or a block of rows, up to an offset


@dataclass
class Worker:
    """One worker's view of one partition."""

    partition: int
    state: dict[str, bytes]
    mark: int
    position: int
    flight: dict[int, deque[Effect]] = field(default_factory=dict)  # destination -> in order
    writes: deque[tuple[str, int, bytes]] = field(default_factory=deque)  # to the changelog, in order
    steps_left: int = ZOMBIE_STEPS  # counted after it was replaced
    dead: bool = False  # only its messages in flight may still arrive

    def idle(self) -> bool:
        return not self.flight and not self.writes


@dataclass
class Partition:
    log: list[Record] = field(default_factory=list)
    changelog: list[tuple[str, int, bytes]] = field(default_factory=list)
    committed: int = 0
    stored: int = -1  # last offset whose rows the store has


STORE = -1


class World:
    """Runs a scenario to its end; `nodes`, `events`, `profiles` and `sent` are the result."""

    def __init__(self, scenario: Scenario, machine: Machine) -> None:
        self.random = random.Random(scenario.seed)
        self.scenario, self.machine = scenario, machine
        self.engage = Engage(machine, scenario.limits, lazy=self.random.random() < 0.5)
        self.linger = self.random.choice([0.02, 0.3])  # how soon late messages arrive
        self.partitions = [Partition() for _ in range(scenario.partitions)]
        self.workers = [self.recover(number) for number in range(scenario.partitions)]
        self.replaced: list[Worker] = []
        self.sent: set[IdentityMessage] = set()
        self.events: Counter[tuple[str, object]] = Counter()
        self.profiles: dict[str, tuple[object, ...]] = {}
        self.stats: Counter[str] = Counter()

    @property
    def limits(self) -> TieLimits:
        return self.scenario.limits

    def run(self) -> None:
        feed, eager, steps = deque(self.scenario.feed), self.random.choice([0.2, 0.5, 0.9]), 0
        while feed or self.busy():
            steps += 1
            assert steps < ENOUGH_STEPS, "does not end"
            if feed and (self.random.random() < eager or not self.busy()):
                self.append(feed.popleft())
            else:
                self.turn(crashes=self.scenario.crashes and steps < ENOUGH_STEPS // 8)

    def nodes(self) -> dict[str, Node]:
        """Return the state of every identifier, restored from the changelogs."""
        found: dict[str, Node] = {}
        for number in range(len(self.partitions)):
            state = self.recover(number).state
            found |= {key: msgpack.decode(value, type=Node) for key, value in state.items() if key[0] != SEEN[0]}
        return found

    # ---------------------------------------------------------------- the brokers

    def partition_of(self, key: str) -> int:
        return zlib.crc32(f"{key} {self.scenario.seed}".encode()) % len(self.partitions)

    def append(self, record: Record) -> None:
        self.partitions[self.partition_of(owner_of(record) or "nobody")].log.append(record)

    def arrive(self, worker: Worker) -> None:
        """Append and acknowledge one of the messages in flight."""
        to = self.random.choice(list(worker.flight))
        effect = worker.flight[to].popleft()
        if not worker.flight[to]:
            del worker.flight[to]
        if isinstance(effect, tuple):
            self.store(self.partitions[worker.partition], *effect)
        else:
            self.sent.add(effect)
            self.stats["sent"] += 1
            self.partitions[to].log.append(effect)

    def store(self, partition: Partition, last: int, rows: Iterable[Row]) -> None:
        """Store the rows of a block whose offsets are new; the row of a profile is that of the highest offset."""
        for row in rows:
            if row.offset > partition.stored:
                if row.kind == "event":
                    self.events[row.key, row.what[0]] += 1
                else:
                    self.profiles[row.key] = row.what
        partition.stored = max(partition.stored, last)

    # ---------------------------------------------------------------- the workers

    def busy(self) -> list[int]:
        return [
            number
            for number, worker in enumerate(self.workers)
            if worker.position < len(self.partitions[number].log) or not worker.idle()
        ] + [worker.partition for worker in self.replaced]

    def turn(self, crashes: bool) -> None:
        """Let one worker do its next step or die, or let a replaced one do a step."""
        number = self.random.choice(self.busy())
        zombies = [worker for worker in self.replaced if worker.partition == number]
        if zombies and self.random.random() < self.linger:
            self.haunt(self.random.choice(zombies))
            return
        worker = self.workers[number]
        if crashes and not worker.idle() and self.random.random() < 0.1:
            self.stats["crash"] += 1
            worker.dead = self.random.random() < 0.5
            self.replaced.append(worker)
            self.workers[number] = self.recover(number)
        else:
            self.step(worker, current=True)

    def haunt(self, worker: Worker) -> None:
        worker.steps_left -= 1
        if worker.dead and worker.flight and self.random.random() < 0.8:
            self.arrive(worker)
        elif not worker.dead and worker.steps_left > 0 and self.random.random() < 0.9:
            self.stats["zombie step"] += 1
            self.step(worker, current=False)
        else:
            worker.flight, worker.dead = {}, True
        if worker.dead and not worker.flight:
            self.replaced.remove(worker)

    def step(self, worker: Worker, current: bool) -> None:
        early = not self.machine.acked_before_written and worker.writes and self.random.random() < 0.5
        if worker.flight and not early:
            self.arrive(worker)
        elif worker.writes:
            self.write(worker, current)
        elif worker.position < len(self.partitions[worker.partition].log):
            self.fold(worker)
            if not self.machine.commit_last and current:
                self.partitions[worker.partition].committed = worker.position

    def fold(self, worker: Worker) -> None:
        """Fold a batch of a random size: its effects are in flight, its states are written after them."""
        log = self.partitions[worker.partition].log
        end = min(len(log), worker.position + self.random.randint(1, 6))
        records = list(enumerate(log))[worker.position : end]
        batch = self.engage.fold_batch(worker.state, records, worker.mark)
        for to, effect in self.effects(batch, end - 1):
            worker.flight.setdefault(to, deque()).append(effect)
        writes = [(key, offset, value) for key, (offset, value) in batch.changed.items()]
        self.random.shuffle(writes)
        writes.insert(len(writes) if self.machine.mark_last else 0, (MARK, end - 1, b""))
        worker.writes, worker.position = deque(writes), end

    def effects(self, batch: Batch, last: int) -> list[tuple[int, Effect]]:
        sums = self.machine.latest_sums(batch.sums) if self.random.random() < 0.7 else batch.sums
        rows = sorted(batch.rows, key=lambda row: row.offset)
        messages: list[IdentityMessage] = [*batch.links, *sums]
        if self.random.random() < 0.5:  # their order is not guaranteed
            self.random.shuffle(messages)
        return [(self.partition_of(record.to), record) for record in messages] + [(STORE, (last, rows))]

    def write(self, worker: Worker, current: bool) -> None:
        """Write one changelog record; after the last one the offset may be committed."""
        key, offset, value = worker.writes.popleft()
        partition = self.partitions[worker.partition]
        partition.changelog.append((key, offset, value))
        if key == MARK:
            worker.mark = offset
        else:
            worker.state[key] = value
        if current and not worker.writes and self.random.random() < 0.4:
            partition.committed = worker.position

    def recover(self, number: int) -> Worker:
        """Return a new worker, restored from the changelog and the committed offset."""
        partition = self.partitions[number]
        best: dict[str, tuple[int, bytes]] = {}
        for key, offset, value in partition.changelog:
            if key not in best or offset >= best[key][0] or not self.machine.highest_wins:
                best[key] = (offset, value)
        mark = best.pop(MARK, (-1, b""))[0]
        state = {key: value for key, (_, value) in best.items()}
        if self.machine.forgets_unfinished:
            for block in [key for key in state if key.startswith(SEEN)]:
                seen = msgpack.decode(state[block], type=dict[str, int])
                state[block] = msgpack.encode({name: offset for name, offset in seen.items() if offset <= mark})
        return Worker(number, state, mark, partition.committed)


def run(scenario: Scenario, machine: Machine) -> World:
    world = World(scenario, machine)
    world.run()
    return world
