"""What has been fetched and not been taken yet, and what is asked for next: the rhythm of aiokafka's fetcher.

aiokafka asks a node for all partitions in one request, answers one at a time, and leaves out of the next request what
nobody has taken yet. Four things are changed:

- what an answer brings is taken at once, up to `full_records` and `full_bytes` a partition: so the next request asks
  for that partition again, and what comes while a stage is at work is there when it has finished;
- *resting* topics: when an answer brought some of their records, but few, they are not asked for during `rest_s`. What
  arrives meanwhile on all their partitions comes in one answer, not each in its own: at low rates it is the number of
  answers that costs;
- a request waits at the broker no longer than until a resting topic is due;
- *lingering* topics: a batch is held until `linger_s` after its first record came, or until it is full.
"""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.consumer.fetcher import FetchError

from streams.records import TopicPartition

IDLE_S = 1.0  # aiokafka looks whether there is anything to ask for, if nothing else wakes it
FULL_WAIT_MS = 50  # while a partition is left out because nobody takes its records: it may be asked for soon
LEAST_WAIT_MS = 1
FEW = 0.25  # of a full batch: an answer with more of a partition is not few


@dataclass(slots=True)
class PartitionRecords:
    """Records of one partition, and the offset to go on from: after them and the transaction markers behind them."""

    records: list[Any]
    position: int


@dataclass(slots=True)
class IdlePause:
    """Topics with the same one rest together. `due_s` is when they may be asked for again (monotonic seconds)."""

    length_s: float
    due_s: float = 0.0


@dataclass(slots=True)
class _Held:
    assignment: Any
    records: list[Any]
    position: int
    size_bytes: int
    due_s: float  # when it need not linger any more (monotonic seconds)


def _as_read(tp: TopicPartition, record: Any) -> Any:
    """In place of what aiokafka makes of each record: a copy with more fields, for four times the price."""
    return record


@dataclass(slots=True)
class _Part:
    """An assignment as far as planning looks at it, with some of its partitions."""

    tps: Collection[Any]
    state_value: Callable[[Any], Any]


