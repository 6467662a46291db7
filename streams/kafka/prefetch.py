"""Records that were fetched and not delivered yet, and the plan of aiokafka's next fetch requests.

aiokafka requests all partitions of a node at once, delivers one partition at a time, and leaves out of the next request
the partitions whose records have not been taken. Four things are changed, and what each saves is in decisions 014 and
034:

- the records of an answer are taken at once, up to `full_records` and `full_bytes` per partition and `held_bytes` over
  all. So the next request includes the partition, and records that arrive while a stage is busy are here when it has
  finished;
- *idle pauses*: after an answer with few records of a topic, the topic is not requested during its pause. Records that
  arrive meanwhile on all its partitions come in one answer: at low rates the cost is in the number of answers;
- topics with idle pauses have a connection of their own (a *lane*), so that requests for them and for the others do not
  wait for each other;
- *linger*: a batch is kept until `linger_s` after its first record, or until it is full.
"""

import asyncio
import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from aiokafka.consumer.fetcher import FetchError

from streams.kafka.fetch_session import OWN_CONNECTION, lane_of, split_lane
from streams.records import TopicPartition

PLAN_EVERY_S = 1.0  # how often aiokafka plans requests if nothing else wakes it
FULL_WAIT_MS = 50  # wait at the broker while a partition is left out because its records are full
QUIET_S = 10.0  # without a record for this long, a request waits at the broker for `QUIET_WAIT_MS`
QUIET_WAIT_MS = 2000  # not longer: a rebalance cannot withdraw a request, and the next one follows its answer
FEW = 0.25  # of a full batch: an answer with less of every partition starts an idle pause


@dataclass(slots=True)
class PartitionRecords:
    """Records of one partition, and the offset after them and the transaction markers that follow."""

    records: list[Any]
    position: int


class PrefetchLimits(NamedTuple):
    """`full_records` and `full_bytes` are of one partition, `held_bytes` is of all; bytes are those of the answers."""

    full_records: int
    full_bytes: int
    held_bytes: int


class _Share(NamedTuple):
    """What was taken of one partition's answer."""

    records: int
    size_bytes: int


@dataclass(slots=True)
class IdlePause:
    """A pause in fetching some topics. They may be requested again at `due_s` (monotonic seconds)."""

    length_s: float
    due_s: float = 0.0


@dataclass(slots=True)
class _Held:
    assignment: Any
    records: list[Any]
    position: int
    size_bytes: int
    due_s: float  # when it stops lingering (monotonic seconds)


def _as_read(tp: TopicPartition, record: Any) -> Any:
    """Return the record itself: 0.86 µs each instead of 1.42, since aiokafka would make a copy with more fields."""
    return record


@dataclass(slots=True)
class _Part:
    """An assignment as far as planning needs it, with some of its partitions."""

    tps: Collection[Any]
    state_value: Callable[[Any], Any]


