"""Warm standbys on a real Kafka: the new owner has the state already, and reads only the last records."""

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


def owned(bench: Bench, worker: subprocess.Popen[bytes]) -> set[int]:
    """Return the partitions that a worker last reported as its own and complete."""
    return {row[0] for row in bench.progress(worker) if row[1] and not row[2]}


def is_warm(bench: Bench, worker: subprocess.Popen[bytes], partitions: set[int]) -> bool:
    """Return whether a worker's standbys are these partitions, read nearly to the end."""
    lag = bench.standby_lag(worker)
    return set(lag) == partitions and all(left is not None and left < 50 for left in lag.values())


def has_half(bench: Bench, worker: subprocess.Popen[bytes]) -> bool:
    """Return whether a worker owns half of the partitions and has the others warm.

    The first worker owns all of them for a while, so the final assignment is not known before.
    """
    half = owned(bench, worker)
    return len(half) == PARTITIONS // 2 and is_warm(bench, worker, ALL - half)


async def test_a_standby_takes_over_by_reading_the_tail(bench: Bench) -> None:
    trickle = Trickle(bench)
    first, second = [bench.start(batch_records=20, standbys=1, session_s=12.0) for _ in range(2)]
    await wait_for(lambda: min(bench.committed().values(), default=0) > 2000, "a changelog of some length")
    await wait_for(
        lambda: has_half(bench, first) and has_half(bench, second), "both workers to own half, with warm standbys"
    )
    mine = owned(bench, first)
    assert not any(row[2] for worker in (first, second) for row in bench.progress(worker)), (
        "standbys do not count as recovering"
    )

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


async def test_a_new_worker_gets_its_share_when_it_is_warm(bench: Bench) -> None:
    # On a busy machine a short session times out, and the new worker gets all partitions, warm or not.
    settings = {"batch_records": 20, "standbys": 1, "session_s": 30.0}
    trickle = Trickle(bench)
    first = bench.start(**settings)
    await wait_for(lambda: min(bench.committed().values(), default=0) > 2000, "a changelog of some length")
    second = bench.start(**settings)
    await wait_for(lambda: len(bench.has(second)) == PARTITIONS // 2, "the new worker to have its share")
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
    """Return the length of the changelog in offsets, by partition."""
    records = await read_records(bench.kafka, bench.changelog)
    return {p: max(record.offset for record in records if record.partition == p) + 1 for p in ALL}
