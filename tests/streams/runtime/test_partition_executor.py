"""Executors: one batch at a time per partition, partitions concurrently, and an orderly end."""

import asyncio
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from schemas.value_layouts import NewerLayoutError
from streams.fail_fast import CONFIG_CODE
from streams.records import RecordBatch
from streams.runtime.partition_executor import PartitionExecutor, PartitionExecutors, Stage
from streams.state.partition import PartitionLostError


@dataclass
class Message:
    """A delivered message, with the fields that executors read."""

    topic: str
    partition: int
    value: RecordBatch


@dataclass
class Event:
    """Faust's event around a message."""

    message: Message


def make_event(partition: int, number: int) -> Event:
    return Event(Message("t", partition, RecordBatch("t", partition, [number])))  # type: ignore[list-item]


class Stepper:
    """A handler whose batches finish when the test releases them."""

    def __init__(self) -> None:
        self.running: dict[tuple[int, int], asyncio.Event] = {}
        self.done: list[tuple[int, int]] = []
        self.executors = PartitionExecutors(self.note)
        self.executors.add_stage(Stage("steps", ("t",), self.handle))
        self.executors.open()

    def note(self, event: Event) -> None:
        self.done.append((event.message.partition, event.message.value.records[0]))  # type: ignore[arg-type]

    async def handle(self, batch: RecordBatch) -> None:
        release = self.running[batch.partition, batch.records[0]] = asyncio.Event()  # type: ignore[index]
        await release.wait()


async def settle() -> None:
    """Let all tasks run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_batch_that_cannot_be_acknowledged_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    reasons: list[str] = []
    monkeypatch.setattr("streams.runtime.partition_executor.exit_now", lambda reason, error: reasons.append(reason))

    async def handle(batch: RecordBatch) -> None:
        """Return at once."""

    def refuse(event: Event) -> None:
        raise LookupError("no such partition")

    executor = PartitionExecutor(Stage("steps", ("t",), handle), refuse)
    executor.put(Event(Message("t", 0, RecordBatch("t", 0, [SimpleNamespace(offset=7)]))))
    await settle()
    assert reasons == ["Stage steps on t/0, offsets 7 to 7, could not be acknowledged: LookupError: no such partition."]


async def test_data_of_a_later_version_ends_the_worker_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    exits: list[tuple[str, int]] = []
    monkeypatch.setattr(
        "streams.runtime.partition_executor.exit_now", lambda reason, code: exits.append((reason, code))
    )
    done: list[Event] = []

    async def handle(batch: RecordBatch) -> None:
        raise NewerLayoutError("A record has layout 2: update this worker")

    executor = PartitionExecutor(Stage("steps", ("t",), handle), done.append)
    executor.put(make_event(0, 1))
    await settle()
    assert exits == [("A record has layout 2: update this worker.", CONFIG_CODE)]


async def test_batches_are_in_order_within_a_partition_and_partitions_are_concurrent() -> None:
    steps = Stepper()
    for partition, number in [(0, 1), (0, 2), (1, 1)]:
        steps.executors.put(make_event(partition, number))
    await settle()
    assert set(steps.running) == {(0, 1), (1, 1)}
    steps.running[1, 1].set()
    steps.running[0, 1].set()
    await settle()
    assert steps.done == [(1, 1), (0, 1)] or steps.done == [(0, 1), (1, 1)]
    assert (0, 2) in steps.running


async def test_close_waits_for_the_current_batch_and_drops_others_until_open() -> None:
    steps = Stepper()
    steps.executors.put(make_event(0, 1))
    steps.executors.put(make_event(0, 2))
    await settle()
    closing = asyncio.create_task(steps.executors.close(grace_s=30))
    await settle()
    steps.executors.put(make_event(0, 3))
    steps.running[0, 1].set()
    await closing
    assert steps.done == [(0, 1)]
    steps.executors.open()
    steps.executors.put(make_event(0, 4))
    await settle()
    assert set(steps.running) == {(0, 1), (0, 4)}


async def test_a_batch_beyond_the_grace_is_cancelled_and_not_acknowledged() -> None:
    steps = Stepper()
    steps.executors.put(make_event(0, 1))
    await settle()
    await steps.executors.close(grace_s=0)
    steps.running[0, 1].set()
    await settle()
    assert steps.done == []


async def test_a_batch_of_a_partition_lost_while_closing_is_not_acknowledged() -> None:
    done: list[Event] = []
    executors = PartitionExecutors(done.append)
    gone = asyncio.Event()

    async def handle(batch: RecordBatch) -> None:
        await gone.wait()
        raise PartitionLostError("gone")

    executors.add_stage(Stage("loses", ("t",), handle))
    executors.open()
    executors.put(make_event(0, 1))
    await settle()
    closing = asyncio.create_task(executors.close(grace_s=30))
    await settle()
    gone.set()
    await closing
    assert done == []


def test_a_topic_has_one_stage() -> None:
    steps = Stepper()
    with pytest.raises(ValueError, match="Topic t is read by stage steps already"):
        steps.executors.add_stage(Stage("other", ("t",), steps.handle))