class Prefetch:
    """The records of one consumer's fetcher. Used in the consumer's thread only."""

    def __init__(
        self,
        fetcher: Any,
        limits: PrefetchLimits,
        idle_pauses: Mapping[str, IdlePause],
        linger_s: Mapping[str, float],
    ) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._idle_pauses = idle_pauses
        self._linger_s = linger_s
        self._held: dict[TopicPartition, _Held] = {}
        self._assignment: Any = None
        self._lanes: dict[int, list[Any]] = {}
        self._failure: Exception | None = None
        self._wait_ms: int = fetcher._fetch_max_wait_ms
        self._arrived_s = time.monotonic()  # the last records
        self._request, self._plan = fetcher._proc_fetch_request, fetcher._get_actions_per_node
        fetcher._proc_fetch_request, fetcher._get_actions_per_node = self._request_and_take, self._plan_around_pauses
        fetcher._prefetch_backoff = 0  # partitions that wait for delivery do not delay requests of others
        fetcher._fetcher_timeout = PLAN_EVERY_S

    # -- out

    def drain(self, free: Collection[TopicPartition], batches: int) -> dict[TopicPartition, PartitionRecords]:
        """Return the records held of the `free` partitions, no further partition after as many as in full `batches`.

        Raises the broker's error of a partition, and the error of records that cannot be decoded.
        """
        self._absorb()
        if self._failure is not None:
            raise self._failure
        drained: dict[TopicPartition, PartitionRecords] = {}
        now_s = time.monotonic()
        records, size_bytes = batches * self._limits.full_records, batches * self._limits.full_bytes
        for tp in [tp for tp in self._held if tp in free and not self._lingers(tp, now_s)]:
            held = self._held.pop(tp)
            if self._is_current(tp, held):
                drained[tp[0], tp[1]] = PartitionRecords(held.records, held.position)
                records -= len(held.records)
                size_bytes -= held.size_bytes
                if records <= 0 or size_bytes <= 0:
                    break
        if drained:
            self._absorb()
        else:  # records that were taken out must be delivered before an error: aiokafka does not fetch them again
            self._raise_errors(free)
        return drained

    def lingers_for(self, free: Collection[TopicPartition]) -> float:
        """Return the seconds until the first of the `free` partitions stops lingering; infinite if none lingers."""
        return min((held.due_s for tp, held in self._held.items() if tp in free), default=math.inf) - time.monotonic()

    def _lingers(self, tp: TopicPartition, now_s: float) -> bool:
        held = self._held[tp]
        return held.due_s > now_s and not self._is_full(held)

    def start(self, tp: TopicPartition) -> int | None:
        """Return the offset of the first record held of a partition, if any. May be called from any thread."""
        held = self._held.get(tp)
        return held.records[0].offset if held is not None and held.records else None

    def _is_current(self, tp: Any, held: _Held) -> bool:
        """Return whether the partition is still assigned, and its position has not been changed by a seek."""
        return bool(held.assignment.active and held.assignment.state_value(tp)._position == held.position)

    def _raise_errors(self, free: Collection[TopicPartition]) -> None:
        for tp, found in list(self._fetcher._records.items()):
            if tp in free and isinstance(found, FetchError):
                del self._fetcher._records[tp]
                found.check_raise()

    # -- in

    async def _request_and_take(self, assignment: Any, node: Any, request: Any) -> bool:
        try:
            received: bool = await self._request(assignment, node, request)
        finally:
            asyncio.get_running_loop().call_soon(self._plan_again)
        if received:
            self._arrived_s = time.monotonic()
            self._begin_pauses(self._absorb())
        return received

    def _plan_again(self) -> None:
        """Have aiokafka plan once more when it has noted that the node is free.

        It notes that in a callback. If its wait for answers times out in the same iteration of the event loop in which
        an answer arrives, which is likely at the end of an idle pause, it plans before the callback: then there is
        nothing to request, and nothing to wait for until `PLAN_EVERY_S` is over.
        """
        self._fetcher._notify(self._fetcher._wait_consume_future)

    def _absorb(self) -> dict[TopicPartition, _Share]:
        """Take the records for which there is room. Return how many there were of each partition."""
        shares: dict[TopicPartition, _Share] = {}
        try:
            for tp, found in list(self._fetcher._records.items()):
                if not isinstance(found, FetchError) and self._has_room(tp):
                    shares[tp] = self._take(tp, found)
        except (
            Exception
        ) as error:  # records that cannot be decoded: aiokafka does not have the ones before them any more
            self._failure = error
        if shares:
            self._fetcher._notify(self._fetcher._wait_consume_future)
        return shares

    def _has_room(self, tp: TopicPartition) -> bool:
        """Return whether records are taken. A partition of which none are held always has room.

        So it does not wait for others, whose records may be held until ClickHouse is back.
        """
        held = self._held.get(tp)
        if held is not None and not self._is_current(tp, held):
            del self._held[tp]
            return True
        return held is None or not (self._is_full(held) or self.held_bytes >= self._limits.held_bytes)

    @property
    def held_bytes(self) -> int:
        """The size of all records held."""
        return sum(held.size_bytes for held in self._held.values())

    def _is_full(self, held: _Held) -> bool:
        return len(held.records) >= self._limits.full_records or held.size_bytes >= self._limits.full_bytes

    def _take(self, tp: TopicPartition, found: Any) -> _Share:
        held, state = self._held.get(tp), found._assignment.state_value(tp)
        size_bytes = 0
        if found.has_more():
            size_bytes = found._partition_records._records.size_in_bytes()
            found._partition_records._consumer_record = _as_read
        before = state._position  # the property `position` must not be read while it may be unknown
        records = found.getall(self._limits.full_records - (len(held.records) if held else 0))
        if not found.has_more():
            del self._fetcher._records[tp]
        if state._position == before:
            return _Share(0, 0)  # the records are of an earlier assignment, and were dropped
        if held is None:
            held = self._held[tp] = _Held(found._assignment, [], state._position, 0, 0.0)
        if not held.records:
            held.due_s = time.monotonic() + self._linger_s.get(tp[0], 0.0)
        held.records += records
        held.position = state._position
        held.size_bytes += size_bytes
        return _Share(len(records), size_bytes)

    # -- idle pauses

    def _begin_pauses(self, shares: Mapping[TopicPartition, _Share]) -> None:
        """Begin the idle pauses of topics of which few records arrived."""
        now_s = time.monotonic()
        pauses = self._idle_pauses
        busy = {id(pauses[tp[0]]) for tp, share in shares.items() if tp[0] in pauses and self._is_many(share)}
        for tp in shares:
            pause = pauses.get(tp[0])
            if pause is not None and id(pause) not in busy and pause.due_s <= now_s:  # one pause for several nodes
                pause.due_s = now_s + pause.length_s

    def _is_many(self, share: _Share) -> bool:
        return share.records >= FEW * self._limits.full_records or share.size_bytes >= FEW * self._limits.full_bytes

    def _plan_around_pauses(self, assignment: Any) -> tuple[Any, Any, float, Any, Any]:
        """Return aiokafka's plan of the next requests, without topics in an idle pause."""
        if assignment is not self._assignment:
            self._assignment = assignment
            self._held = {tp: held for tp, held in self._held.items() if held.assignment is assignment}
            self._lanes = self._find_lanes(assignment)
        now_s = time.monotonic()
        wait_ms = self._wait_ms if now_s < self._arrived_s + QUIET_S else QUIET_WAIT_MS
        pauses = self._idle_pauses
        pausing = {topic: pause.due_s - now_s for topic, pause in pauses.items() if pause.due_s > now_s}
        requests: list[Any] = []
        resets: dict[int, Any] = {}
        resumes: list[Any] = []
        timeout_s, unknown = min(pausing.values(), default=math.inf), False
        for connection, lane_tps in self._lanes.items():
            tps = [tp for tp in lane_tps if tp.topic not in pausing] if pausing else lane_tps
            plan = self._plan_lane(connection, _Part(tps, assignment.state_value), wait_ms)
            requests += [(lane_of(node_id, connection), request) for node_id, request in plan[0]]
            resets |= {lane_of(node_id, connection): some for node_id, some in plan[1].items()}
            timeout_s, unknown = min(timeout_s, plan[2]), unknown or plan[3]
            resumes += plan[4]
        return requests, resets, timeout_s, unknown, resumes

    def _find_lanes(self, assignment: Any) -> dict[int, list[Any]]:
        """Return the partitions by connection."""
        lanes: dict[int, list[Any]] = {0: [tp for tp in assignment.tps if tp.topic not in self._idle_pauses]}
        if self._idle_pauses:
            lanes[OWN_CONNECTION] = [tp for tp in assignment.tps if tp.topic in self._idle_pauses]
        return lanes

    def _plan_lane(self, connection: int, part: _Part, wait_ms: int) -> tuple[Any, Any, float, Any, Any]:
        """Return aiokafka's plan for the partitions of one lane."""
        fetcher = self._fetcher
        fetcher._fetch_max_wait_ms = FULL_WAIT_MS if any(tp in fetcher._records for tp in part.tps) else wait_ms
        in_flight = fetcher._in_flight
        fetcher._in_flight = {node for other, node in map(split_lane, in_flight) if other == connection}
        try:
            plan: tuple[Any, Any, float, Any, Any] = self._plan(part)
        finally:
            fetcher._in_flight = in_flight
        return plan
