"""A producer that sends a load at a steady rate through Kafka outages, and then reads back what landed.

Each record carries its index in the load in a header, which the pipeline ignores. The raw topics are authoritative: a
send without acknowledgement is sent again only if it is not found there.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kafka import KafkaConsumer, KafkaProducer
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from schemas.arrival import RECEIVED_AT
from tests.chaos.load import ACTIVITY, Pace
from tests.chaos.report import print_progress
from tests.journeys.crowd import CHANNELS, Raw

INDEX: Final = "n"
TICK_S: Final = 0.05
FLUSH_S: Final = 120.0
READ_S: Final = 60.0
LARGEST_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Landed:
    """A record in a raw topic; `index` is its index in the load, `timestamp_ms` the time of its arrival."""

    index: int
    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes


class Feeder:
    """A producer of a load at `rate` records per second, multiplied as `paces` specify.

    The last `kept` records are reserved for `send_now`.
    """

    def __init__(
        self, kafka: str, prefix: str, raws: Sequence[Raw], rate: float, paces: Sequence[Pace] = (), kept: int = 0
    ) -> None:
        self._kafka, self._prefix, self._raws = kafka, prefix, raws
        self._rate, self._paces, self._kept = rate, paces, kept
        self.sent = 0
        self.sent_at_s: list[float] = []  # by index: when it was passed to the producer (monotonic)
        self._ending = threading.Event()
        self._lock = threading.Lock()  # serialises sends
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)
        self._producer = make_producer(kafka)

    def start(self) -> None:
        """Start sending."""
        self._thread.start()

    def send_now(self, count: int) -> None:
        """Send the next `count` records at once; call `end_pacing` first."""
        for _ in range(min(count, len(self._raws) - self.sent)):
            self._send_next()

    @property
    def done(self) -> bool:
        """Whether the whole load was passed to the producer."""
        return self.sent == len(self._raws)

    def end_pacing(self) -> None:
        """Stop the paced sending."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join()

    def flush(self) -> None:
        """Wait up to two minutes until Kafka has acknowledged everything sent."""
        self._producer.flush(FLUSH_S)

    def settle(self) -> list[Landed]:
        """Send again until everything sent has landed; return all records of the raw topics."""
        while True:
            self.flush()
            landed = read_raw_topics(self._kafka, self._prefix)
            missing = set(range(self.sent)) - {one.index for one in landed}
            if not missing:
                return landed
            print_progress(f"  {len(missing)} unacknowledged records had not landed; sending them again")
            for index in sorted(missing):
                self._send(index)

    def send_again(self, channel: str) -> int:
        """Send the current content of a raw topic again; return the number of records."""
        again = read_raw_topics(self._kafka, self._prefix, [channel])
        for one in again:
            with self._lock:
                self._produce(one.topic, one.partition, one.key, one.value, one.index)
        return len(again)

    def close(self) -> None:
        """Stop sending and close the producer."""
        self.end_pacing()
        self._producer.close(timeout=1)

    def _run(self) -> None:
        begun_s, due = time.monotonic(), 0.0
        while not self._ending.wait(TICK_S):
            now_s = time.monotonic()
            rate = self._rate * self._times()
            due, begun_s = due + (now_s - begun_s) * rate, now_s
            while due >= 1 and self.sent < len(self._raws) - self._kept and not self._ending.is_set():
                self._send_next()
                due -= 1
            due = min(due, rate)  # after an outage of Kafka, send at most one second's backlog at once

    def _times(self) -> float:
        return next((pace.times for pace in reversed(self._paces) if pace.first <= self.sent), 1.0)

    def _send_next(self) -> None:
        self.sent_at_s.append(time.monotonic())
        self._send(self.sent)
        self.sent += 1

    def _send(self, index: int) -> None:
        raw = self._raws[index]
        with self._lock:
            self._produce(self._prefix + raw.channel, raw.partition, raw.key, raw.value, index)

    def _produce(self, topic: str, partition: int, key: bytes | None, value: bytes | None, index: int) -> None:
        headers = [(INDEX, b"%d" % index)]
        if (received_at_ms := self._raws[index].received_at_ms) is not None:
            headers.append((RECEIVED_AT, b"%d" % received_at_ms))
        while True:
            try:
                self._producer.send(topic, value, key, headers, partition=partition)
            except KafkaError as error:
                print_progress(f"  the producer waits for Kafka ({type(error).__name__})")
                time.sleep(TICK_S)
            else:
                return


def make_producer(kafka: str) -> KafkaProducer:
    """Return an idempotent producer with acks=all and timeouts longer than any outage of a round."""
    return KafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=5, delivery_timeout_ms=600_000,
        request_timeout_ms=10_000, max_block_ms=600_000, reconnect_backoff_max_ms=1000, max_request_size=LARGEST_BYTES,
    )  # fmt: skip


def read_raw_topics(kafka: str, prefix: str, channels: Sequence[str] = (*CHANNELS, ACTIVITY)) -> list[Landed]:
    """Return the records of the load that these topics hold now, ordered by topic, partition and offset."""
    consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, max_partition_fetch_bytes=LARGEST_BYTES)
    try:
        return _read(consumer, [prefix + channel for channel in channels])
    finally:
        consumer.close()


def _read(consumer: Any, topics: Sequence[str]) -> list[Landed]:
    places = [TopicPartition(topic, p) for topic in topics for p in sorted(consumer.partitions_for_topic(topic) or ())]
    ends = consumer.end_offsets(places)
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    landed: list[Landed] = []
    deadline_s = time.monotonic() + READ_S
    while any(consumer.position(place) < ends[place] for place in places):
        assert time.monotonic() < deadline_s, f"no record arrived from {', '.join(topics)} for {READ_S:g} s"
        for place, records in consumer.poll(timeout_ms=500, max_records=5000).items():
            deadline_s = time.monotonic() + READ_S
            landed += [one for record in records if record.offset < ends[place] and (one := _landed(place, record))]
    return sorted(landed, key=lambda one: (one.topic, one.partition, one.offset))


def _landed(place: Any, record: Any) -> Landed | None:
    """Return None for a record of another sender: `activity` holds more than the commands."""
    index = next((int(value) for name, value in record.headers if name == INDEX), None)
    if index is None:
        return None
    received_at_ms = next((int(value) for name, value in record.headers if name == RECEIVED_AT), record.timestamp)
    return Landed(index, place.topic, place.partition, record.offset, received_at_ms, record.key, record.value)
