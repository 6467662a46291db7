"""Which batches are out with the stages, and up to where a partition may be committed.

Batches of a partition are handed out in the order of their offsets and finished in any order; what may be committed is
the offset after the last batch before which none is unfinished. Holes between offsets (compaction, transaction markers)
need no care: a batch is compared with what was handed out, not with consecutive numbers. A hole after the last record
counts with that record: the end of a log that ends with a marker can be committed.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from streams.records import TopicPartition


@dataclass(slots=True)
class _Ticket:
    last_offset: int
    size_bytes: int
    next_offset: int
    done: bool = False


class OffsetTracker:
    """The books of one worker: at most `max_batches` unfinished per partition and `max_bytes` over all of them."""

    def __init__(self, max_batches: int, max_bytes: int) -> None:
        self.max_batches = max_batches
        self.max_bytes = max_bytes
        self.size_bytes = 0
        self._tickets: dict[TopicPartition, deque[_Ticket]] = defaultdict(deque)
        self._reached: dict[TopicPartition, int] = {}

    def hand_out(self, tp: TopicPartition, last_offset: int, size_bytes: int) -> None:
        """Note a batch that goes to a stage. Batches of a partition come in rising order."""
        self._tickets[tp].append(_Ticket(last_offset, size_bytes, last_offset + 1))
        self.size_bytes += size_bytes

    def pass_over(self, tp: TopicPartition, next_offset: int) -> None:
        """Note that what was handed out last is followed by nothing for a stage before `next_offset`."""
        tickets = self._tickets[tp]
        if tickets:
            tickets[-1].next_offset = next_offset
        else:
            self._reached[tp] = next_offset

    def finish(self, tp: TopicPartition, last_offset: int) -> None:
        """Note that a stage is done with a batch; one that is not in the books (any more) changes nothing."""
        tickets = self._tickets[tp]
        for ticket in tickets:
            if ticket.last_offset == last_offset and not ticket.done:
                ticket.done = True
                self.size_bytes -= ticket.size_bytes
                break
        while tickets and tickets[0].done:
            self._reached[tp] = tickets.popleft().next_offset

    def has_room(self, tp: TopicPartition) -> bool:
        """Whether one more batch of this partition may be handed out."""
        return self.size_bytes < self.max_bytes and len(self._tickets[tp]) < self.max_batches

    def is_idle(self, tp: TopicPartition) -> bool:
        """Whether no batch of this partition is unfinished."""
        return not self._tickets[tp]

    def committable(self, tp: TopicPartition) -> int | None:
        """The offset that may be committed: of the first record that is not finished yet. None before any is."""
        return self._reached.get(tp)

    def partitions(self) -> list[TopicPartition]:
        """Partitions that have something to commit."""
        return list(self._reached)

    def forget(self, tps: Iterable[TopicPartition] | None = None) -> None:
        """Drop the books of these partitions (of all, by default): another worker goes on from the last commit."""
        for tp in list(self._tickets) if tps is None else tps:
            self.size_bytes -= sum(ticket.size_bytes for ticket in self._tickets.pop(tp, ()) if not ticket.done)
            self._reached.pop(tp, None)
