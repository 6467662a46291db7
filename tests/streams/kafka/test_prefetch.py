"""Planned requests and held records, with a fetcher whose answers the test chooses."""

import math
import time
from collections import OrderedDict
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.fetcher import FetchError
from aiokafka.errors import CorruptRecordException, TopicAuthorizationFailedError
from aiokafka.structs import TopicPartition

from streams.kafka.fetch_session import OWN_CONNECTION, lane_of, split_lane
from streams.kafka.prefetch import FULL_WAIT_MS, QUIET_S, QUIET_WAIT_MS, IdlePause, Prefetch, PrefetchLimits

RAW, OTHER = TopicPartition("raw", 0), TopicPartition("raw", 1)
STATE = TopicPartition("state", 0)
NODE = 1
FULL = 100
WAIT_MS = 500
FAR_S = 1e9
LINGER_S = 60.0


class State:
    def __init__(self) -> None:
        self._position = 0


class Assignment:
    def __init__(self, *tps: TopicPartition) -> None:
        self.active = True
        self.tps = set(tps)
        self._states = {tp: State() for tp in tps}

    def state_value(self, tp: TopicPartition) -> State:
        return self._states[tp]


class Answer:
    """aiokafka's answer for one partition; taking records advances the position of the assignment."""

    def __init__(self, assignment: Assignment, tp: TopicPartition, count: int, size_bytes: int = 0) -> None:
        self._assignment, self._tp = assignment, tp
        start = assignment.state_value(tp)._position
        self._left = [SimpleNamespace(offset=offset) for offset in range(start, start + count)]
        self._start = start
        self._partition_records = SimpleNamespace(_records=SimpleNamespace(size_in_bytes=lambda: size_bytes))

    def has_more(self) -> bool:
        return bool(self._left)

    def getall(self, most: int) -> list[Any]:
        state = self._assignment.state_value(self._tp)
        if state._position != self._start:
            self._left = []
            return []
        taken, self._left = self._left[:most], self._left[most:]
        state._position = self._start = taken[-1].offset + 1
        return taken


class Fetcher:
    """A stand-in for aiokafka's fetcher: `answers` come with the next request."""

    def __init__(self) -> None:
        self._fetch_max_wait_ms = WAIT_MS
        self._records: OrderedDict[TopicPartition, Any] = OrderedDict()
        self._wait_consume_future = None
        self._in_flight: set[int] = set()
        self.answers: dict[TopicPartition, Any] = {}
        self.notified = 0

    def _notify(self, future: object) -> None:
        self.notified += 1

    async def _proc_fetch_request(self, assignment: Any, node: int, request: object) -> bool:
        self._records.update(self.answers)
        return bool(self.answers)

    def _get_actions_per_node(self, assignment: Any) -> tuple[Any, Any, float, bool, list[Any]]:
        wait_ms = self._fetch_max_wait_ms
        left = [] if NODE in self._in_flight else sorted(set(assignment.tps) - set(self._records))
        return [(NODE, (tp, wait_ms)) for tp in left], {}, FAR_S, False, []


class Held:
    """A prefetch with its fetcher and assignment."""

    def __init__(self, idle_pause_s: float = 60.0, linger_s: dict[str, float] | None = None) -> None:
        self.fetcher: Any = Fetcher()
        pause = IdlePause(idle_pause_s)
        self.prefetch = Prefetch(self.fetcher, PrefetchLimits(FULL, 1000, 3000), {"raw": pause}, linger_s or {})
        self.assignment = Assignment(RAW, OTHER, STATE)

    async def answer(self, counts: dict[TopicPartition, int], size_bytes: int = 0) -> None:
        self.fetcher.answers = {tp: Answer(self.assignment, tp, n, size_bytes) for tp, n in counts.items()}
        await self.fetcher._proc_fetch_request(self.assignment, 0, object())

    def planned(self) -> tuple[list[TopicPartition], float]:
        """Return the partitions that would be requested now, and the seconds until the next plan."""
        requests, _, timeout_s, *_ = self.fetcher._get_actions_per_node(self.assignment)
        self.waits_ms = {tp: wait_ms for _, (tp, wait_ms) in requests}
        self.connections = {tp: split_lane(lane)[0] for lane, (tp, _) in requests}
        return sorted(self.waits_ms), timeout_s

    def drain(self, *free: TopicPartition) -> dict[tuple[str, int], tuple[int, int]]:
        """Return the number of records and the position after them, by partition."""
        drained = self.prefetch.drain(set(free or self.assignment.tps), batches=2)
        return {tp: (len(taken.records), taken.position) for tp, taken in drained.items()}


