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

    def acknowledge(self, records: int) -> None:
        """Count records as durable."""
        self._waiting -= records
        if not self._waiting:
            self._finish()

    def refuse(self, position: int) -> None:
        """Count the record at `position` of the request as too large."""
        self._refused.append(position)
        self.acknowledge(1)

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


class Run(NamedTuple):
    """Records of one request for one topic, and their positions in the request."""

    records: Sequence[RawRecord]
    positions: Sequence[int]
    commit: PendingCommit

    def split(self, count: int) -> tuple["Run", "Run"]:
        """Return the first `count` records, and the others."""
        records, positions, commit = self
        return Run(records[:count], positions[:count], commit), Run(records[count:], positions[count:], commit)


def pack(builder: Any, waiting: deque[Run], now_ms: int) -> list[Run]:
    """Move runs from the left of `waiting` into aiokafka's batch builder until it is full; the last may be split.

    Return what is in the batch. The first record always fits, whatever its size.
    """
    packed: list[Run] = []
    received_at_ms, headers = -1, [("received_at", b"")]
    append = builder.append
    while waiting:
        run = waiting.popleft()
        for count, record in enumerate(run.records):
            if record.received_at_ms != received_at_ms:
                received_at_ms = record.received_at_ms
                headers = [("received_at", b"%d" % received_at_ms)]
            own = list(record.headers) if record.headers else headers
            if append(timestamp=now_ms, key=record.key, value=record.value, headers=own) is None:
                fits, rest = run.split(count)
                waiting.appendleft(rest)
                if count:
                    packed.append(fits)
                builder.close()
                return packed
        packed.append(run)
    builder.close()  # so that the producer adds no other records
    return packed


def halve(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """Return the runs in two parts with about as many records each; neither is empty if there are two records."""
    left = sum([len(run.records) for run in runs]) // 2
    first: list[Run] = []
    for index, run in enumerate(runs):
        if len(run.records) > left:
            fits, rest = run.split(left)
            return [*first, *([fits] if left else [])], [rest, *runs[index + 1 :]]
        first.append(run)
        left -= len(run.records)
    return first, []


def memory_size(records: Sequence[RawRecord]) -> int:
    """Return the estimated memory of records in flight: their bytes, and about 300 each for objects around them."""
    return sum([len(record.value) for record in records]) + 300 * len(records)
