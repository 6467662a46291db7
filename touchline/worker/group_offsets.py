"""Committed offsets of consumer groups. A new Kafka creates its topic of offsets when it is first asked for one."""

import math
import time
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from kafka import KafkaAdminClient
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError
from kafka.structs import OffsetAndMetadata, TopicPartition

COORDINATOR_LOADING: Final = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
"""Errors of a broker that is creating or loading its topic of offsets."""

LOADING_LIMIT_S: Final = 30.0
RETRY_S: Final = 0.2
T = TypeVar("T")


def retry_while_loading(request: Callable[[], T], limit_s: float = math.inf) -> T:
    """Repeat a request while the group's coordinator is loading. Raises its error after `limit_s` seconds of that."""
    deadline_s = time.monotonic() + limit_s
    while True:
        try:
            return request()
        except COORDINATOR_LOADING:
            if time.monotonic() > deadline_s:
                raise
        time.sleep(RETRY_S)


def group_offsets(
    admin: KafkaAdminClient, group: str, partitions: Sequence[TopicPartition] | None = None
) -> dict[TopicPartition, OffsetAndMetadata]:
    """Return what a group has committed, for these partitions or (None) for all. Raises kafka-python's KafkaError."""
    return retry_while_loading(lambda: dict(admin.list_group_offsets({group: partitions})[group]), LOADING_LIMIT_S)


def committed_offsets(kafka: str, groups: Sequence[str], topic: str) -> dict[int, int]:
    """Return the furthest offset that any of these groups has committed, by partition. Raises KafkaError."""
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    found: dict[int, int] = {}
    try:
        for group in groups:
            for partition, committed in group_offsets(admin, group).items():
                if partition.topic == topic:
                    found[partition.partition] = max(committed.offset, found.get(partition.partition, 0))
    finally:
        admin.close()
    return found
