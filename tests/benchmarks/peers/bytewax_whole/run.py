"""Touchline's own fold carried by Bytewax: its Kafka sources and sink, its state by key, its recovery.

Touches move in memory. Messages between identifiers need a loop, which a Bytewax dataflow cannot have, so they go
through a topic that it reads as a second source; the touches' way to their key stays in memory.
"""

# mypy: disable-error-code="import-not-found,misc"

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSink, KafkaSinkMessage, KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main
from confluent_kafka.admin import AdminClient, NewTopic

from tests.benchmarks.peers.contract import CHANNELS
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.own_fold import Decoder, Folded, fold
from tests.benchmarks.peers.own_store import OwnStore

EPOCH_S: Final = 10.0
BATCH: Final = 20_000
CONFIG: Final = {"statistics.interval.ms": "0"}
SEND: Final = {"linger.ms": "50", "queue.buffering.max.messages": "1000000"}
PARTITIONS: Final = 4

State = tuple[bytes | None, set[bytes], int]


class Progress:
    """Counts by which the end of the flow is known: records folded, and messages sent to the loop."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.folded = 0
        self.sent = 0

    def finished(self) -> bool:
        """Return whether every touch is folded and no message is under way."""
        due = self.ledger.handled - self.ledger.rejected + self.sent
        return self.ledger.done() and self.folded == due


class Identifier(StatefulBatchLogic):
    """The state of an identifier as Touchline encodes it, the ids of its touches, and the number of its records."""

    def __init__(self, progress: Progress, state: State | None) -> None:
        self._progress = progress
        self._state, self._seen, self._number = state or (None, set(), 0)

    def on_batch(self, values: list[tuple[bytes, bytes]]) -> tuple[list[Folded], bool]:
        """Fold the records (key, value); return what the fold sends."""
        number, self._number = self._number, self._number + len(values)
        records = [(number + place, value) for place, (_, value) in enumerate(values)]
        folded = fold(values[0][0], self._state, self._seen.__contains__, 0, records)
        self._state = folded.state or self._state
        self._seen |= folded.new_ids
        progress = self._progress
        progress.ledger.duplicates += folded.duplicates
        progress.sent += len(folded.messages)
        progress.folded += len(values)
        return [folded], StatefulBatchLogic.RETAIN

    def snapshot(self) -> State:
        """Return a copy, since the worker may continue before it is pickled."""
        return self._state, self._seen.copy(), self._number


class Rows(StatefulSinkPartition):
    """Inserts at the end of each epoch, before its snapshot is written."""

    def __init__(self, store: OwnStore) -> None:
        self._store = store

    def write_batch(self, values: list[Folded]) -> None:
        """Keep the rows."""
        for folded in values:
            self._store.add(folded.rows)

    def snapshot(self) -> None:
        """Insert before the snapshot, so that a crash repeats rows and loses none."""
        self._store.flush()


class Tables(FixedPartitionedSink):
    """A sink with one partition for all tables."""

    def __init__(self, store: OwnStore) -> None:
        self._store = store

    def list_parts(self) -> list[str]:
        """Return the only partition."""
        return ["tables"]

    def part_fn(self, item_key: str) -> int:
        """Assign all keys to the only partition."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> Rows:
        """The sink has nothing to resume."""
        return Rows(self._store)


class LoopSource(KafkaSource):
    """A Kafka source that ends when the flow has finished, since the end of its topic does not mean that."""

    def __init__(self, progress: Progress, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._progress = progress

    def build_part(self, step_id: str, for_part: str, resume_state: int | None) -> Any:
        """Return a partition that ends with the flow."""
        part: Any = super().build_part(step_id, for_part, resume_state)
        read = part.next_batch

        def next_batch() -> list[Any]:
            if self._progress.finished():
                raise StopIteration
            messages: list[Any] = read()
            return messages

        part.next_batch = next_batch
        return part


class Reader:
    """Decodes and validates batches of raw messages, and counts them."""

    def __init__(self, order: Order, ledger: Ledger) -> None:
        self._ledger = ledger
        self._decoders = {order.topic(channel): Decoder(channel, order.topic(channel)) for channel in CHANNELS}

    def read(self, messages: "list[KafkaSourceMessage[bytes, bytes]]") -> list[tuple[str, tuple[bytes, bytes]]]:
        """Return (key, record) of each valid message."""
        ledger = self._ledger
        if not ledger.begun:
            ledger.begin()
        touches = []
        for message in messages:
            found = self._decoders[message.topic].read(
                message.value, message.partition, message.offset, message.timestamp[1]
            )
            if found is None:
                ledger.rejected += 1
            else:
                touches.append((found[0].decode(), found))
        ledger.handled += len(messages)
        return touches


def make_flow(order: Order, progress: Progress, store: OwnStore, loop: str, profiles: str) -> Dataflow:
    """Return the dataflow, which ends when all messages and what they caused are folded."""
    flow, brokers = Dataflow("peer"), [order.kafka]
    topics = [order.topic(channel) for channel in CHANNELS]
    raw = op.input("raw", flow, KafkaSource(brokers, topics, tail=False, add_config=CONFIG, batch_size=BATCH))
    back = op.input("loop", flow, LoopSource(progress, brokers, [loop], add_config=CONFIG, batch_size=BATCH))
    touches = op.flat_map_batch("read", raw, Reader(order, progress.ledger).read)
    messages = op.map("return", back, lambda one: (one.key.decode(), (one.key, one.value)))
    records = op.merge("merge", touches, messages)
    folded = op.stateful_batch("fold", records, lambda state: Identifier(progress, state))
    op.output("insert", folded, Tables(store))

    def send(one: tuple[str, Folded]) -> Iterator[KafkaSinkMessage[bytes, bytes]]:
        for key, value in one[1].messages:
            yield KafkaSinkMessage(key, value, topic=loop)
        for key, profile in one[1].profiles:
            yield KafkaSinkMessage(key, profile, topic=profiles)

    op.output("send", op.flat_map("send-each", folded, send), KafkaSink(brokers, None, add_config=SEND))
    return flow


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Bytewax", EPOCH_S, keyed=False)
    ledger = Ledger("bytewax_whole", "bytewax", order)
    store = OwnStore(order.clickhouse)
    own = [f"{order.prefix}bytewax-{order.run}-{name}" for name in ("loop", "profiles")]
    admin = AdminClient({"bootstrap.servers": order.kafka})
    for made in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in own]).values():
        made.result()
    progress = Progress(ledger)
    init_db_dir(order.folder, 1)
    flow = make_flow(order, progress, store, *own)
    ledger.watch()
    cli_main(flow, epoch_interval=timedelta(seconds=order.every_s), recovery_config=RecoveryConfig(str(order.folder)))
    ledger.end()
    for removed in admin.delete_topics(own).values():
        removed.result()
    print(ledger.line(store.count(), store.count_missing()), flush=True)
    store.close()


if __name__ == "__main__":
    main()
