"""Parts of the world of the engage stage: records, awaits, tables in memory, an observer that counts."""

from collections import Counter, deque
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.records import Message
from streams.state.partition import PartitionLostError
from streams.state.versioned_log import VERSION_HEADER

if TYPE_CHECKING:
    from tests.streams.engage.stage_world import World

Place = tuple[str, int]


@dataclass(slots=True)
class Rec:
    """A record of any log."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]


@dataclass
class Waiting:
    """An await: messages to be appended. `table` names the table of a write; it is empty for a send."""

    messages: dict[Place, deque[Message]]
    table: str = ""

    def __await__(self) -> Generator["Waiting", None, None]:
        yield self


@dataclass
class Part:
    """A partition of a table: its content in memory, and whether a write was abandoned before its end."""

    state: dict[bytes, bytes]
    unsure: bool = False
    owned: bool = True


class MemoryTable:
    """A table as the stage sees it, with the changelog of `streams.state.table`."""

    def __init__(self, world: "World", name: str) -> None:
        self.parts: dict[int, Part] = {}
        self._world = world
        self._name = name

    def recover(self, p: int) -> None:
        self.parts[p] = Part(self._world.read_back(self._name, p))

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        if p not in self.parts:
            self.recover(p)
        return self.find(p).state

    def find(self, p: int) -> Part:
        if not self.parts[p].owned:
            raise PartitionLostError(f"{self._name}/{p}")
        return self.parts[p]

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        part = self.find(p)
        headers = [(VERSION_HEADER, b"%d" % version)] if version is not None else []
        messages: deque[Message] = deque(
            (key, value, headers if value is None else ()) for key, value in changes.items()
        )
        while self._world.random.random() < 0.2:
            await Waiting({}, "lease")
            self.find(p)
        part.unsure = True
        await Waiting({(self._name, p): messages}, self._name)
        if self.parts.get(p) is not part:
            raise PartitionLostError(f"{self._name}/{p}")
        part.unsure = False
        for key, value in changes.items():
            if value is None:
                part.state.pop(key, None)
            else:
                part.state[key] = value


@dataclass
class CountingObserver:
    """An observer that counts every report."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def touches(self, channel: str, result: str, count: int) -> None:
        self.seen[channel, result] += count

    def rejected(self, channel: str, reason: str, count: int) -> None:
        self.seen[channel, reason] += count

    def batch(self, stage: str, records: int, seconds: float) -> None:
        self.seen[stage, "records"] += records

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        assert identifiers >= 0
        assert ids >= 0

    def other_rules(self, version: str) -> None:
        self.seen["rules", version] += 1

    def other_order(self, count: int) -> None:
        self.seen["order", "reranked"] += count
