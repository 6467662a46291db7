"""Progress of a worker by partition: a snapshot for metrics and for the liveness probe."""

import time
from dataclasses import dataclass
from typing import Any

from faust.types import TP


@dataclass(frozen=True, slots=True)
class PartitionProgress:
    """One partition of a topic that this app reads. Offsets are those of the next record; None means unknown."""

    topic: str
    partition: int
    assigned: bool
    recovering: bool
    recovery_remaining: int
    position: int | None
    committed: int | None
    end: int | None
    idle_s: float

    @property
    def lag(self) -> int | None:
        """The number of unfinished records of an assigned partition, None if its end is unknown.

        Before the first commit it is counted from the position.
        """
        done = self.position if self.committed is None else self.committed
        return None if self.end is None or done is None else max(0, self.end - done)


def progress(app: Any) -> list[PartitionProgress]:
    """Return every partition of the app's topics as far as this worker knows it; empty before the app is started.

    `idle_s` is the time since the last batch of the partition was finished, or since its assignment. A worker is stuck
    if a partition is assigned, not recovering, has lag and is idle for long.
    """
    consumer = app.consumer
    assigned = _find_assigned(app)
    positions = consumer.thread.positions(assigned)
    now_s = time.monotonic()
    rows = []
    for topic in app.executors.topics:
        for partition in sorted(
            _known_partitions(consumer, topic) | {tp.partition for tp in assigned if tp.topic == topic}
        ):
            tp = TP(topic, partition)
            position, end = positions.get(tp, (None, None))
            missing = _find_missing(app, tp) if tp in assigned else []
            idle_s = now_s - consumer.progressed_at_s.get(tp, now_s)
            rows.append(
                PartitionProgress(
                    topic, partition, tp in assigned, bool(missing), sum(one or 0 for one in missing),
                    position, consumer.committed(tp) if tp in assigned else None, end, idle_s,
                )
            )  # fmt: skip
    return rows


def _find_assigned(app: Any) -> set[TP]:
    """Return the partitions that this worker owns, none while the group is being rebalanced."""
    thread = app.consumer.thread
    if thread._consumer is None or app.rebalancing:
        return set()
    return {TP(tp.topic, tp.partition) for tp in thread.assignment()}


def _known_partitions(consumer: Any, topic: str) -> set[int]:
    """Return the partitions of the topic in the consumer's metadata."""
    client = consumer.thread._consumer
    return set() if client is None else set(client._client.cluster.partitions_for_topic(topic) or ())


def _find_missing(app: Any, tp: TP) -> list[int | None]:
    """Return what each table still has to read before this partition can be processed."""
    tables = [table for table in app.changelog_tables if table.source == tp.topic]
    return [left for table in tables if (left := table.remaining().get(tp.partition, 0)) != 0]
