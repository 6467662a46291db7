"""State by partition: a dictionary in memory, and a compacted changelog topic to make it again from.

Memory is never ahead of the changelog: a change is applied once the broker has acknowledged it. A partition's state
goes where the partition of the source topic goes. It is kept over a rebalance that gives the partition back to the same
worker in the very next generation, since nobody else can have had it in between; otherwise it is read again.

**Zombies.** A worker that was stopped for longer than its session (and woke up in the middle of a write) can append
stale values after its successor's. Three things stand against it: writing needs the lease (`streams.fetching`); values
carry the source offset they come from (`version_of`), tombstones have it in a header, and recovery takes the highest;
and the changelog's `min.compaction.lag.ms` keeps both records until then.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from streams.changelog import Reading
from streams.lanes import PartitionLost
from streams.sender import Message, Sender
from streams.versions import VERSION_HEADER, VersionOf, absorb_records

LEASE_POLL_S = 0.05

Hook = Callable[[int], None]


@dataclass(slots=True)
class _Partition:
    """The state of one partition, while it belongs to this worker."""

    generation: int
    reading: Reading
    recovered: asyncio.Event = field(default_factory=asyncio.Event)
    state: dict[bytes, bytes] = field(default_factory=dict)
    deleted: dict[bytes, int] = field(default_factory=dict)  # versions of tombstones, during recovery only
    unsure: bool = False  # a write is on its way, or was given up on the way
    owned: bool = True
    size_bytes: int = 0


class BatchTable:
    """Keys and values are bytes; partition p holds what comes from partition p of the topic `source`.

    The topic `changelog` must exist with as many partitions as `source` and `cleanup.policy=compact`. `on_recovered` is
    called when a partition's state is complete, `on_dropped` when it is given up: for what is derived from it.
    """

    def __init__(
        self, app: Any, name: str, *, source: str, changelog: str, version_of: VersionOf | None = None,
        on_recovered: Hook | None = None, on_dropped: Hook | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.source = source
        self.changelog = changelog
        self._app = app
        self._version_of = version_of
        self._on_recovered = on_recovered
        self._on_dropped = on_dropped
        self._partitions: dict[int, _Partition] = {}
        self._sender = Sender(app)
        app.batch_tables.append(self)

    # -- for stages

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        """The state of a partition, to be read only. Raises `PartitionLost` if it is not here, or not complete."""
        return MappingProxyType(self._find(p).state)

    async def wait_recovered(self, p: int) -> None:
        """Return when the state of a partition is complete. Raises `PartitionLost`."""
        part = self._partitions.get(p)
        if part is None:
            raise PartitionLost(f"table {self.name} has no partition {p}")
        await part.recovered.wait()

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        """Append changes to the changelog (None deletes a key), wait for the broker, then apply them to the state.

        `version` is the source offset that deletions come from. Raises `PartitionLost` if the partition is not this
        worker's any more; while the broker is away it waits.
        """
        if not changes:
            return
        part = self._find(p)
        await self._hold(part, p)
        headers = [] if version is None else [(VERSION_HEADER, b"%d" % version)]
        messages: list[Message] = [(key, value, headers if value is None else None) for key, value in changes.items()]
        part.unsure = True
        await self._sender.send({(self.changelog, p): messages})
        if self._partitions.get(p) is not part:
            raise PartitionLost(f"partition {p} of table {self.name} was taken away during a write")
        part.unsure = False
        state = part.state
        for key, value in changes.items():
            before = state.pop(key, None)
            part.size_bytes -= 0 if before is None else len(key) + len(before)
            if value is not None:
                state[key] = value
                part.size_bytes += len(key) + len(value)

    def _find(self, p: int) -> _Partition:
        part = self._partitions.get(p)
        if part is None or not part.owned:
            raise PartitionLost(f"partition {p} of table {self.name} is not this worker's")
        if not part.recovered.is_set():
            raise PartitionLost(f"partition {p} of table {self.name} is not complete yet")
        return part

    async def _hold(self, part: _Partition, p: int) -> None:
        """Return while it is certain that nobody else has the partition: at once, or when the broker is heard again."""
        while not self._app.consumer.thread.has_lease():
            await asyncio.sleep(LEASE_POLL_S)
            if not part.owned:
                raise PartitionLost(f"partition {p} of table {self.name} was taken away while waiting for Kafka")

    # -- for metrics

    def remaining(self) -> dict[int, int | None]:
        """Changelog offsets still to be read by partition, 0 when recovered, None while unknown."""
        return {p: 0 if part.recovered.is_set() else part.reading.remaining for p, part in self._partitions.items()}

    def count_keys(self) -> int:
        """Keys of all partitions here."""
        return sum(len(part.state) for part in self._partitions.values())

    def count_bytes(self) -> int:
        """Bytes of keys and values of all recovered partitions here."""
        return sum(part.size_bytes for part in self._partitions.values())

    # -- for the consumer

    def revoke(self) -> None:
        """The group is being rebalanced: nothing may be written until partitions are assigned again."""
        for part in self._partitions.values():
            part.owned = False

    def assign(self, partitions: set[int], generation: int) -> None:
        """These partitions are this worker's from now on."""
        for p in list(self._partitions):
            part = self._partitions[p]
            if p in partitions and part.generation == generation - 1 and not part.unsure:
                part.generation, part.owned = generation, True
            else:
                self._drop(p)
        for p in partitions - self._partitions.keys():
            self._partitions[p] = self._begin(p, generation)

    def unread(self) -> list[Reading]:
        """What has to be read of the changelog."""
        return [part.reading for part in self._partitions.values() if not part.reading.done]

    def _drop(self, p: int) -> None:
        part = self._partitions.pop(p)
        if part.recovered.is_set() and self._on_dropped is not None:
            self._on_dropped(p)

    def _begin(self, p: int, generation: int) -> _Partition:
        def absorb(records: Any, position: int) -> int:
            return absorb_records(part.state, part.deleted, records, position, self._version_of)

        def finished() -> None:
            part.deleted.clear()
            part.size_bytes = sum(len(key) + len(value) for key, value in part.state.items())
            if self._on_recovered is not None:
                self._on_recovered(p)
            part.recovered.set()

        part = _Partition(generation, Reading((self.changelog, p), absorb, finished))
        return part
