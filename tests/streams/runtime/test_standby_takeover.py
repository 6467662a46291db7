"""Warm standbys on a real Kafka: whoever takes over has the state already, and reads what was written last."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.streams.cluster import PARTITIONS, Bench, read_records, wait_for
from tests.streams.runtime.test_worker import Trickle, check_exact, wait_until_done

ALL = set(range(PARTITIONS))


@pytest.fixture
def bench(kafka: str, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(kafka, tmp_path)
    yield made
    made.close()


def worked_on(bench: Bench, worker: subprocess.Popen[bytes]) -> set[int]:
    """The partitions that a worker last said were its own, and complete."""
    return {row[0] for row in bench.progress(worker) if row[1] and not row[2]}


def is_warm(bench: Bench, worker: subprocess.Popen[bytes], partitions: set[int]) -> bool:
    """Whether a worker's standbys are those partitions, read to the end or nearly."""
    behind = bench.behind(worker)
    return set(behind) == partitions and all(left is not None and left < 50 for left in behind.values())


def has_half(bench: Bench, worker: subprocess.Popen[bytes]) -> bool:
    """Whether a worker works on half of the partitions and has the others warm.

    Who joins first has everything for a while: until then nothing can be said of who will have what.
    """
    half = worked_on(bench, worker)
    return len(half) == PARTITIONS // 2 and is_warm(bench, worker, ALL - half)


async def test_a_standby_takes_over_by_reading_the_tail(bench: Bench) -> None:
    trickle = Trickle(bench)
    first, second = [bench.start(batch_records=20, standbys=1, session_s=12.0) for _ in range(2)]
    await wait_for(lambda: min(bench.committed().values(), default=0) > 2000, "a changelog of some length")
    await wait_for(lambda: has_half(bench, first) and has_half(bench, second), "each to have its half, both warm")
    mine = worked_on(bench, first)
    assert not any(row[2] for worker in (first, second) for row in bench.progress(worker)), "a standby is not awaited"

    had = len(bench.has(second))
    await bench.stop(first, signal.SIGKILL)
    await wait_for(lambda: mine <= set(bench.has(second)[had:]), "the standby to have taken over")
    length = await changelog_length(bench)
    for partition in mine:
        assert bench.read(second)[partition] < length[partition] / 4, (bench.read(second), length)

    loads = await trickle.stop()
    await wait_until_done(bench, sum(len(load[0]) for load in loads))
    assert await bench.stop(second) == 0
    await check_exact(bench, *loads)


async def test_a_newcomer_gets_its_share_when_it_is_warm(bench: Bench) -> None:
    # On a busy machine a short session runs out, and the newcomer has to take everything, warm or not.
    settings = {"batch_records": 20, "standbys": 1, "session_s": 30.0}
    trickle = Trickle(bench)
    first = bench.start(**settings)
    await wait_for(lambda: min(bench.committed().values(), default=0) > 2000, "a changelog of some length")
    second = bench.start(**settings)
    await wait_for(lambda: len(bench.has(second)) == PARTITIONS // 2, "the newcomer to have its share")
    length = await changelog_length(bench)
    for partition in bench.has(second):
        assert bench.read(second)[partition] < length[partition] / 4, (bench.read(second), length)

    done = bench.did(second)
    await wait_for(lambda: bench.did(second) > done + 10, "work after joining")
    loads = await trickle.stop()
    await wait_until_done(bench, sum(len(load[0]) for load in loads))
    assert await bench.stop(first) == 0
    assert await bench.stop(second) == 0
    await check_exact(bench, *loads)


async def changelog_length(bench: Bench) -> dict[int, int]:
    """Offsets of the changelog, by partition."""
    records = await read_records(bench.kafka, bench.changelog)
    return {p: max(record.offset for record in records if record.partition == p) + 1 for p in ALL}
