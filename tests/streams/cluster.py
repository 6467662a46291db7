"""Helpers for tests on a real Kafka: topics, records, committed offsets and workers."""

import asyncio
import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import KafkaError

PARTITIONS = 4
WORKER = Path(__file__).with_name("summing_worker.py")
PATIENCE_S = 120.0  # for what takes 10 s on an idle machine; only a failing test waits so long
LINES = 60  # of the log, for a test that failed


def make_topics(kafka: str, *names: str, partitions: int = PARTITIONS, **config: str) -> None:
    """Create topics; names of settings have underscores for dots."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    settings = {name.replace("_", "."): value for name, value in config.items()}
    try:
        admin.create_topics([NewTopic(name, partitions, 1, topic_configs=settings) for name in names])
    finally:
        admin.close()


async def write_records(kafka: str, topic: str, records: Mapping[int, list[tuple[bytes | None, bytes | None]]]) -> None:
    """Append records by partition."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka, max_batch_size=256 * 1024, max_request_size=16 << 20)
    await producer.start()
    try:
        sent = []
        for partition, some in records.items():
            for key, value in some:
                sent.append(await producer.send(topic, value, key=key, partition=partition))
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def read_records(kafka: str, topic: str) -> list[Any]:
    """Return all records that a topic has now."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, max_partition_fetch_bytes=16 << 20)
    await consumer.start()
    try:
        await consumer._client.force_metadata_update()
        partitions = [TopicPartition(topic, p) for p in await _find_partitions(consumer, topic)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        records: list[Any] = []
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            found = await consumer.getmany(timeout_ms=200)
            records += [record for some in found.values() for record in some]
        return records
    finally:
        await consumer.stop()


async def _find_partitions(consumer: Any, topic: str) -> set[int]:
    return set(await consumer._client._wait_on_metadata(topic))


def read_committed(kafka: str, group: str, topic: str) -> dict[int, int]:
    """Return the committed offsets of a group by partition; none while the broker does not answer."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        offsets = admin.list_group_offsets([group])[group]
    except KafkaError:
        return {}
    finally:
        admin.close()
    return {tp.partition: found.offset for tp, found in offsets.items() if tp.topic == topic and found.offset >= 0}


async def wait_for(condition: Callable[[], Any], what: str) -> None:
    """Wait until the condition holds; an assertion fails after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.05)


@dataclass
class Bench:
    """Topics of one test and workers on them; `close` ends workers that still run."""

    kafka: str
    folder: Path
    name: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:10]}")
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        make_topics(self.kafka, self.source, self.effects)
        make_topics(self.kafka, self.changelog, cleanup_policy="compact")

    @property
    def source(self) -> str:
        return f"{self.name}-source"

    @property
    def effects(self) -> str:
        return f"{self.name}-effects"

    @property
    def changelog(self) -> str:
        return f"{self.name}-changelog"

    def start(self, **settings: Any) -> subprocess.Popen[bytes]:
        """Start a worker whose output goes to `worker.log`."""
        arguments = {
            "group": self.name, "kafka": self.kafka, "source": self.source, "effects": self.effects,
            "changelog": self.changelog, "data_dir": str(self.folder), **settings,
        }  # fmt: skip
        with self.log_path.open("ab") as log:
            worker = subprocess.Popen([sys.executable, str(WORKER), json.dumps(arguments)], stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    @property
    def log_path(self) -> Path:
        return self.folder / "worker.log"

    def log_text(self) -> str:
        """Return the output of all workers so far."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def did(self, worker: subprocess.Popen[bytes]) -> int:
        """Return the number of batches that a worker has processed."""
        return self.log_text().count(f"{worker.pid} did ")

    def has(self, worker: subprocess.Popen[bytes]) -> list[int]:
        """Return the partitions that a worker has recovered, in order."""
        mark = f"{worker.pid} has "
        return [int(line.removeprefix(mark)) for line in self.log_text().splitlines() if line.startswith(mark)]

    def read(self, worker: subprocess.Popen[bytes]) -> dict[int, int]:
        """Return how many changelog offsets a worker read for its last recovery, by partition."""
        mark = f"{worker.pid} read "
        counts = [line.removeprefix(mark).split() for line in self.log_text().splitlines() if line.startswith(mark)]
        return {int(partition): int(count) for partition, count in counts}

    def standby_lag(self, worker: subprocess.Popen[bytes]) -> dict[int, int | None]:
        """Return the offsets that each standby of a worker has yet to read, as last reported."""
        mark = f"{worker.pid} warm "
        lines = [line for line in self.log_text().splitlines() if line.startswith(mark)]
        lag: dict[str, int | None] = json.loads(lines[-1].removeprefix(mark)) if lines else {}
        return {int(partition): left for partition, left in lag.items()}

    def progress(self, worker: subprocess.Popen[bytes]) -> list[list[Any]]:
        """Return a worker's last report: partition, assigned, recovering, position, committed, end, lag."""
        mark = f"{worker.pid} progress "
        lines = [line for line in self.log_text().splitlines() if line.startswith(mark)]
        rows: list[list[Any]] = json.loads(lines[-1].removeprefix(mark)) if lines else []
        return rows

    def committed(self) -> dict[int, int]:
        return read_committed(self.kafka, self.name, self.source)

    async def stop(self, worker: subprocess.Popen[bytes], with_signal: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        worker.send_signal(with_signal)
        await wait_for(lambda: worker.poll() is not None, "the worker's end")
        return worker.returncode

    async def sums(self) -> dict[tuple[int, bytes], int]:
        """Return the totals at the end of the changelog."""
        totals = {}
        for record in sorted(await read_records(self.kafka, self.changelog), key=lambda record: record.offset):
            totals[record.partition, record.key] = int(record.value.split()[0])
        return totals

    async def effect_offsets(self) -> set[tuple[int, int]]:
        """Return partition and offset of every record for which a worker sent an effect."""
        return {(record.partition, int(record.value)) for record in await read_records(self.kafka, self.effects)}

    def close(self) -> None:
        """End workers that still run, and print their last lines, which pytest shows for a failed test."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
        print(*[line for line in self.log_text().splitlines() if " did " not in line][-LINES:], sep="\n")
