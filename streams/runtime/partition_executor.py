"""Executors of stages: the batches of one partition strictly in order, those of different partitions concurrently.

A batch is acknowledged when its handler has returned. A handler that raises ends the process: the next owner of the
partition repeats unfinished work from the last commit.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.value_layouts import NewerLayoutError
from streams.fail_fast import CONFIG_CODE, OperatorError, exit_now
from streams.records import RecordBatch, TopicPartition
from streams.state.partition import PartitionLostError
from streams.state.table import ChangelogTable

Handle = Callable[[RecordBatch], Awaitable[None]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stage:
    """A handler of the batches of some topics, with the tables that must be complete before it gets a batch."""

    name: str
    topics: tuple[str, ...]
    handle: Handle
    tables: Sequence[ChangelogTable] = ()


class PartitionExecutor:
    """The batches of one partition during one assignment. `done` is called with each event that was processed."""

    def __init__(self, stage: Stage, done: Callable[[Any], None]) -> None:
        self._stage = stage
        self._done = done
        self._waiting: deque[Any] = deque()
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self._working = False

    def put(self, event: Any) -> None:
        """Queue an event whose message is a `RecordBatch`; a closed executor drops it."""
        if self._closed:
            return
        self._waiting.append(event)
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"stage {self._stage.name}")

    def close(self) -> asyncio.Task[None] | None:
        """Start no further batch. Return the task of the current batch, if there is one."""
        self._closed = True
        self._waiting.clear()
        if self._task is not None and not self._working:
            self._task.cancel()  # it waits for a table
        return self._task

    async def _run(self) -> None:
        try:
            while self._waiting:
                event = self._waiting.popleft()
                if await self._handle(event.message.value):
                    self._acknowledge(event)
        finally:
            self._task = None

    def _acknowledge(self, event: Any) -> None:
        try:
            self._done(event)
        except Exception as error:  # nothing awaits the task: the partition would stop without a log line
            reason = f"could not be acknowledged: {type(error).__name__}: {error}."
            exit_now(f"{self._describe(event.message.value)} {reason}", error)

    async def _handle(self, batch: RecordBatch) -> bool:
        """Process a batch. Return False if the partition was revoked meanwhile."""
        try:
            for table in self._stage.tables:
                await table.wait_recovered(batch.partition)
            self._working = True
            await self._stage.handle(batch)
        except asyncio.CancelledError:
            if self._closed:
                raise
            exit_now(f"{self._describe(batch)} was cancelled from inside.")
        except PartitionLostError as lost:
            if not self._closed:
                exit_now(f"{self._describe(batch)} lost its partition unexpectedly: {lost}.", lost)
            return False
        except OperatorError as error:
            exit_now(str(error), code=CONFIG_CODE)
        except NewerLayoutError as error:
            exit_now(f"{error}.", code=CONFIG_CODE)
        except BaseException as error:
            exit_now(f"{self._describe(batch)} failed: {type(error).__name__}: {error}.", error)
        finally:
            self._working = False
        return True

    def _describe(self, batch: RecordBatch) -> str:
        return (
            f"Stage {self._stage.name} on {batch.topic}/{batch.partition}, "
            f"offsets {batch.first_offset} to {batch.last_offset},"
        )


class PartitionExecutors:
    """The executors of one worker."""

    def __init__(self, done: Callable[[Any], None]) -> None:
        self._done = done
        self._stages: dict[str, Stage] = {}
        self._executors: dict[TopicPartition, PartitionExecutor] = {}
        self._open = False

    def add_stage(self, stage: Stage) -> None:
        """Add a stage. Raises ValueError if one of its topics already has a stage."""
        for topic in stage.topics:
            if topic in self._stages:
                raise ValueError(
                    f"Topic {topic} is read by stage {self._stages[topic].name} already; "
                    f"give stage {stage.name} an app (a consumer group) of its own."
                )
            self._stages[topic] = stage

    @property
    def topics(self) -> list[str]:
        """The topics that have a stage."""
        return sorted(self._stages)

    def put(self, event: Any) -> None:
        """Queue an event of a partition. Between assignments events are dropped, because they are read again."""
        if not self._open:
            return
        message = event.message
        tp = (message.topic, message.partition)
        executor = self._executors.get(tp)
        if executor is None:
            executor = self._executors[tp] = PartitionExecutor(self._stages[message.topic], self._done)
        executor.put(event)

    def open(self) -> None:
        """Accept events, at the beginning of an assignment."""
        self._open = True

    async def close(self, grace_s: float) -> None:
        """Let current batches finish within `grace_s`, cancel the others, and drop queued ones.

        When this returns, no handler runs, and none starts before `open`.
        """
        self._open = False
        executors, self._executors = self._executors, {}
        tasks = [task for executor in executors.values() if (task := executor.close()) is not None]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=grace_s)
        for task in late:
            task.cancel()
        if late:
            log.warning("%d batches did not finish within %g s; they will be repeated.", len(late), grace_s)
            await asyncio.wait(late)
