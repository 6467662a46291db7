"""Real workers on a real Kafka: exact through kills, stops, joins and errors."""

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.kafka_node import KafkaNode
from deploy.ports import free_port
from tests.streams.cluster import PARTITIONS, Bench, make_topics, wait_for, write_records

RECORDS = 3000
KEYS = 50
TRICKLE = 40
PACE_S = 0.05

Load = dict[int, list[tuple[bytes | None, bytes | None]]]


@pytest.fixture
def bench(kafka: str, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(kafka, tmp_path)
    yield made
    made.close()


def make_load(count: int = RECORDS) -> Load:
    return {p: [(b"k%d" % (i % KEYS), b"%d" % (i % 7)) for i in range(count)] for p in range(PARTITIONS)}


def add_up(*loads: Load) -> dict[tuple[int, bytes], int]:
    totals: dict[tuple[int, bytes], int] = {}
    for load in loads:
        for partition, records in load.items():
            for key, value in records:
                totals[partition, key or b""] = totals.get((partition, key or b""), 0) + int(value or b"0")
    return totals


async def check_exact(bench: Bench, *loads: Load) -> None:
    """Check that state and effects have each record once, and that all offsets are committed."""
    counts = {p: sum(len(load[p]) for load in loads) for p in range(PARTITIONS)}
    assert await bench.sums() == add_up(*loads)
    assert await bench.effect_offsets() == {(p, offset) for p, count in counts.items() for offset in range(count)}
    assert bench.committed() == counts


async def wait_until_done(bench: Bench, count: int) -> None:
    await wait_for(lambda: bench.committed() == dict.fromkeys(range(PARTITIONS), count), "all to be committed")


def has_done(bench: Bench, worker: subprocess.Popen[bytes], batches: int) -> bool:
    return bench.did(worker) >= batches


async def test_exact_through_kills(bench: Bench) -> None:
    load = make_load()
    for round_ in range(3):
        await write_records(
            bench.kafka, bench.source, load
        )  # enough new records, however many the previous worker processed
        worker = bench.start(instance="one", batch_records=100)
        await wait_for(partial(has_done, bench, worker, 5 + 7 * round_), "some batches")
        assert await bench.stop(worker, signal.SIGKILL) == -signal.SIGKILL
    worker = bench.start(instance="one")
    count = 3 * RECORDS
    await wait_until_done(bench, count)
    rows = [[p, True, False, count, count, count, 0] for p in range(PARTITIONS)]
    await wait_for(lambda: bench.progress(worker) == rows, "the worker to report that all is done")
    assert await bench.stop(worker) == 0
    await check_exact(bench, load, load, load)


async def test_orderly_stop_commits_what_is_done(bench: Bench) -> None:
    load = make_load()
    await write_records(bench.kafka, bench.source, load)
    worker = bench.start(batch_records=50)
    await wait_for(lambda: bench.did(worker) >= 10, "some batches")
    assert await bench.stop(worker) == 0
    last = dict.fromkeys(range(PARTITIONS), 0)
    for line in bench.log_text().splitlines():
        if " did " in line:
            _, _, partition, _, offset = line.split()
            last[int(partition)] = int(offset) + 1
    assert bench.committed() == {p: offset for p, offset in last.items() if offset}


async def test_a_restarted_instance_gets_the_topics_that_it_reads_now(bench: Bench) -> None:
    """Kafka hands a member with an instance id its former assignment, although it subscribes to one topic more."""
    added = f"{bench.name}-added"
    make_topics(bench.kafka, added, partitions=1)
    former = bench.start(instance="one")
    await wait_for(lambda: len(bench.has(former)) == PARTITIONS, "the former worker to own the source")
    await bench.stop(former)
    await write_records(bench.kafka, added, {0: [(b"key", b"1")]})
    worker = bench.start(instance="one", added=added)
    await wait_for(lambda: f"{worker.pid} saw {added} 0 0" in bench.log_text(), "the added topic to be read")
    await wait_for(lambda: len(bench.has(worker)) >= PARTITIONS, "the worker to own the source as before")


async def test_failing_handler_ends_the_worker_and_nothing_is_lost(bench: Bench) -> None:
    load = make_load(400)
    load[1][250] = (b"k0", b"poison")
    await write_records(bench.kafka, bench.source, load)
    worker = bench.start(batch_records=100, instance="one")
    await wait_for(lambda: worker.poll() is not None, "the worker's end")
    assert worker.returncode == 70
    assert bench.committed().get(1, 0) <= 200
    failed = [line for line in bench.log_text().splitlines() if "poison" in line and "Stage adding" in line]
    assert len(failed) == 1
    assert f"Stage adding on {bench.source}/1, offsets 200 to 299, failed: ValueError: poison" in failed[0]

    worker = bench.start(cured=True, instance="one")
    load[1][250] = (b"k0", b"1")
    await wait_until_done(bench, 400)
    assert await bench.stop(worker) == 0
    await check_exact(bench, load)


async def test_a_group_that_refuses_the_worker_ends_it(bench: Bench) -> None:
    """The worker gets no partition and so fetches nothing: without a check of its own, aiokafka's error is lost."""
    stranger = AIOKafkaConsumer(bench.source, bootstrap_servers=bench.kafka, group_id=bench.name)
    await stranger.start()
    try:
        await wait_for(stranger.assignment, "the stranger to have the group")
        worker = bench.start()
        await wait_for(lambda: worker.poll() is not None, "the worker's end")
    finally:
        await stranger.stop()
    assert worker.returncode == 70
    assert "Kafka refused this worker: InconsistentGroupProtocolError" in bench.log_text()


async def test_an_aborted_transaction_is_skipped_and_committed(bench: Bench) -> None:
    """The marker at the end of a transaction has an offset, too: uncommitted, it would count as lag for ever."""
    producer = AIOKafkaProducer(bootstrap_servers=bench.kafka, transactional_id=bench.name)
    async with producer:
        for aborted in (False, True):  # 0 and 1, marker 2; 3 and 4, marker 5
            await producer.begin_transaction()
            for _ in range(2):
                await producer.send_and_wait(bench.source, b"1", key=b"k", partition=0)
            await (producer.abort_transaction() if aborted else producer.commit_transaction())
    worker = bench.start()
    await wait_for(lambda: bench.committed() == {0: 6}, "the end to be committed")
    await wait_for(lambda: [row for row in bench.progress(worker) if row[0] == 0 and row[5:] == [6, 0]], "no lag")
    assert await bench.stop(worker) == 0
    assert await bench.effect_offsets() == {(0, 0), (0, 1)}
    assert await bench.sums() == {(0, b"k"): 2}


class Trickle:
    """A producer that writes some records to every partition at intervals until it is stopped."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._stopped = asyncio.Event()
        self._task = asyncio.create_task(self._run())
        self.rounds = 0

    async def _run(self) -> None:
        while not self._stopped.is_set():
            await write_records(self._bench.kafka, self._bench.source, make_load(TRICKLE))
            self.rounds += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), PACE_S)

    async def stop(self) -> list[Load]:
        """Stop, and return the records that were written."""
        self._stopped.set()
        await self._task
        return [make_load(TRICKLE)] * self.rounds


async def test_workers_share_take_over_and_give_back_under_load(bench: Bench) -> None:
    trickle = Trickle(bench)
    settings = {"batch_records": 20, "session_s": 12.0}  # the session has to time out once in this test
    one = bench.start(**settings)
    await wait_for(lambda: bench.did(one) >= 10, "some batches of the first")
    two = bench.start(**settings)
    await wait_for(lambda: len(bench.has(two)) == PARTITIONS // 2, "the second to have its share")
    assert len(bench.has(one)) == PARTITIONS, "the first worker does not recover the partitions that it keeps"

    one.send_signal(signal.SIGSTOP)  # for longer than its session, which it does not know when it wakes up
    await wait_for(lambda: len(bench.has(two)) == PARTITIONS, "the second to have taken over")
    one.send_signal(signal.SIGCONT)
    await wait_for(lambda: len(bench.has(one)) == PARTITIONS * 3 // 2, "the first to have its share again")
    done = bench.did(one)
    await wait_for(lambda: bench.did(one) > done + 10, "some batches of the first")
    assert await bench.stop(two) == 0
    loads = await trickle.stop()
    await wait_until_done(bench, sum(len(load[0]) for load in loads))
    assert await bench.stop(one) == 0
    await check_exact(bench, *loads)


async def test_a_worker_outlasts_an_absent_broker(jars: Path, tmp_path: Path) -> None:
    port = free_port()
    node = KafkaNode(tmp_path / "kafka", jars, port)
    with node:
        bench = Bench(node.bootstrap, tmp_path)
        load = make_load(500)
        node.kill()
        worker = bench.start()
        await wait_for(lambda: "does not answer; retrying" in bench.log_text(), "the worker to log that it waits")
        try:
            node.start()
            await write_records(bench.kafka, bench.source, load)
            await wait_for(lambda: bench.did(worker) >= 1, "a batch")
            node.kill()
            node.start()
            await write_records(bench.kafka, bench.source, load)
            await wait_until_done(bench, 1000)
            await check_exact(bench, load, load)
            node.kill()
            assert await bench.stop(worker) == 0
        finally:
            bench.close()
