"""aiokafka's own request routine and record reader with our changes; the test chooses the answers."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.consumer.fetcher import Fetcher, FetchResult, PartitionRecords
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from aiokafka.structs import ConsumerRecord, TopicPartition

from streams.kafka import prefetch
from streams.kafka.prefetch import Prefetch, PrefetchLimits

NODE = 0
WAIT_S = 0.05  # until the routine plans again by itself, the first time
IDLE_S = 60.0  # and afterwards: longer than any busy machine pauses


class Node:
    """A node that counts requests. Its first answer takes `answer_s`, others never come."""

    def __init__(self, fetcher: Any, answer_s: float) -> None:
        self._fetcher = fetcher
        self._answer_s = answer_s
        self.second_request = asyncio.Event()
        self.requests = self.open = self.most_open = 0

    async def answer(self, assignment: object, node: int, request: object) -> bool:
        self.requests, self.open = self.requests + 1, self.open + 1
        self.most_open = max(self.most_open, self.open)
        if self.requests == 1:
            await asyncio.sleep(self._answer_s)
        else:
            self.second_request.set()
            await asyncio.get_running_loop().create_future()
        self.open -= 1
        return False

    def plan(self, assignment: object) -> tuple[Any, Any, float, bool, list[Any]]:
        timeout_s = WAIT_S if self.requests == 0 else IDLE_S
        return [] if NODE in self._fetcher._in_flight else [(NODE, object())], {}, timeout_s, False, []


def make_fetcher() -> Any:
    """Return aiokafka's fetcher without a client: it sends with `_proc_fetch_request` what was planned."""
    fetcher: Any = Fetcher.__new__(Fetcher)
    unassigned = asyncio.get_running_loop().create_future()
    assignment = SimpleNamespace(active=True, tps=(), state_value=None, unassign_future=unassigned)
    fetcher._subscriptions = SimpleNamespace(subscription=SimpleNamespace(assignment=assignment))
    fetcher._pending_tasks, fetcher._in_flight, fetcher._fetch_waiters = set(), set(), set()
    fetcher._records, fetcher._fetch_max_wait_ms = {}, 500
    return fetcher


@pytest.fixture
async def node(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Node]:
    """A node whose first answer comes in the same loop iteration in which the routine's wait times out."""
    monkeypatch.setattr(prefetch, "PLAN_EVERY_S", IDLE_S)
    fetcher = make_fetcher()
    node = Node(fetcher, WAIT_S * 0.8)
    fetcher._proc_fetch_request, fetcher._get_actions_per_node = node.answer, node.plan
    Prefetch(fetcher, PrefetchLimits(100, 1000, 10_000), {}, {})
    asyncio.get_running_loop().call_later(WAIT_S * 0.6, time.sleep, WAIT_S)  # blocks the event loop meanwhile
    routine = asyncio.create_task(fetcher._fetch_requests_routine())
    yield node
    routine.cancel()
    await routine
    for task in fetcher._pending_tasks:
        task.cancel()


async def test_a_node_gets_a_second_request_when_its_answer_and_the_timeout_coincide(node: Node) -> None:
    await asyncio.wait_for(node.second_request.wait(), IDLE_S / 2)
    assert node.requests == 2


async def test_a_node_has_one_open_request(node: Node) -> None:
    await asyncio.wait_for(node.second_request.wait(), IDLE_S / 2)
    for _ in range(20):
        node._fetcher._notify(node._fetcher._wait_consume_future)
        await asyncio.sleep(0)
    assert (node.requests, node.most_open) == (2, 1)


class State:
    """The position of a consumer in a partition."""

    paused, _position = False, 0

    @property
    def position(self) -> int:
        return self._position

    def consumed_to(self, position: int) -> None:
        self._position = position


async def test_records_have_the_fields_of_a_stage_and_are_not_copied() -> None:
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, 0, 9999)
    for offset, headers in enumerate(([("name", b"x")], [])):
        builder.append(offset, 1700 + offset, b"key", b"value", headers)
    tp, state, fetcher = TopicPartition("topic", 0), State(), make_fetcher()
    assignment = SimpleNamespace(active=True, state_value=lambda _: state)
    read = PartitionRecords(tp, MemoryRecords(bytes(builder.build())), [], 0, None, None, True, 1)
    fetcher._records[tp] = FetchResult(tp, assignment=assignment, partition_records=read, backoff=0)
    fetcher._wait_consume_future = None
    taken = Prefetch(fetcher, PrefetchLimits(100, 1000, 10_000), {}, {}).drain([tp], batches=1)[tp]
    fields = [(one.offset, one.timestamp, one.key, one.value, list(one.headers)) for one in taken.records]
    assert fields == [(0, 1700, b"key", b"value", [("name", b"x")]), (1, 1701, b"key", b"value", [])]
    assert taken.position == 2
    assert not any(isinstance(one, ConsumerRecord) for one in taken.records)
