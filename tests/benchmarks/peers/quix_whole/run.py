"""Touchline's own fold carried by Quix Streams: its sources, its state by key in RocksDB, its changelog and commits.

The touches go through a topic to the partition of their identifier, and so do the messages between identifiers, as in
Touchline. Quix hands over one record at a time, so each record is folded, stored and shown by itself.
"""

# mypy: disable-error-code="import-not-found,misc"

import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from confluent_kafka.admin import AdminClient
from quixstreams import Application, State, message_context
from quixstreams.models import SerializationContext, Serializer, TopicConfig
from quixstreams.sinks.base import BatchingSink, SinkBatch

from tests.benchmarks.peers.contract import CHANNELS
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.own_fold import Decoder, fold
from tests.benchmarks.peers.own_store import OwnStore

COMMIT_S: Final = 5.0
FETCH: Final = {"fetch.min.bytes": 65_536, "fetch.wait.max.ms": 100}
SEND: Final = {"linger.ms": 100, "queue.buffering.max.messages": 1_000_000}
BYTES: Final = {"key_deserializer": "bytes", "value_deserializer": "bytes"}
STATE: Final = b"state"
SEEN: Final = b"1"
Sent = tuple[bytes, bytes | None]  # key, value


class ValueOf(Serializer):
    """The value of what is sent; its key is given to `to_topic`."""

    def __call__(self, value: Sent, ctx: SerializationContext) -> bytes | None:
        """Return the bytes."""
        return value[1]


class Rows(BatchingSink):
    """Inserts the rows since the last checkpoint, before its changelog and its offsets are written."""

    def __init__(self, store: OwnStore) -> None:
        super().__init__()
        self._store = store

    def add(self, value: Any, **_: Any) -> None:
        """Keep the rows of a record, by table."""
        self._store.add(value)

    def flush(self) -> None:
        """Insert the rows of all partitions together, since few large inserts are cheaper."""
        self._store.flush()

    def write(self, batch: SinkBatch) -> None:
        """Never called, since `flush` does not separate rows by topic and partition."""
        raise NotImplementedError


class Job:
    """The steps and their counts."""

    def __init__(self, order: Order, ledger: Ledger) -> None:
        self._ledger = ledger
        self._decoders = {order.topic(channel): Decoder(channel, order.topic(channel)) for channel in CHANNELS}
        self._folded = 0
        self._sent = 0

    def read(self, value: bytes, key: bytes, timestamp_ms: int, headers: Any) -> Sent | None:
        """Decode and validate a message; None means refused."""
        ledger = self._ledger
        if not ledger.begun:
            ledger.begin()
        ledger.handled += 1
        context = message_context()
        touch = self._decoders[context.topic].read(value, context.partition, context.offset, timestamp_ms)
        if touch is None:
            ledger.rejected += 1
        return touch

    def fold(self, value: bytes, key: bytes, timestamp_ms: int, headers: Any, state: State) -> list[Any]:
        """Fold a record of the message's key; return its rows, then messages and profiles with their topic."""
        context = message_context()
        folded = fold(key, state.get_bytes(STATE), state.exists, context.partition, [(context.offset, value)])
        if folded.state is not None:
            state.set_bytes(STATE, folded.state)
        for digest in folded.new_ids:
            state.set_bytes(digest, SEEN)
        self._folded += 1
        self._sent += len(folded.messages)
        self._ledger.duplicates += folded.duplicates
        sent = [("message", message) for message in folded.messages]
        return [("rows", folded.rows), *sent, *(("profile", profile) for profile in folded.profiles)]

    def finished(self) -> bool:
        """Return whether every message has passed all steps, and all that it caused, too."""
        return self._ledger.done() and self._folded == self._ledger.handled - self._ledger.rejected + self._sent


def make_application(order: Order, ledger: Ledger, store: OwnStore) -> Application:
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
    config = TopicConfig(num_partitions=raw[0].broker_config.num_partitions, replication_factor=1)
    sending = {"config": config, "key_serializer": "bytes", "value_serializer": ValueOf()}
    records = application.topic(f"{order.prefix}quix-{order.run}-records", **sending, **BYTES)
    profiles = application.topic(f"{order.prefix}quix-{order.run}-profiles", **sending, **BYTES)
    for topic in raw:
        frame = application.dataframe(topic).apply(job.read, metadata=True).filter(lambda touch: touch is not None)
        frame.to_topic(records, key=lambda touch: touch[0])
    folded = application.dataframe(records).apply(job.fold, stateful=True, metadata=True, expand=True)
    for kind, topic in (("message", records), ("profile", profiles)):
        some = folded.filter(lambda one, kind=kind: one[0] == kind).apply(lambda one: one[1])
        some.to_topic(topic, key=lambda one: one[0])
    folded.filter(lambda one: one[0] == "rows").apply(lambda one: one[1]).sink(Rows(store))
    return application


def remove_topics(order: Order) -> None:
    """Delete the topics of the run."""
    admin = AdminClient({"bootstrap.servers": order.kafka})
    own = [topic for topic in admin.list_topics().topics if order.run in topic]
    for removal in admin.delete_topics(own).values() if own else ():
        removal.result()


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Quix Streams", COMMIT_S, keyed=False)
    ledger = Ledger("quix_whole", "quixstreams", order)
    store = OwnStore(order.clickhouse)
    application = make_application(order, ledger, store)
    ledger.watch()
    application.run()
    ledger.end()
    remove_topics(order)
    print(ledger.line(store.count(), store.count_missing()), flush=True)
    store.close()


if __name__ == "__main__":
    main()
