"""Changelogs are read from fake brokers, for situations that a real one cannot be made to show."""

import asyncio
import time
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka.errors import LeaderNotAvailableError
from aiokafka.protocol.offset import OffsetRequest

from streams.state.changelog_reader import SILENCE_S, ChangelogCursor, _fetch, follow_changelogs, read_changelogs
from tests.streams.cluster import wait_for


class EmptyTail:
    """A broker whose log has no records left before its end, as after compaction."""

    def __init__(self) -> None:
        self.requests: list[int] = []
        self.cluster = SimpleNamespace(leader_for_partition=lambda tp: 0)

    def set_topics(self, topics: set[str]) -> None:
        pass

    async def force_metadata_update(self) -> None:
        pass

    async def send(self, node: int, request: Any) -> Any:
        if isinstance(request, OffsetRequest):
            return self.end_offsets([partition for _, some in request._topics for partition, _ in some])
        partitions = [partition for _, some in request.topics for partition, *_ in some]
        self.requests.append(len(partitions))
        return SimpleNamespace(topics=[("log", [(p, 0, 10, 10, 0, [], -1, b"") for p in partitions])])

    def end_offsets(self, partitions: list[int]) -> Any:
        return SimpleNamespace(topics=[("log", [(p, 0, -1, 10) for p in partitions])])


async def test_a_changelog_emptied_by_compaction() -> None:
    finished: list[int] = []
    cursors = [ChangelogCursor(("log", p), lambda records, at: at, partial(finished.append, p)) for p in range(3)]
    broker = EmptyTail()
    async with asyncio.timeout(5):
        await read_changelogs(cursors, broker, "")
    assert finished == [0, 1, 2]
    assert broker.requests == [3, 1, 1, 1], "an empty part of a shared answer can mean that there was no room"


async def test_standbys_at_the_end_of_the_log_share_requests() -> None:
    cursors = [
        ChangelogCursor(("log", p), lambda records, at: at, lambda: None, position=10, follow=True) for p in range(3)
    ]
    broker = EmptyTail()
    following = asyncio.create_task(follow_changelogs(lambda: cursors, broker))
    await wait_for(lambda: len(broker.requests) > 1, "the second request")
    following.cancel()
    assert broker.requests[:2] == [3, 3]


class NewLeader(EmptyTail):
    """A broker that has just become leader: its log is longer than it reports, and it refuses to report the end."""

    def __init__(self, *ends: int) -> None:
        super().__init__()
        self._ends = list(ends)

    def end_offsets(self, partitions: list[int]) -> Any:
        end = self._ends.pop(0)
        code = LeaderNotAvailableError.errno if end < 0 else 0
        return SimpleNamespace(topics=[("log", [(p, code, -1, end) for p in partitions])])


async def test_the_end_that_a_new_leader_reports_is_not_trusted() -> None:
    broker = NewLeader(-1, -1, 12, 10)
    finished: list[int] = []
    cursor = ChangelogCursor(
        ("log", 0), lambda records, at: at, lambda: finished.append(len(broker._ends)), position=10
    )
    async with asyncio.timeout(20):
        await read_changelogs([cursor], broker, "")
    assert finished == [0], "once, when the last offset is known to have been read"


class Sleepy(EmptyTail):
    """A broker whose first answer is read only after the machine has slept."""

    def __init__(self, slept_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._slept_s, self._monkeypatch = slept_s, monkeypatch

    async def send(self, node: int, request: Any) -> Any:
        answer = await super().send(node, request)
        if len(self.requests) == 1:
            woke_s = time.time() + self._slept_s
            self._monkeypatch.setattr("streams.state.changelog_reader.time.time", lambda: woke_s)
        return answer


@pytest.mark.parametrize(("slept_s", "used"), [(0.0, 1), (SILENCE_S + 1, 0)])
async def test_an_answer_from_before_the_machine_slept_is_ignored(
    slept_s: float, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[int] = []

    def begin(end: int) -> int:
        ends.append(end)
        return 10

    cursor = ChangelogCursor(("log", 0), lambda records, at: at, lambda: None, begin=begin)
    broker = Sleepy(slept_s, monkeypatch)
    assert await _fetch(broker, 0, [cursor]) == bool(used)
    assert len(ends) == used
    await _fetch(broker, 0, [cursor])
    cursor.answered_s += 1.0
    await _fetch(broker, 0, [cursor])
    assert ends == [10], "called once, also when the clock was set back a little"
