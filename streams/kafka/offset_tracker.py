"""Unfinished batches of the stages, and the offsets that may be committed.

Batches of a partition are delivered in the order of their offsets and finished in any order. The offset that may be
committed is the one after the last batch before which none is unfinished. Gaps between offsets (compaction, transaction
markers) need no tracking: a finished batch is compared with delivered ones, not with consecutive numbers. A gap after
the last record counts as part of that record, so the end of a log that ends with a marker can be committed.
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
    """The unfinished batches of one worker: at most `max_batches` per partition and `max_bytes` in all."""

    def __init__(self, max_batches: int, max_bytes: int) -> None:
        self.max_batches = max_batches
        self.max_bytes = max_bytes
        self.size_bytes = 0
        self._tickets: dict[TopicPartition, deque[_Ticket]] = defaultdict(deque)
        self._reached: dict[TopicPartition, int] = {}

    def deliver(self, tp: TopicPartition, last_offset: int, size_bytes: int) -> None:
        """Note a batch that goes to a stage. Batches of a partition come in ascending order."""
        self._tickets[tp].append(_Ticket(last_offset, size_bytes, last_offset + 1))
        self.size_bytes += size_bytes

    def skip_to(self, tp: TopicPartition, next_offset: int) -> None:
        """Note that no record follows the last delivered batch before `next_offset`."""
        tickets = self._tickets[tp]
        if tickets:
            tickets[-1].next_offset = next_offset
        else:
            self._reached[tp] = next_offset

    def finish(self, tp: TopicPartition, last_offset: int) -> None:
        """Note that a stage has finished a batch; an unknown one changes nothing."""
        tickets = self._tickets[tp]
        for ticket in tickets:
            if ticket.last_offset == last_offset and not ticket.done:
                ticket.done = True
                self.size_bytes -= ticket.size_bytes
                break
        while tickets and tickets[0].done:
            self._reached[tp] = tickets.popleft().next_offset

    @property
    def is_full(self) -> bool:
        """Whether no further batch of any partition may be delivered."""
        return self.size_bytes >= self.max_bytes

    def has_room(self, tp: TopicPartition) -> bool:
        """Return whether one more batch of this partition may be delivered."""
        return not self.is_full and len(self._tickets[tp]) < self.max_batches

    def busy(self) -> set[TopicPartition]:
        """Return the partitions with an unfinished batch."""
        return {tp for tp, tickets in self._tickets.items() if tickets}

    def committable(self, tp: TopicPartition) -> int | None:
        """Return the offset to commit: that of the first unfinished record. None means that nothing is finished."""
        return self._reached.get(tp)

    def partitions(self) -> list[TopicPartition]:
        """Return the partitions that have an offset to commit."""
        return list(self._reached)

    def reset(self, tps: Iterable[TopicPartition] | None = None) -> None:
        """Forget these partitions (all by default): their next owner continues from the last commit."""
        for tp in list(self._tickets) if tps is None else tps:
            self.size_bytes -= sum(ticket.size_bytes for ticket in self._tickets.pop(tp, ()) if not ticket.done)
            self._reached.pop(tp, None)
