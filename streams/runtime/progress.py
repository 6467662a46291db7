"""How far a worker has come: a plain snapshot for metrics and for the question whether it is alive."""

import time
from dataclasses import dataclass
from typing import Any

from faust.types import TP


@dataclass(frozen=True, slots=True)
class PartitionProgress:
    """One partition of a topic that this app reads. Offsets are of the record that comes next; None is "not known"."""

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
        """Records not finished yet, for an assigned partition whose end is known.

        Without a commit so far, the position counts.
        """
        done = self.position if self.committed is None else self.committed
        return None if self.end is None or done is None else max(0, self.end - done)


def progress(app: Any) -> list[PartitionProgress]:
    """Every partition of the app's topics, as far as this worker knows it; empty before the app is started.

    `idle_s` is how long ago the last batch of the partition was finished (or the partition assigned). A worker with lag
    on a partition that is assigned, not recovering and idle for long is stuck.
    """
    consumer = app.consumer
    assigned = _find_assigned(app)
    marks = consumer.thread.mark(assigned)
    now_s = time.monotonic()
    rows = []
    for topic in app.executors.topics:
        for partition in sorted(_count(consumer, topic) | {tp.partition for tp in assigned if tp.topic == topic}):
            tp = TP(topic, partition)
            position, end = marks.get(tp, (None, None))
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
    """Partitions of the stages that this worker has, none while the group is being rebalanced."""
    thread = app.consumer.thread
    if thread._consumer is None or app.rebalancing:
        return set()
    return {TP(tp.topic, tp.partition) for tp in thread.assignment()}


def _count(consumer: Any, topic: str) -> set[int]:
    """The partitions that the topic has, as far as the consumer has heard."""
    client = consumer.thread._consumer
    return set() if client is None else set(client._client.cluster.partitions_for_topic(topic) or ())


def _find_missing(app: Any, tp: TP) -> list[int | None]:
    """What the tables still have to read before this partition can be worked on."""
    tables = [table for table in app.changelog_tables if table.source == tp.topic]
    return [left for table in tables if (left := table.remaining().get(tp.partition, 0)) != 0]
