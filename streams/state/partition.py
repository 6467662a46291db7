"""The state of one partition on this worker: owned, or kept warm for another worker (a standby)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from streams.kafka.sender import Span
from streams.records import TopicPartition
from streams.state.changelog_reader import ChangelogCursor
from streams.state.store import StateStore, continue_from


class PartitionLostError(Exception):
    """Loss of a partition: another worker has it, or will have it, and this one must not touch its state."""


@dataclass(slots=True, eq=False)
class Partition:
    """One assignment of a partition. Its store may come from the assignment before."""

    store: StateStore
    cursor: ChangelogCursor
    generation: int
    standby: bool
    owned: bool = True
    in_doubt: bool = False  # whether a write was sent and its acknowledgement has not arrived
    recovered: asyncio.Event = field(default_factory=asyncio.Event)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    finishing: asyncio.Task[None] | None = None  # the last step of recovery, or of reading foreign records
    foreign: ChangelogCursor | None = None  # over records that another worker wrote between ours
    own_spans: list[Span] = field(default_factory=list)  # offsets of our records since the first foreign one

    @property
    def warm(self) -> bool:
        """Whether the log has been read to its end."""
        return self.recovered.is_set() or (self.standby and self.cursor.remaining == 0)

    def can_continue(self, generation: int) -> bool:
        """Return whether the state can be kept as it is: no other worker can have had it, and no write is in doubt."""
        complete = self.recovered.is_set() or not self.cursor.done
        return not self.standby and self.generation == generation - 1 and not self.in_doubt and complete

    def advance(self, span: Span | None) -> int:
        """Return the state's position in the log after our records were appended at `span`.

        Records between the position and ours are foreign. The position stays before them until they have been read.
        """
        position = self.store.position
        if span is None:
            return position
        if span[0] == position and self.foreign is None:
            return span[1]
        self.own_spans.append(span)
        return min(position, span[0])  # an end before the position: the log has lost records

    def skip_own_spans(self, position: int) -> int:
        """Return the position after our own records that begin at `position` or before, and forget those."""
        for first, following in sorted(self.own_spans):
            if first <= position:
                position = max(position, following)
        self.own_spans = [span for span in self.own_spans if span[0] > position]
        return position


def open_partition(
    tp: TopicPartition, store: StateStore, generation: int, standby: bool, finished: Callable[[Partition], None]
) -> Partition:
    """Begin an assignment: what the store lacks has to be read, and a standby reads on from there."""
    cursor = ChangelogCursor(tp, store.absorb, lambda: None, position=store.first_offset, follow=standby)
    part = Partition(store, cursor, generation, standby)
    cursor.begin = lambda end: continue_from(store, end)
    cursor.finished = lambda: finished(part)
    return part
