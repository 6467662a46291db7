"""Reading changelogs from brokers that are made up, for what a real one does in its own time only."""

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
    """Answers like a broker whose log has nothing left before its end, as compaction may leave it."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.cluster = SimpleNamespace(leader_for_partition=lambda tp: 0)

    def set_topics(self, topics: set[str]) -> None:
        pass

    async def force_metadata_update(self) -> None:
        pass

    async def send(self, node: int, request: Any) -> Any:
        if isinstance(request, OffsetRequest):
            return self.tell_end([partition for _, some in request._topics for partition, _ in some])
        partitions = [partition for _, some in request.topics for partition, *_ in some]
        self.asked.append(len(partitions))
        return SimpleNamespace(topics=[("log", [(p, 0, 10, 10, 0, [], -1, b"") for p in partitions])])

    def tell_end(self, partitions: list[int]) -> Any:
        return SimpleNamespace(topics=[("log", [(p, 0, -1, 10) for p in partitions])])


async def test_a_changelog_emptied_by_compaction() -> None:
    finished: list[int] = []
    cursors = [ChangelogCursor(("log", p), lambda records, at: at, partial(finished.append, p)) for p in range(3)]
    broker = EmptyTail()
    async with asyncio.timeout(5):
        await read_changelogs(cursors, broker, "")
    assert finished == [0, 1, 2]
    assert broker.asked == [3, 1, 1, 1], "empty next to others can mean that there was no room in the answer"


async def test_standbys_at_the_end_of_the_log_are_asked_for_together() -> None:
    cursors = [
        ChangelogCursor(("log", p), lambda records, at: at, lambda: None, position=10, follow=True) for p in range(3)
    ]
    broker = EmptyTail()
    following = asyncio.create_task(follow_changelogs(lambda: cursors, broker))
    await wait_for(lambda: len(broker.asked) > 1, "the second request")
    following.cancel()
    assert broker.asked[:2] == [3, 3]


class NewLeader(EmptyTail):
    """Has just taken over: it has more than it says, and refuses to say where the log ends until it knows."""

    def __init__(self, *ends: int) -> None:
        super().__init__()
        self._ends = list(ends)

    def tell_end(self, partitions: list[int]) -> Any:
        end = self._ends.pop(0)
        code = LeaderNotAvailableError.errno if end < 0 else 0
        return SimpleNamespace(topics=[("log", [(p, code, -1, end) for p in partitions])])


async def test_a_log_is_not_taken_for_read_on_the_word_of_a_new_leader() -> None:
    broker = NewLeader(-1, -1, 12, 10)
    finished: list[int] = []
    cursor = ChangelogCursor(
        ("log", 0), lambda records, at: at, lambda: finished.append(len(broker._ends)), position=10
    )
    async with asyncio.timeout(20):
        await read_changelogs([cursor], broker, "")
    assert finished == [0], "once, when it was told that nothing comes after what was read"


class Sleepy(EmptyTail):
    """The machine sleeps while its first answer is on its way, which is read when it wakes."""

    def __init__(self, slept_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._slept_s, self._monkeypatch = slept_s, monkeypatch

    async def send(self, node: int, request: Any) -> Any:
        answer = await super().send(node, request)
        if len(self.asked) == 1:
            woke_s = time.time() + self._slept_s
            self._monkeypatch.setattr("streams.state.changelog_reader.time.time", lambda: woke_s)
        return answer


@pytest.mark.parametrize(("slept_s", "heard"), [(0.0, 1), (SILENCE_S + 1, 0)])
async def test_an_answer_from_before_the_machine_slept_is_none(
    slept_s: float, heard: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[int] = []

    def begin(end: int) -> int:
        ends.append(end)
        return 10

    cursor = ChangelogCursor(("log", 0), lambda records, at: at, lambda: None, begin=begin)
    broker = Sleepy(slept_s, monkeypatch)
    assert await _fetch(broker, 0, [cursor]) == bool(heard)
    assert len(ends) == heard
    await _fetch(broker, 0, [cursor])
    cursor.answered_s += 1.0
    await _fetch(broker, 0, [cursor])
    assert ends == [10], "asked once, also where the clock was put back a little"
