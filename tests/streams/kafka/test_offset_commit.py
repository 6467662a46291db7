"""A commit that Kafka rejects, does not answer, or that comes too late is reported and changes nothing."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import CommitFailedError
from aiokafka.structs import OffsetAndMetadata, TopicPartition

from streams.kafka import offset_commit
from streams.kafka.offset_commit import commit_offsets

GENERATION = 7
OFFSETS = {("visits", 1): 20}


class Consumer:
    """A consumer whose commit has the outcome `error`; None succeeds, and TimeoutError never answers."""

    def __init__(self, error: type[Exception] | None, generation: int = GENERATION) -> None:
        self._coordinator = SimpleNamespace(generation=generation)
        self._error = error
        self.committed: dict[TopicPartition, OffsetAndMetadata] = {}

    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        if self._error is TimeoutError:
            await asyncio.Event().wait()
        if self._error is not None:
            raise self._error
        self.committed |= offsets


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (None, None),
        (CommitFailedError, "Offsets could not be committed (CommitFailedError); the next commit includes them."),
        (TimeoutError, "Kafka at there:9092 does not answer; offsets will be committed when it answers."),
    ],
)
async def test_outcomes_of_a_commit(
    error: type[Exception] | None,
    line: str | None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(offset_commit, "COMMIT_TIMEOUT_S", 0.01)
    consumer = Consumer(error)
    assert await commit_offsets(consumer, OFFSETS, GENERATION, "there:9092") is (error is None)
    assert consumer.committed == ({} if error else {TopicPartition("visits", 1): OffsetAndMetadata(20, "")})
    assert [record.getMessage() for record in caplog.records] == ([] if line is None else [line])


async def test_offsets_of_an_earlier_assignment_are_not_committed() -> None:
    consumer = Consumer(None, GENERATION + 1)
    assert not await commit_offsets(consumer, OFFSETS, GENERATION, "there:9092")
    assert consumer.committed == {}
