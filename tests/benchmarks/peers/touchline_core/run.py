"""The job in Touchline's own parts: its Kafka layer, executors, tables and recovery, without what the job lacks.

Two stages, as in Touchline: one decodes and sends each touch to its customer's partition, one folds. Everything else of
Touchline is left out: identities, sessions, rules, the topic of profiles, the timeline and the exact store.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from streams.engage import dedupe_state
from streams.kafka.sender import Sender
from streams.runtime.app import Limits, StreamsApp, make_app, stage
from streams.state.table import ChangelogTable
from tests.benchmarks.peers.contract import CHANNELS
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.store import Store
from tests.benchmarks.peers.touchline_core.stages import Fold, Read, version_of

EVERY_S: Final = 1.0
LIMITS: Final = Limits(batch_records=10_000, batch_bytes=16 << 20, fetch_bytes=4 << 20)
COMPACTED: Final = {"cleanup.policy": "compact", "max.message.bytes": str(8 << 20)}
LOOK_S: Final = 0.05


class Topics:
    """The topics of a run besides the raw ones, with as many partitions as these."""

    def __init__(self, order: Order) -> None:
        self._kafka = order.kafka
        self._raw = order.topic(CHANNELS[0])
        self.group = f"{order.prefix}touchline-{order.run}"
        self.touches = f"{self.group}-touches"
        self.states = f"{self.group}-states"
        self.seen = f"{self.group}-seen"
        self.partitions = 0

    def create(self) -> None:
        """Create them and set `partitions`."""
        admin = KafkaAdminClient(bootstrap_servers=self._kafka)
        try:
            self.partitions = len(admin.describe_topics([self._raw])[0]["partitions"])
            logs = [NewTopic(name, self.partitions, 1, topic_configs=COMPACTED) for name in (self.states, self.seen)]
            admin.create_topics([NewTopic(self.touches, self.partitions, 1), *logs])
        finally:
            admin.close()

    def remove(self) -> None:
        """Delete them."""
        admin = KafkaAdminClient(bootstrap_servers=self._kafka)
        try:
            admin.delete_topics([self.touches, self.states, self.seen])
        finally:
            admin.close()


def wire(order: Order, ledger: Ledger, store: Store, topics: Topics) -> tuple[StreamsApp, Fold]:
    """Return the app with its two stages, not yet started."""
    app = make_app(topics.group, order.kafka, data_dir=order.folder, limits=LIMITS)
    states = ChangelogTable(app, "states", source=topics.touches, changelog=topics.states, version_of=version_of)
    seen = ChangelogTable(
        app, "seen", source=topics.touches, changelog=topics.seen, version_of=dedupe_state.version_of,
        on_dropped=lambda partition: fold.dropped(partition),
    )  # fmt: skip
    fold = Fold(ledger, store, states, seen)
    raw = {order.topic(channel): channel for channel in CHANNELS}
    read = Read(ledger, raw, topics.touches, topics.partitions, Sender(app).send)
    stage(app, "read", list(raw), read.process)
    stage(app, "fold", [topics.touches], fold.process, [states, seen], linger_s=order.every_s)
    return app, fold


async def run(order: Order, ledger: Ledger, store: Store, topics: Topics) -> None:
    """Run the worker until every message has passed both stages and the offsets are committed."""
    app, fold = wire(order, ledger, store, topics)

    async def begin(*_: Any, **__: Any) -> None:
        ledger.begin()  # before anything is fetched, which the first batch would be too late for

    app.on_partitions_assigned.connect(begin, weak=False)
    await app.start()
    try:
        while not (ledger.done() and fold.folded == ledger.handled - ledger.rejected):  # noqa: ASYNC110 - two stages
            await asyncio.sleep(LOOK_S)
        await app.consumer.commit()
        ledger.end()
    finally:
        await app.stop()


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Touchline", EVERY_S, keyed=False)
    ledger = Ledger("touchline", "touchline", order)
    store = Store(order.clickhouse)
    topics = Topics(order)
    topics.create()
    ledger.watch()
    asyncio.run(run(order, ledger, store, topics))
    topics.remove()
    print(ledger.line(store.count(), store.wrong_customers()), flush=True)
    store.close()


if __name__ == "__main__":
    main()