async def test_records_are_held_until_the_stage_is_free_and_delivered_together() -> None:
    held = Held()
    for _ in range(3):
        await held.answer({STATE: 20})
        assert STATE in held.planned()[0], "it can be requested again at once"
    assert held.prefetch.start(STATE) == 0
    assert held.drain(RAW) == {}
    assert held.drain(STATE) == {STATE: (60, 60)}
    assert held.drain(STATE) == {}
    assert held.prefetch.start(STATE) is None


async def test_at_most_one_batch_is_held() -> None:
    held = Held()
    await held.answer({STATE: FULL + 30})
    assert STATE not in held.planned()[0], "the rest stays with aiokafka, which requests no more"
    await held.answer({OTHER: FULL + 1})
    held.planned()
    assert held.waits_ms == {RAW: FULL_WAIT_MS}, "the request that includes it again must not wait for long"
    assert held.drain() == {STATE: (FULL, FULL), OTHER: (FULL, FULL)}
    assert STATE in held.planned()[0]
    assert held.drain() == {STATE: (30, FULL + 30), OTHER: (1, FULL + 1)}
    await held.answer({STATE: 1}, size_bytes=1000)
    await held.answer({STATE: 1})
    assert STATE not in held.planned()[0], "large records fill a batch as well"


async def test_all_partitions_together_hold_a_limited_size() -> None:
    held = Held()
    await held.answer({RAW: 1, OTHER: 1}, size_bytes=900)
    await held.answer({RAW: 1}, size_bytes=1300)
    assert held.prefetch.held_bytes == 3100
    await held.answer({OTHER: 1, STATE: 1}, size_bytes=5)
    assert OTHER not in held.planned()[0], "its records stay with aiokafka, which requests no more"
    assert STATE in held.planned()[0], "a partition without held records waits for no other"
    assert held.drain(RAW) == {RAW: (2, 2)}
    assert OTHER in held.planned()[0]
    assert held.drain() == {OTHER: (2, 2), STATE: (1, 1)}


@pytest.mark.parametrize(("count", "size_bytes"), [(FULL, 10), (1, 1000)])
async def test_no_further_partition_is_drained_after_enough_batches(count: int, size_bytes: int) -> None:
    held = Held()
    await held.answer(dict.fromkeys((RAW, OTHER, STATE), count), size_bytes)
    assert len(held.drain()) == 2
    assert len(held.drain()) == 1


async def test_a_batch_lingers_for_more_until_it_is_full() -> None:
    held = Held(linger_s={"state": 60.0})
    await held.answer({RAW: 3, STATE: 1})
    assert held.drain() == {RAW: (3, 3)}, "other topics do not wait"
    assert held.prefetch.lingers_for({RAW}) == math.inf
    assert 0 < held.prefetch.lingers_for({RAW, STATE}) <= 60
    await held.answer({STATE: FULL})
    assert held.drain() == {STATE: (FULL, FULL)}, "it is full"


