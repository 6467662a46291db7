"""Records of several requests on their way to one partition, and the requests that wait for them."""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

from sources.collector.sink import RawRecord, RecordsTooLarge


class PendingCommit:
    """A request that waits for all of its records; `done` completes when each is acknowledged or refused."""

    __slots__ = ("_refused", "_waiting", "done")

    def __init__(self, records: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting = records
        self._refused: list[int] = []

    def acknowledge(self) -> None:
        """Count one record as durable."""
        self._waiting -= 1
        if not self._waiting:
            self._finish()

    def refuse(self, position: int) -> None:
        """Count the record at `position` of the request as too large."""
        self._refused.append(position)
        self.acknowledge()

    def fail(self, error: Exception) -> None:
        """Fail the whole request, because one of its records is not durable."""
        if not self.done.done():
            self.done.set_exception(error)

    def _finish(self) -> None:
        if self.done.done():
            return  # failed by another of its batches, or cancelled with its request
        if self._refused:
            self.done.set_exception(RecordsTooLarge(sorted(self._refused)))
        else:
            self.done.set_result(None)


class Entry(NamedTuple):
    """One record, and its position in the request that waits for it."""

    record: RawRecord
    commit: PendingCommit
    position: int


def pack(builder: Any, waiting: deque[Entry], now_ms: int) -> list[Entry]:
    """Move entries from the left of `waiting` into aiokafka's batch builder until it is full. Return them.

    The first record always fits, whatever its size.
    """
    packed: list[Entry] = []
    received_at_ms, headers = -1, [("received_at", b"")]
    while waiting:
        entry = waiting[0]
        record = entry.record
        if record.received_at_ms != received_at_ms:
            received_at_ms = record.received_at_ms
            headers = [("received_at", b"%d" % received_at_ms)]
        if builder.append(timestamp=now_ms, key=None, value=record.value, headers=headers) is None:
            break
        packed.append(waiting.popleft())
    builder.close()  # so that the producer adds no other records
    return packed


def memory_size(records: Sequence[RawRecord]) -> int:
    """Return the estimated memory of records in flight: their bytes, and about 300 each for objects around them."""
    return sum([len(record.value) for record in records]) + 300 * len(records)
