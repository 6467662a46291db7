"""What the tests of the machinery need of Kafka: topics, records in, records out, committed offsets, workers."""

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
PATIENCE_S = 120.0  # what takes 10 s on a machine that is not busy; only a test that fails waits for so long
LINES = 60  # of the log, for a test that failed


def make_topics(kafka: str, *names: str, partitions: int = PARTITIONS, **config: str) -> None:
    """Make topics with settings of which the names have underscores for dots."""
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
    """All records that a topic has now."""
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
    """Committed offsets of a group by partition; none while the broker cannot say."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    try:
        offsets = admin.list_group_offsets([group])[group]
    except KafkaError:
        return {}
    finally:
        admin.close()
    return {tp.partition: found.offset for tp, found in offsets.items() if tp.topic == topic and found.offset >= 0}


async def wait_for(condition: Callable[[], Any], what: str) -> None:
    """Look until the condition holds; an assertion fails after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.05)


@dataclass
class Bench:
    """Topics of its own and workers on them; `close` ends what still runs."""

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
        """Start a worker; what it prints goes to `worker.log`."""
        told = {
            "group": self.name, "kafka": self.kafka, "source": self.source, "effects": self.effects,
            "changelog": self.changelog, "data_dir": str(self.folder), **settings,
        }  # fmt: skip
        with self.log_path.open("ab") as log:
            worker = subprocess.Popen([sys.executable, str(WORKER), json.dumps(told)], stdout=log, stderr=log)
        self.workers.append(worker)
        return worker

    @property
    def log_path(self) -> Path:
        return self.folder / "worker.log"

    def said(self) -> str:
        """What the workers have printed so far."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def did(self, worker: subprocess.Popen[bytes]) -> int:
        """How many batches a worker has done."""
        return self.said().count(f"{worker.pid} did ")

    def has(self, worker: subprocess.Popen[bytes]) -> list[int]:
        """The partitions whose state a worker has read, in the order it did."""
        mark = f"{worker.pid} has "
        return [int(line.removeprefix(mark)) for line in self.said().splitlines() if line.startswith(mark)]

    def read(self, worker: subprocess.Popen[bytes]) -> dict[int, int]:
        """How many offsets of its changelog a worker read, by partition, before it last had it."""
        mark = f"{worker.pid} read "
        told = [line.removeprefix(mark).split() for line in self.said().splitlines() if line.startswith(mark)]
        return {int(partition): int(count) for partition, count in told}

    def behind(self, worker: subprocess.Popen[bytes]) -> dict[int, int | None]:
        """What a worker last said of its standbys: how many offsets each has yet to read."""
        mark = f"{worker.pid} warm "
        lines = [line for line in self.said().splitlines() if line.startswith(mark)]
        told: dict[str, int | None] = json.loads(lines[-1].removeprefix(mark)) if lines else {}
        return {int(partition): left for partition, left in told.items()}

    def progress(self, worker: subprocess.Popen[bytes]) -> list[list[Any]]:
        """What a worker last said of its partitions: partition, assigned, recovering, position, committed, end, lag."""
        mark = f"{worker.pid} progress "
        lines = [line for line in self.said().splitlines() if line.startswith(mark)]
        rows: list[list[Any]] = json.loads(lines[-1].removeprefix(mark)) if lines else []
        return rows

    def committed(self) -> dict[int, int]:
        return read_committed(self.kafka, self.name, self.source)

    async def stop(self, worker: subprocess.Popen[bytes], with_signal: int = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit code."""
        worker.send_signal(with_signal)
        await wait_for(lambda: worker.poll() is not None, "the worker's end")
        return worker.returncode

    async def sums(self) -> dict[tuple[int, bytes], int]:
        """The totals that the changelog holds in the end."""
        totals = {}
        for record in sorted(await read_records(self.kafka, self.changelog), key=lambda record: record.offset):
            totals[record.partition, record.key] = int(record.value.split()[0])
        return totals

    async def told(self) -> set[tuple[int, int]]:
        """Partition and offset of every record that the workers told of."""
        return {(record.partition, int(record.value)) for record in await read_records(self.kafka, self.effects)}

    def close(self) -> None:
        """End what still runs. What the workers said at last is printed, which pytest shows of a test that failed."""
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()
        print(*[line for line in self.said().splitlines() if " did " not in line][-LINES:], sep="\n")
