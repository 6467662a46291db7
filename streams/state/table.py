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
from streams.state.store import StateStore, StateStores
from streams.state.versioned_log import VERSION_HEADER, VersionOf

LEASE_POLL_S = 0.05

log = logging.getLogger(__name__)

Hook = Callable[[int], None]


class ChangelogTable:
    """A table of bytes by key; partition p has the state that comes from partition p of the topic `source`.

    The topic `changelog` must exist with as many partitions as `source` and `cleanup.policy=compact`. `on_recovered` is
    called when a partition's state is complete, `on_dropped` when it is given up, for data that is derived from it.
    """

    def __init__(
        self, app: Any, name: str, *, source: str, changelog: str, version_of: VersionOf | None = None,
        on_recovered: Hook | None = None, on_dropped: Hook | None = None, stores: StateStores | None = None,
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
        """Return the state of a partition, read-only. Raises PartitionLostError if it is not here, or not complete."""
        return self._find(p).store.view

    async def wait_recovered(self, p: int) -> None:
        """Return when the state of a partition is complete. Raises PartitionLostError."""
        part = self._partitions.get(p)
        if part is None or part.standby:
            raise PartitionLostError(f"table {self.name} has no partition {p}")
        await part.recovered.wait()

    async def write(self, p: int, changes: Mapping[bytes, bytes | None], version: int | None = None) -> None:
        """Append changes to the changelog (None deletes a key), wait for the broker, then apply them to the state.

        `version` is the source offset that deletions come from. Waits while the broker is away. Raises
        PartitionLostError if this worker does not own the partition any more.
        """
        if not changes:
            return
        part = self._find(p)
        headers = [] if version is None else [(VERSION_HEADER, b"%d" % version)]
        messages: list[Message] = [(key, value, headers if value is None else None) for key, value in changes.items()]
        async with part.writing:
            position = await self._append(part, p, messages)
            part.store.apply(changes, version, position)
        if part.own_spans and part.foreign is None:
            self._read_foreign(part, p)

    async def _append(self, part: Partition, p: int, messages: Sequence[Message]) -> int:
        """Write to the changelog and return the state's position after that. Raises PartitionLostError."""
        await self._await_lease(part, p)
        part.in_doubt = True
        span = await self._sender.append((self.changelog, p), messages)
        if self._partitions.get(p) is not part:
            raise PartitionLostError(f"partition {p} of table {self.name} was taken away during a write")
        part.in_doubt = False
        return part.advance(span)

    def _find(self, p: int) -> Partition:
        part = self._partitions.get(p)
        if part is None or part.standby or not part.owned:
            raise PartitionLostError(f"partition {p} of table {self.name} is not this worker's")
        if not part.recovered.is_set():
            raise PartitionLostError(f"partition {p} of table {self.name} is not complete yet")
        return part

    async def _await_lease(self, part: Partition, p: int) -> None:
        """Return when it is certain that no other worker has the partition: at once, or when the broker answers."""
        while True:
            if not part.owned or self._partitions.get(p) is not part:
                raise PartitionLostError(f"partition {p} of table {self.name} was taken away while waiting for Kafka")
            if self._app.consumer.thread.lease.is_held():
                return
            await asyncio.sleep(LEASE_POLL_S)

    # -- the ends of changelogs

    def _read_to_end(self, part: Partition, p: int) -> None:
        """Handle the end of the log, which a standby reaches repeatedly and a future owner once."""
        part.store.mark(part.cursor.position)
        if part.standby:
            return
        if part.store.repairs():
            part.finishing = asyncio.create_task(self._finish(self._repair(part, p), p), name=f"repair {self.name}/{p}")
        else:
            self._set_recovered(part, p)

    def _set_recovered(self, part: Partition, p: int) -> None:
        if self._on_recovered is not None:
            self._on_recovered(p)
        part.recovered.set()

    async def _repair(self, part: Partition, p: int) -> None:
        """Append the current values of keys whose last record is outdated, before the partition is processed."""
        async with part.writing:
            position = await self._append(part, p, part.store.repairs())
            part.store.repaired(position)
        self._set_recovered(part, p)
        if part.own_spans:
            self._read_foreign(part, p)

    def _read_foreign(self, part: Partition, p: int) -> None:
        """Read the records that another worker wrote between ours, from the state's position on."""

        def finished() -> None:
            repair = self._finish(self._repair_foreign(part, p), p)
            part.finishing = asyncio.create_task(repair, name=f"repair {self.name}/{p}")

        log.warning("Another worker wrote to changelog %s/%d; reading what it wrote.", self.changelog, p)
        part.foreign = ChangelogCursor((self.changelog, p), part.store.compare, finished, position=part.store.position)
        self._app.recovery.resume()

    async def _repair_foreign(self, part: Partition, p: int) -> None:
        """Append the current values again where a foreign record that is outdated came after them."""
        async with part.writing:
            foreign, part.foreign = part.foreign, None
            if part.in_doubt:
                return  # the changelog is read again
            # Without the lease, this worker may be the zombie and the records those of its successor. They were only
            # compared, and the next owner of this store has to absorb them: so its position stays before them.
            await self._await_lease(part, p)
            position = part.skip_own_spans(0 if foreign is None else foreign.position)
            repairs = part.store.repairs()
            if repairs:
                await self._append(part, p, repairs)
                position = part.skip_own_spans(position)
            part.store.repaired(position)
        if part.own_spans:
            self._read_foreign(part, p)

    async def _finish(self, work: Coroutine[Any, Any, None], p: int) -> None:
        try:
            await work
        except PartitionLostError:
            return  # its new owner finds the same records
        except SendError as error:
            exit_now(f"Changelog {self.changelog}/{p} could not be repaired: {error}", error)
        except Exception as error:  # nothing awaits this task: the partition would never be complete
            text = f"Partition {p} of table {self.name} could not be completed: {type(error).__name__}: {error}."
            exit_now(text, error)

    # -- for metrics

    def remaining(self) -> dict[int, int | None]:
        """Return the changelog offsets still to read, by active partition: 0 when recovered, None while unknown."""
        return {p: 0 if part.recovered.is_set() else part.cursor.remaining for p, part in self._active().items()}

    def standby_lag(self) -> dict[int, int | None]:
        """Return the changelog offsets that each standby has not read yet, None while unknown."""
        return {p: part.cursor.remaining for p, part in list(self._partitions.items()) if part.standby}

    def offsets_read(self, p: int) -> int:
        """Return how many changelog offsets were read for a partition since it was assigned."""
        return self._partitions[p].cursor.offsets_read

    def warm(self) -> set[int]:
        """Return the partitions whose state is here, or nearly. May be called from any thread."""
        here = {p for p, part in list(self._partitions.items()) if part.warm}
        return here | (self.stores.found(self.changelog) - self._partitions.keys())

    def count_keys(self) -> int:
        """Return the number of keys of the active partitions."""
        return sum(len(part.store.view) for part in self._active().values())

    def count_bytes(self) -> int:
        """Return the bytes of keys and values of all partitions here, standbys included."""
        return sum(part.store.size_bytes for part in self._partitions.values())

    def _active(self) -> dict[int, Partition]:
        return {p: part for p, part in list(self._partitions.items()) if not part.standby}

    # -- for the consumer

    def revoke(self) -> None:
        """Forbid writes until partitions are assigned again, because the group is being rebalanced."""
        for part in self._partitions.values():
            part.owned = False

    def assign(self, partitions: AbstractSet[int], generation: int, standbys: AbstractSet[int] = frozenset()) -> None:
        """Own `partitions` from now on, and keep the state of those in `standbys` warm."""
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

    def _begin(self, p: int, generation: int, standby: bool, store: StateStore) -> None:
        self._partitions[p] = open_partition(
            (self.changelog, p), store, generation, standby, lambda part: self._read_to_end(part, p)
        )

    @property
    def attached(self) -> bool:
        """Whether all stores are known to come from the changelog that is read."""
        return all(part.store.attached for part in self._partitions.values())

    def attach(self, log_id: str | None) -> None:
        """Name the changelog before it is read; None means that Kafka does not report its id."""
        for part in self._partitions.values():
            if not part.store.attached:  # attached stores have been read in part, and would not be read again
                part.store.attach(log_id)

    def unread(self) -> list[ChangelogCursor]:
        """Return the cursors that must reach the end of the changelog."""
        parts = self._active().values()
        return [
            *(part.cursor for part in parts if not part.cursor.done),
            *(part.foreign for part in parts if part.foreign is not None and not part.foreign.done),
        ]

    def followed(self) -> list[ChangelogCursor]:
        """Return the cursors of standbys, which read on."""
        return [part.cursor for part in self._partitions.values() if part.standby]

    def close(self) -> None:
        """Close files. Nothing can be written afterwards."""
        for part in self._partitions.values():
            part.owned = False
            part.store.close()
        self._partitions.clear()
