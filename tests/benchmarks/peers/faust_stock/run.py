"""The job in unmodified Faust: one worker with ordinary agents and tables, one record at a time.

Counting per strongest identifier takes a repartitioning: an agent reads the raw topics and sends each touch to a topic
of the job's own under its owner; another one folds. Counting per key of the message needs one agent only.
"""

# mypy: disable-error-code="import-not-found,untyped-decorator,misc"

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

import faust
import msgspec
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.benchmarks.peers.contract import CHANNELS, Place, Touch, read_touch
from tests.benchmarks.peers.ledger import Ledger, Order, read_order
from tests.benchmarks.peers.row import finish_row
from tests.benchmarks.peers.score import add
from tests.benchmarks.peers.store import Store

EVERY_S: Final = 2.8  # Faust's own commit interval
LOOK_S: Final = 0.05
TABLES: Final = ("seen", "profiles")
LOOKS: Final = 600
SEEN: Final = b"1"
_encode: Final = msgspec.msgpack.Encoder().encode
_decode: Final = msgspec.msgpack.Decoder(Touch).decode


class Job:
    """The steps and their counts."""

    def __init__(self, order: Order, ledger: Ledger) -> None:
        self._by_key = order.by_key
        self._ledger = ledger
        self._channels = {order.topic(channel): channel for channel in CHANNELS}
        self._folded = 0
        self.rows: list[bytes] = []

    def read(self, message: Any) -> Touch | None:
        """Decode and validate a message; None means refused."""
        if not self._ledger.begun:
            self._ledger.begin()
        self._ledger.handled += 1
        place = Place(message.topic, message.partition, message.offset, int(message.timestamp * 1000))
        touch = read_touch(self._channels[place.topic], message.value, place, message.key if self._by_key else None)
        if touch is None:
            self._ledger.rejected += 1
        return touch

    def fold(self, touch: Touch, seen: Any, profiles: Any) -> None:
        """Dedupe, count and score in the tables of the current event's partition, and keep the row."""
        self._folded += 1
        event_id = touch.event_id.encode()
        if event_id in seen:
            self._ledger.duplicates += 1
            return
        seen[event_id] = SEEN
        owner = touch.owner.encode()
        profiles[owner], touches, score = add(profiles.get(owner), touch.points)
        self.rows.append(finish_row(touch.row, touches, score))

    def finished(self) -> bool:
        """Return whether every message has passed all steps."""
        return self._ledger.done() and self._folded == self._ledger.handled - self._ledger.rejected


def group_of(order: Order) -> str:
    """Return the name of the application, which begins the names of its topics."""
    return f"{order.prefix}faust-{order.run}"


def middle_of(order: Order) -> str:
    """Return the topic between reading and folding."""
    return f"{group_of(order)}-touches"


def make_app(order: Order, job: Job, partitions: int) -> Any:
    """Return the application with its agents."""
    app = faust.App(
        group_of(order),
        broker=f"kafka://{order.kafka}",
        store="memory://",
        datadir=order.folder,
        key_serializer="raw",
        value_serializer="raw",
        topic_partitions=partitions,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=order.every_s,
        broker_max_poll_records=2_000,
        stream_buffer_maxsize=8_192,
        producer_linger_ms=50,
        web_enabled=False,
    )
    raw = app.topic(*[order.topic(channel) for channel in CHANNELS])
    seen, profiles = (app.Table(name, partitions=partitions) for name in TABLES)

    if order.by_key:

        @app.agent(raw)
        async def count(stream: Any) -> None:
            async for event in stream.events():
                touch = job.read(event.message)
                if touch is not None:
                    job.fold(touch, seen, profiles)

        return app
    middle = app.topic(middle_of(order), internal=True, partitions=partitions)

    @app.agent(raw)
    async def read(stream: Any) -> None:
        async for event in stream.events():
            touch = job.read(event.message)
            if touch is not None:
                await middle.send(key=touch.owner.encode(), value=_encode(touch))

    @app.agent(middle)
    async def fold(stream: Any) -> None:
        async for value in stream:
            job.fold(_decode(value), seen, profiles)

    return app


async def insert_rows(job: Job, store: Store, every_s: float) -> None:
    """Insert new rows at intervals until all are inserted. Faust has no sink that waits for its commit."""
    loop = asyncio.get_running_loop()
    due = loop.time() + every_s
    while not job.finished() or job.rows:
        await asyncio.sleep(LOOK_S)
        if loop.time() >= due or job.finished():
            rows, job.rows = job.rows, []
            await asyncio.to_thread(store.insert, rows)
            due = loop.time() + every_s


async def admin_of(order: Order) -> Any:
    """Return an admin client for requests that Faust lacks."""
    admin = AIOKafkaAdminClient(bootstrap_servers=order.kafka)
    await admin.start()
    return admin


async def count_partitions(order: Order) -> int:
    """Return the partition count of the raw topics, which the tables must share."""
    admin = await admin_of(order)
    try:
        topics = await admin.describe_topics([order.topic(CHANNELS[0])])
        return len(topics[0]["partitions"])
    finally:
        await admin.close()


async def make_topics(order: Order, partitions: int) -> None:
    """Create the run's topics before Faust needs them; it would read an unknown topic only after a long delay, and
    sometimes never begin."""
    admin = await admin_of(order)
    group = group_of(order)
    logs = [f"{group}-{table}-changelog" for table in TABLES]
    names = logs if order.by_key else [middle_of(order), *logs]
    compacted = {"cleanup.policy": "compact"}
    try:
        await admin.create_topics(
            [NewTopic(name, partitions, 1, topic_configs=compacted if name in logs else {}) for name in names]
        )
        for _ in range(LOOKS):
            if all(topic["partitions"] for topic in await admin.describe_topics(names)):
                return
            await asyncio.sleep(LOOK_S)
        raise TimeoutError(f"Kafka does not know the topics {', '.join(names)}, which it has just made")
    finally:
        await admin.close()


async def remove_topics(order: Order) -> None:
    """Delete the topics of the run: changelogs and the topic between the steps."""
    admin = await admin_of(order)
    try:
        own = [topic for topic in await admin.list_topics() if order.run in topic]
        if own:
            await admin.delete_topics(own)
    finally:
        await admin.close()


async def run(order: Order, ledger: Ledger, store: Store) -> None:
    """Run the worker from start to end."""
    job = Job(order, ledger)
    partitions = await count_partitions(order)
    await make_topics(order, partitions)
    app = make_app(order, job, partitions)
    await app.start()
    try:
        await insert_rows(job, store, order.every_s)
        await app.producer.flush()
        await app.consumer.commit()
        ledger.end()
    finally:
        await app.stop()
    await remove_topics(order)


def main() -> None:
    """Process the messages and print the JSON line."""
    order = read_order("Faust", EVERY_S)
    ledger = Ledger("faust", "faust-streaming", order)
    store = Store(order.clickhouse)
    ledger.watch()
    asyncio.run(run(order, ledger, store))
    print(ledger.line(store.count(), store.wrong_customers()), flush=True)
    store.close()


if __name__ == "__main__":
    main()
