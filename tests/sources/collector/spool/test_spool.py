"""The spool keeps what it acknowledged: through kills, full disks and failing syncs; and one process has the folder."""

import asyncio
import errno
import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.folder_lock import FolderInUseError
from sources.collector.sink import SinkUnavailable
from sources.collector.spool.segment import list_segments
from sources.collector.spool.spool import Spool, SpoolLimits
from tests.small_disk import SmallDisk, mounted_or_skipped
from tests.sources.collector.raw_topics import raw
from tests.sources.collector.spool.killing import append_until_killed, spooled, start


def ids(folder: Path) -> list[str]:
    return [json.loads(record.value)["event_id"] for record in spooled(folder)]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    yield from mounted_or_skipped(tmp_path, 8)


async def test_what_is_appended_is_there_after_the_next_start_in_order(tmp_path: Path) -> None:
    for start_no in range(3):
        spool = Spool(tmp_path, SpoolLimits(segment_bytes=500))
        for n in range(10):
            await spool.append([raw("visits", f"{start_no}-{n}"), raw("orders", f"{start_no}-{n}b")])
        assert spool.usage.stored_bytes == sum(path.stat().st_size for path in list_segments(tmp_path))
        await spool.close()
    assert ids(tmp_path) == [f"{s}-{n}{b}" for s in range(3) for n in range(10) for b in ("", "b")]
    assert len(list_segments(tmp_path)) > 6


async def test_records_that_arrive_together_share_a_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    fdatasync = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", lambda fd: (syncs.append(fd), fdatasync(fd)))
    spool = Spool(tmp_path)
    await asyncio.gather(*[spool.append([raw("visits", str(n))]) for n in range(200)])
    await spool.close()
    assert sorted(ids(tmp_path)) == sorted(map(str, range(200)))
    assert 1 <= len(syncs) <= 3


async def test_without_a_sync_there_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    await spool.append([raw("visits", "kept")])

    def fail(fd: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", fail)
        for _ in range(20):
            with pytest.raises(SinkUnavailable, match=r"cannot be written \(Input/output error\)"):
                await spool.append([raw("visits", "refused")])
    assert "cannot be written" in str(spool.ready())
    assert len(list_segments(tmp_path)) == 1
    await spool.append([raw("visits", "later")])
    assert spool.ready() is None
    await spool.close()
    assert ids(tmp_path) == ["kept", "later"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_nothing_acknowledged_is_lost_by_a_kill(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[str] = []
    for run in range(2):
        acknowledged += append_until_killed(tmp_path, "visits", str(run), chance.randrange(200), chance.random() / 20)
    found = ids(tmp_path)
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))
    assert len(found) - len(acknowledged) <= 2 * 8 * 2  # per kill at most what the writers had under way


async def test_a_full_disk_refuses_and_keeps_what_was_acknowledged(disk: SmallDisk) -> None:
    folder = disk.folder / "spool"
    spool = Spool(folder, SpoolLimits(segment_bytes=100_000))
    await spool.append([raw("visits", "first", "x" * 1000)])
    disk.fill(leave_bytes=300_000)
    acknowledged = ["first"]

    async def append_until_full() -> None:
        for n in range(10_000):
            await spool.append([raw("visits", str(n), "x" * 1000)])
            acknowledged.append(str(n))

    with pytest.raises(SinkUnavailable, match=r"No space left on device.*free space"):
        await append_until_full()
    assert len(acknowledged) > 50
    for _ in range(50):
        with pytest.raises(SinkUnavailable):
            await spool.append([raw("visits", "big", "x" * 400_000)])
    assert ids(folder) == acknowledged
    files = len(list_segments(folder))
    disk.make_room()
    await spool.append([raw("visits", "after")])
    assert len(list_segments(folder)) <= files + 1
    await spool.close()
    assert ids(folder) == [*acknowledged, "after"]


async def test_the_limit_of_the_size_refuses(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolLimits(total_bytes=1000))
    with pytest.raises(SinkUnavailable, match="has reached its limit of 1000 bytes"):
        await spool.append([raw("visits", "huge", "x" * 1000)])
    await spool.append([raw("visits", "small")])
    await spool.close()
    spool = Spool(tmp_path, SpoolLimits(total_bytes=spool.usage.stored_bytes))
    assert "has reached its limit" in str(spool.ready())
    await spool.close()
    assert ids(tmp_path) == ["small"]


async def test_requests_beyond_the_memory_are_refused(tmp_path: Path) -> None:
    spool = Spool(tmp_path, SpoolLimits(waiting_bytes=1000))
    outcomes = await asyncio.gather(
        *[spool.append([raw("visits", str(n), "x" * 400)]) for n in range(9)], return_exceptions=True
    )
    refused = [one for one in outcomes if isinstance(one, SinkUnavailable)]
    assert refused
    assert "too slow" in str(refused[0])
    await spool.close()
    assert len(ids(tmp_path)) == 9 - len(refused)


def test_two_collectors_cannot_share_a_folder(tmp_path: Path) -> None:
    process: subprocess.Popen[str] = start("append", str(tmp_path), "visits", "a")
    try:
        with pytest.raises(FolderInUseError, match=f"{tmp_path} is in use by process {process.pid}"):
            Spool(tmp_path)
    finally:
        process.kill()
        process.communicate()


async def test_the_age_is_that_of_the_oldest_segment(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert spool.oldest_age_s() == 0
    await spool.append([raw("visits", "old")])
    await spool.close()
    os.rename(list_segments(tmp_path)[0], tmp_path / "001000000000000.segment")
    spool = Spool(tmp_path)
    await spool.append([raw("visits", "new")])
    assert spool.oldest_age_s() > 1e8
    oldest = await spool.oldest()
    assert oldest is not None
    await spool.delete(oldest)
    assert 0 <= spool.oldest_age_s() < 1e6
    await spool.close()


async def test_the_drain_gets_each_segment_and_then_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    await spool.append([raw("visits", "one")])
    first = await spool.oldest()
    assert first is not None
    await spool.append([raw("visits", "two")])  # to a new segment: the first is being drained
    assert len(list_segments(tmp_path)) == 2
    spool.postpone(first)
    await spool.delete(first)
    assert spool.appended.is_set()
    second = await spool.oldest()
    assert second is not None
    await spool.delete(second)
    assert await spool.oldest() is None
    assert not spool.appended.is_set()
    assert spool.usage.stored_bytes == 0
    await spool.close()
