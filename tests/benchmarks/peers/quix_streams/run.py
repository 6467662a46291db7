"""The job in Quix Streams: one process, state in RocksDB with its changelog in Kafka, rows inserted at checkpoints.

Counting per strongest identifier takes a repartitioning: the touches of a customer come under several keys. They go
through a topic of the job's own, keyed anew. Counting per key of the message needs none: the three topics are
concatenated.
"""

# mypy: disable-error-code="import-not-found,misc"

import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import msgspec
from confluent_kafka.admin import AdminClient
from quixstreams import Application, State, message_context
from quixstreams.models import SerializationContext, Serializer, TopicConfig
from quixstreams.sinks.base import BatchingSink, SinkBatch

from tests.benchmarks.peers.contract import CHANNELS, Place, Touch, read_touch
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.row import finish_row
from tests.benchmarks.peers.score import add
from tests.benchmarks.peers.store import Store

COMMIT_S: Final = 5.0
FETCH: Final = {"fetch.min.bytes": 65_536, "fetch.wait.max.ms": 100}
SEND: Final = {"linger.ms": 100, "queue.buffering.max.messages": 1_000_000}
BYTES: Final = {"key_deserializer": "bytes", "value_deserializer": "bytes"}
PROFILE: Final = b"profile"
SEEN: Final = b"1"
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Touch).decode


class Packed(Serializer):
    """Encode a touch as MsgPack."""

    def __call__(self, value: Touch, ctx: SerializationContext) -> bytes:
        """Return its bytes."""
        return _encode(value)


class Rows(BatchingSink):
    """Inserts the rows since the last checkpoint, before its changelog and its offsets are written."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._rows: list[bytes] = []

    def add(self, value: bytes | None, **_: Any) -> None:
        """Keep a finished row; None is ignored."""
        if value is not None:
            self._rows.append(value)

    def flush(self) -> None:
        """Insert the rows of all partitions together, since few large inserts are cheaper."""
        rows, self._rows = self._rows, []
        self._store.insert(rows)

    def write(self, batch: SinkBatch) -> None:
        """Never called, since `flush` does not separate rows by topic and partition."""
        raise NotImplementedError


class Job:
    """The steps and their counts; as few steps as possible, since each costs a call and a context."""

    def __init__(self, order: Order, ledger: Ledger) -> None:
        self._by_key = order.by_key
        self._ledger = ledger
        self._channels = {order.topic(channel): channel for channel in CHANNELS}
        self._folded = 0

    def read(self, value: bytes, key: bytes, timestamp_ms: int, headers: Any) -> Touch | None:
        """Decode and validate a message; None means refused."""
        if not self._ledger.begun:
            self._ledger.begin()
        self._ledger.handled += 1
        context = message_context()
        place = Place(context.topic, context.partition, context.offset, timestamp_ms)
        touch = read_touch(self._channels[place.topic], value, place, key if self._by_key else None)
        if touch is None:
            self._ledger.rejected += 1
        return touch

    def fold(self, touch: Touch, state: State) -> bytes | None:
        """Dedupe, count and score in the state of the message's key; return the row, or None for a repeat."""
        self._folded += 1
        event_id = touch.event_id.encode()
        if state.exists(event_id):
            self._ledger.duplicates += 1
            return None
        state.set_bytes(event_id, SEEN)
        profile, touches, score = add(state.get_bytes(PROFILE), touch.points)
        state.set_bytes(PROFILE, profile)
        return finish_row(touch.row, touches, score)

    def read_and_fold(self, value: bytes, key: bytes, timestamp_ms: int, headers: Any, state: State) -> bytes | None:
        """Do both in one step, if there is no repartitioning."""
        touch = self.read(value, key, timestamp_ms, headers)
        return None if touch is None else self.fold(touch, state)

    def fold_sent(self, value: bytes, state: State) -> bytes | None:
        """Do the second step, after the repartitioning."""
        return self.fold(_decode(value), state)

    def finished(self) -> bool:
        """Return whether every message has passed all steps."""
        return self._ledger.done() and self._folded == self._ledger.handled - self._ledger.rejected


def make_application(order: Order, ledger: Ledger, store: Store) -> Application:
    """Return the dataflow, which stops after the last message."""
    job = Job(order, ledger)

    def end(topic: str, partition: int, offset: int) -> None:
        if job.finished():
            application.stop()

    application = Application(
        broker_address=order.kafka,
        consumer_group=f"{order.prefix}quix-{order.run}",
        auto_offset_reset="earliest",
        commit_interval=order.every_s,
        state_dir=order.folder / "state",
        consumer_extra_config=dict(FETCH),
        producer_extra_config=dict(SEND),
        on_message_processed=end,
        loglevel="WARNING",
    )
    raw = [application.topic(order.topic(channel), **BYTES) for channel in CHANNELS]
    frames = [application.dataframe(topic) for topic in raw]
    if order.by_key:
        joined, *others = frames
        for other in others:
            joined = joined.concat(other)
        joined.apply(job.read_and_fold, stateful=True, metadata=True).sink(Rows(store))
        return application
    config = TopicConfig(num_partitions=raw[0].broker_config.num_partitions, replication_factor=1)
    middle = application.topic(
        f"{order.prefix}quix-{order.run}-touches",
        config=config,
        key_serializer="bytes",
        value_serializer=Packed(),
        **BYTES,
    )
    for frame in frames:
        read = frame.apply(job.read, metadata=True).filter(lambda touch: touch is not None)
        read.to_topic(middle, key=lambda touch: touch.owner.encode())
    application.dataframe(middle).apply(job.fold_sent, stateful=True).sink(Rows(store))
    return application


def remove_topics(order: Order) -> None:
    """Delete the topics of the run: the changelog and the topic between the steps."""
    admin = AdminClient({"bootstrap.servers": order.kafka})
    own = [topic for topic in admin.list_topics().topics if order.run in topic]
    for removal in admin.delete_topics(own).values() if own else ():
        removal.result()


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Quix Streams", COMMIT_S)
    ledger = Ledger("quix", "quixstreams", order)
    store = Store(order.clickhouse)
    application = make_application(order, ledger, store)
    ledger.watch()
    application.run()
    ledger.end()
    remove_topics(order)
    print(ledger.line(store.count(), store.wrong_customers()), flush=True)
    store.close()


if __name__ == "__main__":
    main()
