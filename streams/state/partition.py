"""The state of one partition while it is here: to be worked on, or kept warm for another worker (a standby)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from streams.kafka.sender import Span
from streams.records import TopicPartition
from streams.state.changelog_reader import ChangelogCursor
from streams.state.store import Store, continue_from


class PartitionLostError(Exception):
    """Loss of a partition: another worker has it, or will have it, and this one must not touch its state."""


@dataclass(slots=True, eq=False)
class Partition:
    """One assignment of a partition. Its store may come from the assignment before."""

    store: Store
    cursor: ChangelogCursor
    generation: int
    standby: bool
    owned: bool = True
    unsure: bool = False  # a write is on its way, or was given up on the way
    recovered: asyncio.Event = field(default_factory=asyncio.Event)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    ending: asyncio.Task[None] | None = None  # the last step of recovering, or of looking behind
    behind: ChangelogCursor | None = None
    spans: list[Span] = field(default_factory=list)  # of our own records, while something else is among them

    @property
    def warm(self) -> bool:
        """Whether it has been read to the end of the log."""
        return self.recovered.is_set() or (self.standby and self.cursor.remaining == 0)

    def can_continue(self, generation: int) -> bool:
        """Whether it can be worked on as it is: nobody else can have had it in between, nothing is half done."""
        settled = self.recovered.is_set() or not self.cursor.done
        return not self.standby and self.generation == generation - 1 and not self.unsure and settled

    def advance(self, span: Span | None) -> int:
        """Our records were appended at `span`: how far the state stands for the log now.

        Whatever lies between where we stood and where our records came to lie was written by somebody else. Then the
        position stays, until that was looked at.
        """
        position = self.store.position
        if span is None:
            return position
        if span[0] == position and self.behind is None:
            return span[1]
        self.spans.append(span)
        return min(position, span[0])  # an end before where we stood: the log has lost something

    def pass_spans(self, position: int) -> int:
        """The position after those of our own records that begin at `position` or before it; they are struck out."""
        for first, following in sorted(self.spans):
            if first <= position:
                position = max(position, following)
        self.spans = [span for span in self.spans if span[0] > position]
        return position


def open_partition(
    tp: TopicPartition, store: Store, generation: int, standby: bool, finished: Callable[[Partition], None]
) -> Partition:
    """Begin an assignment: what the store lacks has to be read, and as a standby whatever comes after."""
    cursor = ChangelogCursor(tp, store.absorb, lambda: None, position=store.first_offset, follow=standby)
    part = Partition(store, cursor, generation, standby)
    cursor.begin = lambda end: continue_from(store, end)
    cursor.finished = lambda: finished(part)
    return part
