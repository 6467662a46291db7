"""Tables: state by partition, in a store on this machine and in a compacted changelog topic.

A stage never sees a state that is ahead of the changelog: a change is applied when the broker has acknowledged it. The
state of a partition goes where the partition of the source topic goes. A rebalance keeps it if the same worker gets the
partition back in the very next generation, since no other worker can have had it in between; otherwise the changelog is
read from the store's position (`streams.state.store`). Standbys read what other workers write all the time, so that
little is left to read.

**Zombies.** A worker that was paused for longer than its session, in the middle of a write, can append stale values
after those of its successor. Four measures prevent damage:

- a write needs the lease (`streams.kafka.lease`);
- values carry the source offset they come from (`version_of`), tombstones have it in a header, and recovery takes the
  highest;
- the changelog's `min.compaction.lag.ms` keeps both records in the meantime;
- within that time, any reader that finds a stale record as the last one of its key appends the current value again, so
  that compaction keeps the right one.

An owner detects a foreign write by the offsets of its own records, and reads what lies between them.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from streams.fail_fast import exit_now
from streams.kafka.sender import Sender, SendError
from streams.records import Message
from streams.state.changelog_reader import ChangelogCursor
from streams.state.memory import MemoryStores
from streams.state.partition import Partition, PartitionLostError, open_partition
from streams.state.store import Store, Stores
from streams.state.versioned_log import VERSION_HEADER, VersionOf

LEASE_POLL_S = 0.05

log = logging.getLogger(__name__)

Hook = Callable[[int], None]


class ChangelogTable:
    """Keys and values are bytes; partition p holds what comes from partition p of the topic `source`.

    The topic `changelog` must exist with as many partitions as `source` and `cleanup.policy=compact`. `on_recovered` is
    called when a partition's state is complete, `on_dropped` when it is given up: for what is derived from it.
    """

    def __init__(
        self, app: Any, name: str, *, source: str, changelog: str, version_of: VersionOf | None = None,
        on_recovered: Hook | None = None, on_dropped: Hook | None = None, stores: Stores | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.source = source
        self.changelog = changelog
        self.stores = stores or MemoryStores()
        self._app = app
        self._version_of = version_of
        self._on_recovered = on_recovered
        self._on_dropped = on_dropped
        self._partitions: dict[int, Partition] = {}
        self._sender = Sender(app)
        app.changelog_tables.append(self)

    # -- for stages

    def partition(self, p: int) -> Mapping[bytes, bytes]:
        """The state of a partition, to be read only. Raises `PartitionLostError` if it is not here, or not complete."""
        return self._find(p).store.view

    async def wait_recovered(self, p: int) -> None:
        """Return when the state of a partition is complete. Raises `PartitionLostError`."""
        part = self._partitions.get(p)
        if part is None or part.standby:
            raise PartitionLostError(f"table {self.name} has no partition {p}")
        await part.recovered.wait()

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        """Append changes to the changelog (None deletes a key), wait for the broker, then apply them to the state.

        `version` is the source offset that deletions come from. Raises PartitionLostError if this worker does not
        own the partition any more. While the broker is away, it waits.
        """
        if not changes:
            return
        part = self._find(p)
        headers = [] if version is None else [(VERSION_HEADER, b"%d" % version)]
        messages: list[Message] = [(key, value, headers if value is None else None) for key, value in changes.items()]
        async with part.writing:
            position = await self._append(part, p, messages)
            part.store.apply(changes, version, position)
        if part.spans and part.behind is None:
            self._look_behind(part, p)

    async def _append(self, part: Partition, p: int, messages: Sequence[Message]) -> int:
        """Write to the changelog; how far the state will stand for it. Raises `PartitionLostError`."""
        await self._hold(part, p)
        part.unsure = True
        span = await self._sender.append((self.changelog, p), messages)
        if self._partitions.get(p) is not part:
            raise PartitionLostError(f"partition {p} of table {self.name} was taken away during a write")
        part.unsure = False
        return part.advance(span)

    def _find(self, p: int) -> Partition:
        part = self._partitions.get(p)
        if part is None or part.standby or not part.owned:
            raise PartitionLostError(f"partition {p} of table {self.name} is not this worker's")
        if not part.recovered.is_set():
            raise PartitionLostError(f"partition {p} of table {self.name} is not complete yet")
        return part

    async def _hold(self, part: Partition, p: int) -> None:
        """Return while it is certain that nobody else has the partition: at once, or when the broker is heard again."""
        while True:
            if not part.owned or self._partitions.get(p) is not part:
                raise PartitionLostError(f"partition {p} of table {self.name} was taken away while waiting for Kafka")
            if self._app.consumer.thread.lease.is_held():
                return
            await asyncio.sleep(LEASE_POLL_S)

    # -- the ends of readings

    def _read_to_end(self, part: Partition, p: int) -> None:
        """The end of the log is reached: by a standby, again and again, or at last by who is going to work."""
        part.store.mark(part.cursor.position)
        if part.standby:
            return
        if part.store.repairs():
            part.ending = asyncio.create_task(self._end(self._repair(part, p), p), name=f"repair {self.name}/{p}")
        else:
            self._set_recovered(part, p)

    def _set_recovered(self, part: Partition, p: int) -> None:
        if self._on_recovered is not None:
            self._on_recovered(p)
        part.recovered.set()

    async def _repair(self, part: Partition, p: int) -> None:
        """Append what holds where the log ends with something older, before anybody works on it."""
        async with part.writing:
            position = await self._append(part, p, part.store.repairs())
            part.store.repaired(position)
        self._set_recovered(part, p)
        if part.spans:
            self._look_behind(part, p)

    def _look_behind(self, part: Partition, p: int) -> None:
        """Somebody else has written here: see what, from where we stood on."""

        def finished() -> None:
            part.ending = asyncio.create_task(self._end(self._mend(part, p), p), name=f"mend {self.name}/{p}")

        log.warning("Somebody else wrote to changelog %s/%d; looking at what it was.", self.changelog, p)
        part.behind = ChangelogCursor((self.changelog, p), part.store.compare, finished, position=part.store.position)
        self._app.recovery.resume()

    async def _mend(self, part: Partition, p: int) -> None:
        """What lay behind was read: where something stale came after what holds, append that again."""
        async with part.writing:
            behind, part.behind = part.behind, None
            if part.unsure or not part.owned:
                return  # it is read again, or looked at with the next write
            position = part.pass_spans(0 if behind is None else behind.position)
            repairs = part.store.repairs()
            if repairs:
                await self._append(part, p, repairs)
                position = part.pass_spans(position)
            part.store.repaired(position)
        if part.spans:
            self._look_behind(part, p)

    async def _end(self, work: Coroutine[Any, Any, None], p: int) -> None:
        try:
            await work
        except PartitionLostError:
            return  # whoever has it now sees the same
        except SendError as error:
            exit_now(f"Changelog {self.changelog}/{p} could not be repaired: {error}", error)
        except Exception as error:  # nobody waits for this task: the partition would never be complete
            text = f"Partition {p} of table {self.name} could not be completed: {type(error).__name__}: {error}."
            exit_now(text, error)

    # -- for metrics

    def remaining(self) -> dict[int, int | None]:
        """Changelog offsets still to be read by partition to be worked on: 0 when recovered, None while unknown."""
        return {p: 0 if part.recovered.is_set() else part.cursor.remaining for p, part in self._mine().items()}

    def behind(self) -> dict[int, int | None]:
        """Changelog offsets that each standby has not read yet, None while unknown."""
        return {p: part.cursor.remaining for p, part in list(self._partitions.items()) if part.standby}

    def passed(self, p: int) -> int:
        """How many changelog offsets were read for a partition since it was assigned."""
        return self._partitions[p].cursor.passed

    def warm(self) -> set[int]:
        """Partitions whose state is here, or nearly. May be called from any thread."""
        here = {p for p, part in list(self._partitions.items()) if part.warm}
        return here | (self.stores.found(self.changelog) - self._partitions.keys())

    def count_keys(self) -> int:
        """Keys of the partitions that are worked on here."""
        return sum(len(part.store.view) for part in self._mine().values())

    def count_bytes(self) -> int:
        """Bytes of keys and values of all partitions here, standbys too."""
        return sum(part.store.size_bytes for part in self._partitions.values())

    def _mine(self) -> dict[int, Partition]:
        return {p: part for p, part in list(self._partitions.items()) if not part.standby}

    # -- for the consumer

    def revoke(self) -> None:
        """The group is being rebalanced: nothing may be written until partitions are assigned again."""
        for part in self._partitions.values():
            part.owned = False

    def assign(self, partitions: AbstractSet[int], generation: int, standbys: AbstractSet[int] = frozenset()) -> None:
        """These partitions are this worker's from now on, and of those in `standbys` it keeps the state warm."""
        wanted = dict.fromkeys(standbys, True) | dict.fromkeys(partitions, False)
        for p, part in list(self._partitions.items()):
            if p in partitions and part.can_continue(generation):
                part.generation, part.owned = generation, True
            elif wanted.get(p) and part.standby:
                part.generation = generation
            else:
                del self._partitions[p]
                if part.recovered.is_set() and self._on_dropped is not None:
                    self._on_dropped(p)
                if p in wanted:
                    self._begin(p, generation, wanted[p], part.store)
                else:
                    part.store.close()
        for p in wanted.keys() - self._partitions.keys():
            self._begin(p, generation, wanted[p], self.stores.open(self.changelog, p, self._version_of))

    def _begin(self, p: int, generation: int, standby: bool, store: Store) -> None:
        self._partitions[p] = open_partition(
            (self.changelog, p), store, generation, standby, lambda part: self._read_to_end(part, p)
        )

    @property
    def attached(self) -> bool:
        """Whether all that is here is known to be of the log that is read."""
        return all(part.store.attached for part in self._partitions.values())

    def attach(self, log_id: str | None) -> None:
        """Which log the changelog is, before it is read; None: Kafka does not say."""
        for part in self._partitions.values():
            if not part.store.attached:  # of the others some is read already, which would not be read again
                part.store.attach(log_id)

    def unread(self) -> list[ChangelogCursor]:
        """What has to be read of the changelog: by who is going to work before all."""
        parts = self._mine().values()
        return [
            *(part.cursor for part in parts if not part.cursor.done),
            *(part.behind for part in parts if part.behind is not None and not part.behind.done),
        ]

    def followed(self) -> list[ChangelogCursor]:
        """What standbys keep reading."""
        return [part.cursor for part in self._partitions.values() if part.standby]

    def close(self) -> None:
        """Let go of files. Nothing can be written any more."""
        for part in self._partitions.values():
            part.owned = False
            part.store.close()
        self._partitions.clear()
