"""The pause of a partition when its worker leaves, joins or is killed, with and without warm standbys.

Two workers of the engage stage have state of any size, written to their changelogs beforehand, under a small load. The
pause is the longest gap between two blocks on `timeline` from one partition, by the broker's clock.

    python -m tests.benchmarks.standby 1000000
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, cycle, islice, pairwise
from typing import Any, Final

import msgspec
from aiokafka import AIOKafkaProducer
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from schemas.blocks import decode_block
from streams.engage.dedupe_state import FULL_IDS, read_block
from streams.profile.identifier_state import decode_state, encode_state
from streams.records import partition_of
from tests.benchmarks.environment import BenchSite, print_progress, run_environment
from tests.benchmarks.fill import fill
from tests.benchmarks.processes import read_rss_bytes
from tests.benchmarks.restore import generate_people
from tests.journeys.site import Worker
from tests.journeys.waiting import wait_for
from tests.streams.cluster import read_records
from touchline.worker.stages import topics_of

SESSION_S: Final = 6
SAMPLES: Final = 400
PEOPLE: Final = 5000  # in the small load
PER_S: Final = 400
WARM_S: Final = 600.0
SETTLE_S: Final = 3.0

Row = tuple[bytes, bytes]


@dataclass
class Pulse:
    """Sends a small load, and records the append times of its results by activity partition."""

    site: BenchSite
    seen_ms: dict[int, list[int]] = field(default_factory=dict)
    _stopped: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Pulse":
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._send, self._watch)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        producer = KafkaProducer(bootstrap_servers=self.site.kafka, linger_ms=5)
        for number, message in zip(count(), cycle(list(generate_people(PEOPLE, PEOPLE, seed=3))), strict=False):
            value = message.value.replace(b'"event_id":"', b'"event_id":"%d-' % number)  # each touch is a new one
            producer.send(self.site.prefix + message.channel, value, message.key)
            if self._stopped.wait(1 / PER_S):
                break
        producer.close()

    def _watch(self) -> None:
        topics = topics_of(self.site.settings)
        consumer = KafkaConsumer(bootstrap_servers=self.site.kafka)
        consumer.assign([TopicPartition(topics.timeline, p) for p in range(topics.timeline_partitions)])
        while not self._stopped.is_set():
            for records in consumer.poll(timeout_ms=100).values():
                for record in records:
                    place = decode_block(record.value)[0].partition
                    self.seen_ms.setdefault(place, []).append(record.timestamp)
        consumer.close()

    def reached(self, since_ms: float) -> bool:
        """Return whether every partition has produced a result since then."""
        partitions = self.site.partition_counts.activity
        return len(self.seen_ms) == partitions and all(times[-1] > since_ms for times in self.seen_ms.values())

    def pause_s(self, since_ms: float) -> float:
        """Return the longest pause of a partition since then."""
        longest = 0
        for times in self.seen_ms.values():
            recent = [at for at in list(times) if at > since_ms - 1000]
            longest = max(longest, *(after - before for before, after in pairwise(recent)))
        return longest / 1000


def measure_takeover(keys: int, standbys: int) -> dict[str, Any]:
    """Return pauses in seconds: one of two workers stops, returns, and is killed, with `keys` identifiers and ids."""
    with run_environment() as place, place.site() as site:
        intake = site.start_ready("intake", ("intake",))
        print_progress(f"{keys:,} keys, {standbys} standbys: state")
        first = _start(site, "first", 0)
        _fill_state(site, keys)
        first.stop()
        workers = [_start(site, name, standbys) for name in ("one", "other")]
        with Pulse(site) as pulse:
            found: dict[str, Any] = {"keys": keys, "standbys": standbys, "session_s": SESSION_S}
            _wait_steady(site, pulse, workers, standbys)
            found["rss_mb"] = [read_rss_bytes(worker.child.pid) >> 20 for worker in workers]
            print_progress("a worker leaves")
            found["left_pause_s"] = _measure(pulse, workers[0].stop)
            print_progress("a worker joins")

            def join() -> None:
                workers.append(_start(site, "again", standbys))
                _wait_steady(site, pulse, workers[1:], standbys)

            found["joined_pause_s"] = _measure(pulse, join)
            print_progress("the other worker is killed")
            found["killed_pause_s"] = _measure(pulse, workers[1].kill)
        intake.stop()
        return found


def _start(site: BenchSite, name: str, standbys: int) -> Worker:
    worker = site.start(name, ("engage",), instance="", standbys=standbys, session_s=SESSION_S)
    site.wait_ready(worker)
    return worker


def _wait_steady(site: BenchSite, pulse: Pulse, workers: list[Worker], standbys: int) -> None:
    """Wait until the workers are ready, all partitions flow and the standbys are warm."""

    def warm() -> bool:
        site.check_workers()
        behind = [_read_behind(worker) for worker in workers]
        wanted = 2 * site.partition_counts.activity // len(workers) if standbys else 0  # for two tables
        shared = all(len(found) == wanted and sum(found) < PER_S for found in behind)
        return shared and pulse.reached(time.time() * 1000 - 1000)

    wait_for(warm, "both workers to be warm", WARM_S)


def _read_behind(worker: Worker) -> list[float]:
    """Return the lag of each standby in records."""
    lines = worker.page("metrics")[1].splitlines()
    return [float(line.rpartition(" ")[2]) for line in lines if line.startswith("touchline_standby_behind{")]


def _measure(pulse: Pulse, act: Callable[[], object]) -> float:
    """Return the longest pause between an action and the time when all partitions flow again."""
    begun_ms = time.time() * 1000
    act()
    done_ms = time.time() * 1000
    wait_for(lambda: pulse.reached(done_ms), "all partitions to flow", WARM_S)
    time.sleep(SETTLE_S)  # the measured pause is over by then; a second rebalance would not be
    wait_for(lambda: pulse.reached(time.time() * 1000 - 1000), "all partitions to flow", WARM_S)
    return pulse.pause_s(begun_ms)


def _fill_state(site: BenchSite, keys: int) -> None:
    """Write identifiers and ids as a worker does, many copies of them, with offsets before every record."""
    fill(site.kafka, site.prefix, site.partition_counts.raw, generate_people(SAMPLES, SAMPLES))
    topics = topics_of(site.settings)

    def sample(topic: str) -> list[Any]:
        return asyncio.run(read_records(site.kafka, topic))

    wait_for(lambda: len(sample(topics.states)) >= SAMPLES, "some states")
    states = sample(topics.states)
    seen = [record for record in sample(topics.seen) if record.key.startswith(b"b")]
    asyncio.run(_write(site.kafka, topics.states, topics.activity_partitions, _states(states, keys)))
    asyncio.run(_write(site.kafka, topics.seen, topics.activity_partitions, _blocks(seen[0], keys)))


def _states(samples: list[Any], keys: int) -> Iterator[Row]:
    for number, record in zip(range(keys), cycle(samples), strict=False):
        node = decode_state(record.value)
        node.offset = -1
        yield record.key.rpartition(b":")[0] + b":%08x" % number, encode_state(node)


def _blocks(sample: Any, keys: int) -> Iterator[Row]:
    latest_ms = read_block(sample.value).latest_ms
    bucket = sample.key.partition(b"#")[0]
    for number in range(keys // FULL_IDS):
        value = msgspec.msgpack.encode([-1, latest_ms, os.urandom(FULL_IDS * 16)])
        yield b"%s#%d" % (bucket, number + 1), value


async def _write(kafka: str, topic: str, partitions: int, rows: Iterator[Row]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, max_batch_size=1 << 20, max_request_size=4 << 20)
    async with producer:
        for some in iter(lambda: list(islice(rows, 5000)), []):
            places = [(partition_of(key, partitions), key, value) for key, value in some]
            await asyncio.gather(*[await producer.send(topic, value, key, p) for p, key, value in places])


if __name__ == "__main__":
    for standbys in (0, 1):
        print(json.dumps(measure_takeover(int(sys.argv[1]), standbys)), flush=True)
