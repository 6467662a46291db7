"""The job in Bytewax: one process with one worker, state in memory and, by snapshot, in a local recovery store.

Keys are exchanged in memory, so counting per strongest identifier costs no more than counting per key.
"""

# mypy: disable-error-code="import-not-found,misc"

import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSource, KafkaSourceMessage
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulBatchLogic
from bytewax.outputs import FixedPartitionedSink, StatefulSinkPartition
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

from tests.benchmarks.peers.contract import CHANNELS, Place, Touch, read_touch
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.row import finish_row
from tests.benchmarks.peers.store import Store

EPOCH_S: Final = 10.0
BATCH: Final = 20_000
CONFIG: Final = {"statistics.interval.ms": "0"}  # its lag gauge parses JSON for each partition and second

State = tuple[set[str], int, float]


class Customer(StatefulBatchLogic):
    """The state of a customer: the ids of the touches, their number, and the score."""

    def __init__(self, ledger: Ledger, state: State | None) -> None:
        self._ledger = ledger
        self._seen, self._touches, self._score = state or (set(), 0, 0.0)

    def on_batch(self, values: list[Touch]) -> tuple[list[bytes], bool]:
        """Return the rows of the touches that are not repeats; the state is never discarded."""
        rows, seen = [], self._seen
        for touch in values:
            if touch.event_id in seen:
                self._ledger.duplicates += 1
                continue
            seen.add(touch.event_id)
            self._touches += 1
            self._score += touch.points
            rows.append(finish_row(touch.row, self._touches, self._score))
        return rows, StatefulBatchLogic.RETAIN

    def snapshot(self) -> State:
        """Return a copy, since the worker may continue before it is pickled."""
        return self._seen.copy(), self._touches, self._score


class Rows(StatefulSinkPartition):
    """Inserts at the end of each epoch, before its snapshot is written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: list[bytes] = []

    def write_batch(self, values: list[bytes]) -> None:
        """Insert finished rows."""
        self._rows += values

    def snapshot(self) -> None:
        """Insert before the snapshot, so that a crash repeats rows and loses none."""
        rows, self._rows = self._rows, []
        self._store.insert(rows)


class Table(FixedPartitionedSink):
    """A sink with one table and one partition."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_parts(self) -> list[str]:
        """Return the only partition."""
        return ["table"]

    def part_fn(self, item_key: str) -> int:
        """Assign all keys to the only partition."""
        return 0

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> Rows:
        """The sink has nothing to resume."""
        return Rows(self._store)


class Reader:
    """Decodes and validates batches of messages, and counts them."""

    def __init__(self, order: Order, ledger: Ledger) -> None:
        self._by_key = order.by_key
        self._ledger = ledger
        self._channels = {order.topic(channel): channel for channel in CHANNELS}

    def read(self, messages: "list[KafkaSourceMessage[bytes, bytes]]") -> list[tuple[str, Touch]]:
        """Return (owner, touch) of each valid message."""
        ledger = self._ledger
        if not ledger.begun:
            ledger.begin()
        touches = []
        for message in messages:
            place = Place(message.topic, message.partition, message.offset, message.timestamp[1])
            key = message.key if self._by_key else None
            touch = read_touch(self._channels[place.topic], message.value, place, key)
            if touch is None:
                ledger.rejected += 1
            else:
                touches.append((touch.owner, touch))
        ledger.handled += len(messages)
        return touches


def make_flow(order: Order, ledger: Ledger, store: Store) -> Dataflow:
    """Return the dataflow, which ends at the end of the topics."""
    flow = Dataflow("peer")
    topics = [order.topic(channel) for channel in CHANNELS]
    source = KafkaSource([order.kafka], topics, tail=False, add_config=CONFIG, batch_size=BATCH)
    messages = op.input("raw", flow, source)
    touches = op.flat_map_batch("read", messages, Reader(order, ledger).read)
    rows = op.stateful_batch("fold", touches, lambda state: Customer(ledger, state))
    op.output("insert", rows, Table(store))
    return flow


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Bytewax", EPOCH_S)
    ledger = Ledger("bytewax", "bytewax", order)
    store = Store(order.clickhouse)
    init_db_dir(order.folder, 1)
    flow = make_flow(order, ledger, store)
    ledger.watch()
    recovery = RecoveryConfig(str(order.folder))
    cli_main(flow, epoch_interval=timedelta(seconds=order.every_s), recovery_config=recovery)
    ledger.end()
    if not ledger.done():
        raise SystemExit(f"The topics ended after {ledger.handled} of {order.touches} messages: fill them first.")
    print(ledger.line(store.count(), store.wrong_customers()), flush=True)
    store.close()


if __name__ == "__main__":
    main()