async def test_a_batch_lingers_no_longer_than_from_its_first_record(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(linger_s={"state": LINGER_S})
    now_s = time.monotonic()
    for passed_s in (0.0, LINGER_S / 2):
        monkeypatch.setattr(time, "monotonic", lambda passed_s=passed_s: now_s + passed_s)
        await held.answer({STATE: 1})
        assert held.prefetch.lingers_for({STATE}) == pytest.approx(LINGER_S - passed_s)
        assert held.drain() == {}, "more may arrive"
    monkeypatch.setattr(time, "monotonic", lambda: now_s + LINGER_S)
    assert held.drain() == {STATE: (2, 2)}


async def test_an_answer_with_few_records_starts_an_idle_pause() -> None:
    held = Held()
    await held.answer({RAW: 3, STATE: 1})
    requested, next_plan_s = held.planned()
    assert requested == [STATE]
    assert 0 < next_plan_s <= 60
    assert held.drain() == {RAW: (3, 3), STATE: (1, 1)}, "records that arrived are not kept back"


async def test_topics_are_requested_again_when_their_idle_pause_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    held = Held(idle_pause_s=0.2)
    await held.answer({RAW: 3})
    for passed_s in (0.0, 0.15):
        monkeypatch.setattr(time, "monotonic", lambda passed_s=passed_s: now_s + passed_s)
        requested, next_plan_s = held.planned()
        assert requested == [STATE]
        assert next_plan_s == pytest.approx(0.2 - passed_s)
        assert held.waits_ms == {STATE: WAIT_MS}, "the other topics wait at the broker as always"
    monkeypatch.setattr(time, "monotonic", lambda: now_s + 0.2001)
    assert held.planned() == ([RAW, OTHER, STATE], FAR_S)


async def test_topics_with_idle_pauses_have_a_connection_of_their_own() -> None:
    held = Held()
    held.planned()
    assert held.connections == {RAW: OWN_CONNECTION, OTHER: OWN_CONNECTION, STATE: 0}
    held.fetcher._in_flight = {lane_of(NODE, OWN_CONNECTION)}
    assert held.planned()[0] == [STATE], "a request for the others is on its way"
    held.fetcher._in_flight = {lane_of(NODE, 0)}
    assert held.planned()[0] == [RAW, OTHER]


async def test_requests_wait_longer_when_nothing_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    held, now_s = Held(), time.monotonic()
    for passed_s, wait_ms in ((0.0, WAIT_MS), (2 * QUIET_S, QUIET_WAIT_MS)):
        monkeypatch.setattr(time, "monotonic", lambda passed_s=passed_s: now_s + passed_s)
        held.planned()
        assert held.waits_ms == dict.fromkeys((RAW, OTHER, STATE), wait_ms)
    await held.answer({STATE: 1})
    held.planned()
    assert held.waits_ms[STATE] == WAIT_MS


@pytest.mark.parametrize(("counts", "size_bytes"), [({RAW: FULL}, 0), ({RAW: 1, OTHER: FULL // 2}, 0), ({RAW: 1}, 500)])
async def test_an_answer_with_many_or_large_records_starts_no_idle_pause(
    counts: dict[TopicPartition, int], size_bytes: int
) -> None:
    held = Held()
    await held.answer(counts, size_bytes)
    assert OTHER in held.planned()[0]


async def test_a_seek_drops_held_records() -> None:
    held = Held()
    await held.answer({STATE: 20})
    held.assignment.state_value(STATE)._position = 5
    assert held.drain() == {}
    await held.answer({STATE: 20})
    assert held.drain() == {STATE: (20, 25)}


async def test_a_new_assignment_begins_without_held_records() -> None:
    held = Held()
    await held.answer({STATE: 20})
    held.assignment.active = False
    held.assignment = Assignment(STATE)
    held.planned()
    assert held.prefetch.start(STATE) is None
    assert held.drain() == {}


async def test_records_are_delivered_before_errors() -> None:
    held = Held()
    held.fetcher._records[RAW] = FetchError(error=TopicAuthorizationFailedError(), backoff=0)
    await held.answer({STATE: 2})
    assert held.drain() == {STATE: (2, 2)}
    assert held.drain(STATE) == {}
    with pytest.raises(TopicAuthorizationFailedError):
        held.drain()
    assert held.drain() == {}


async def test_records_that_cannot_be_decoded_are_a_lasting_error() -> None:
    held = Held()

    class Corrupt(Answer):
        def getall(self, most: int) -> list[Any]:
            raise CorruptRecordException("bad")

    held.fetcher.answers = {STATE: Corrupt(held.assignment, STATE, 2)}
    await held.fetcher._proc_fetch_request(held.assignment, 0, object())
    for _ in range(2):
        with pytest.raises(CorruptRecordException):
            held.drain(RAW)