class Prefetch:
    """Holds records of one consumer's fetcher. To be used in the consumer's thread only."""

    def __init__(
        self,
        fetcher: Any,
        full_records: int,
        full_bytes: int,
        idle_pauses: Mapping[str, IdlePause],
        linger_s: Mapping[str, float],
    ) -> None:
        self._fetcher = fetcher
        self._full_records = full_records
        self._full_bytes = full_bytes
        self._idle_pauses = idle_pauses
        self._linger_s = linger_s
        self._held: dict[TopicPartition, _Held] = {}
        self._assignment: Any = None
        self._failure: Exception | None = None
        self._wait_ms: int = fetcher._fetch_max_wait_ms
        self._ask, self._plan = fetcher._proc_fetch_request, fetcher._get_actions_per_node
        fetcher._proc_fetch_request, fetcher._get_actions_per_node = self._ask_and_take, self._plan_around_rests
        fetcher._prefetch_backoff = 0  # what waits for its turn does not keep others from being asked for
        fetcher._fetcher_timeout = IDLE_S

    # -- out

    def drain(self, free: Collection[TopicPartition], limit: int) -> dict[TopicPartition, PartitionRecords]:
        """What is held of the `free` partitions; no further one after `limit` records. Raises what the broker said of
        a partition, and what is wrong with records.
        """
        self._absorb()
        if self._failure is not None:
            raise self._failure
        drained: dict[TopicPartition, PartitionRecords] = {}
        now_s = time.monotonic()
        for tp in [tp for tp in self._held if tp in free and not self._lingers(tp, now_s)]:
            held = self._held.pop(tp)
            if self._is_current(tp, held):
                drained[tp[0], tp[1]] = PartitionRecords(held.records, held.position)
                limit -= len(held.records)
                if limit <= 0:
                    break
        if drained:
            self._absorb()
        else:  # what was taken out must be handed out before anything is raised: aiokafka does not give it again
            self._raise_errors(free)
        return drained

    def lingers_for(self, free: Collection[TopicPartition]) -> float:
        """Seconds until the first of the `free` partitions that linger does so no more; infinite if none does."""
        return min((held.due_s for tp, held in self._held.items() if tp in free), default=math.inf) - time.monotonic()

    def _lingers(self, tp: TopicPartition, now_s: float) -> bool:
        held = self._held[tp]
        return held.due_s > now_s and not self._is_full(held)

    def start(self, tp: TopicPartition) -> int | None:
        """The offset of the first record held of a partition, if any is. May be called from any thread."""
        held = self._held.get(tp)
        return held.records[0].offset if held is not None and held.records else None

    def _is_current(self, tp: Any, held: _Held) -> bool:
        """Whether nobody has gone elsewhere in the partition, or lost it, since."""
        return bool(held.assignment.active and held.assignment.state_value(tp)._position == held.position)

    def _raise_errors(self, free: Collection[TopicPartition]) -> None:
        for tp, found in list(self._fetcher._records.items()):
            if tp in free and isinstance(found, FetchError):
                del self._fetcher._records[tp]
                found.check_raise()

    # -- in

    async def _ask_and_take(self, assignment: Any, node: Any, request: Any) -> bool:
        try:
            came: bool = await self._ask(assignment, node, request)
        finally:
            asyncio.get_running_loop().call_soon(self._look_again)
        if came:
            self._rest(self._absorb())
        return came

    def _look_again(self) -> None:
        """Have aiokafka plan once more when it has noted that the node is free.

        It notes so in a callback. If its wait for answers times out in the same turn of the loop as one comes, which at
        the end of a rest is likely, it plans before: nothing to ask, and nothing to wait for until `IDLE_S` is over.
        """
        self._fetcher._notify(self._fetcher._wait_consume_future)

    def _absorb(self) -> dict[TopicPartition, int]:
        """Take what there is room for. Returns how many records came of each partition."""
        counts: dict[TopicPartition, int] = {}
        try:
            for tp, found in list(self._fetcher._records.items()):
                if not isinstance(found, FetchError) and self._has_room(tp):
                    counts[tp] = self._take(tp, found)
        except Exception as error:  # records that cannot be decoded: what was before them is gone from aiokafka's hands
            self._failure = error
        if counts:
            self._fetcher._notify(self._fetcher._wait_consume_future)
        return counts

    def _has_room(self, tp: TopicPartition) -> bool:
        held = self._held.get(tp)
        if held is not None and not self._is_current(tp, held):
            del self._held[tp]
            return True
        return held is None or not self._is_full(held)

    def _is_full(self, held: _Held) -> bool:
        return len(held.records) >= self._full_records or held.size_bytes >= self._full_bytes

    def _take(self, tp: TopicPartition, found: Any) -> int:
        held, state = self._held.get(tp), found._assignment.state_value(tp)
        size_bytes = 0
        if found.has_more():
            size_bytes = found._partition_records._records.size_in_bytes()
            found._partition_records._consumer_record = _as_read
        before = state._position  # `position` is not to be asked for where it may be unknown
        records = found.getall(self._full_records - (len(held.records) if held else 0))
        if not found.has_more():
            del self._fetcher._records[tp]
        if state._position == before:
            return 0  # they are of an earlier assignment, and none
        if held is None:
            held = self._held[tp] = _Held(found._assignment, [], state._position, 0, 0.0)
        if not held.records:
            held.due_s = time.monotonic() + self._linger_s.get(tp[0], 0.0)
        held.records += records
        held.position = state._position
        held.size_bytes += size_bytes
        return len(records)

    # -- rests

    def _rest(self, counts: Mapping[TopicPartition, int]) -> None:
        """Topics of which few records came rest, with those that rest with them."""
        now_s = time.monotonic()
        many = {
            id(self._idle_pauses[tp[0]])
            for tp, count in counts.items()
            if tp[0] in self._idle_pauses and self._is_many(count)
        }
        for tp in counts:
            rest = self._idle_pauses.get(tp[0])
            if rest is not None and id(rest) not in many and rest.due_s <= now_s:  # several nodes rest together
                rest.due_s = now_s + rest.length_s

    def _is_many(self, count: int) -> bool:
        return count >= FEW * self._full_records

    def _plan_around_rests(self, assignment: Any) -> tuple[Any, Any, float, Any, Any]:
        """aiokafka's next requests, without partitions that rest."""
        if assignment is not self._assignment:
            self._assignment = assignment
            self._held = {tp: held for tp, held in self._held.items() if held.assignment is assignment}
        now_s = time.monotonic()
        wait_ms = FULL_WAIT_MS if self._fetcher._records else self._wait_ms
        resting = {topic: rest for topic, rest in self._idle_pauses.items() if rest.due_s > now_s}
        due_s = min([now_s + wait_ms / 1000, *(rest.due_s for rest in resting.values())])
        self._fetcher._fetch_max_wait_ms = max(LEAST_WAIT_MS, round(1000 * (due_s - now_s)))
        tps = [tp for tp in assignment.tps if tp.topic not in resting] if resting else assignment.tps
        requests, resets, timeout_s, unknown, resumes = self._plan(_Part(tps, assignment.state_value))
        return requests, resets, min(timeout_s, due_s - now_s) if resting else timeout_s, unknown, resumes
