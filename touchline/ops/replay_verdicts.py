"""Intake's verdict on records that were sent again, read from Kafka, where it appears first.

Intake commits a record's offset once its touch, or its refusal on the topic `quarantine`, is acknowledged. So a record
below the committed offset is either refused, by a record of that topic, or accepted.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.structs import TopicPartition

from touchline.settings import Settings
from touchline.worker.group_offsets import COORDINATOR_LOADING
from touchline.worker.stages import groups_running, topics_of

IDLE_LIMIT_S: Final = 30.0  # without any progress of intake
_STEP_S: Final = 0.2
_POLL_MS: Final = 500
Sent = Mapping[str, str]  # topic/partition/offset of the sent record -> origin of the quarantined record


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was refused again."""

    place: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Origins of the records by verdict. `waiting` are those that intake had not read when the reader gave up."""

    accepted: tuple[str, ...]
    refused: tuple[Refusal, ...]
    waiting: tuple[str, ...]


class VerdictReader:
    """Reads verdicts. To be created before the records are sent. It and its methods raise kafka-python's KafkaError."""

    def __init__(self, settings: Settings) -> None:
        self._groups = groups_running(settings, "intake")
        self._quarantine = TopicPartition(topics_of(settings).quarantine, 0)
        self._admin = KafkaAdminClient(bootstrap_servers=settings.kafka)
        self._consumer = KafkaConsumer(bootstrap_servers=settings.kafka, enable_auto_commit=False)
        self._consumer.assign([self._quarantine])
        self._read_to = self._consumer.end_offsets([self._quarantine])[self._quarantine]

    def wait(self, sent: Sent, idle_limit_s: float = IDLE_LIMIT_S) -> Verdicts:
        """Return the verdicts. Waits until all records are read, or intake makes no progress for `idle_limit_s`."""
        partitions = sorted({_partition_of(record) for record in sent})
        reached, deadline_s = self._committed(partitions), time.monotonic() + idle_limit_s
        while not _all_read(sent, reached) and time.monotonic() < deadline_s:
            time.sleep(_STEP_S)
            now = self._committed(partitions)
            if now != reached:
                reached, deadline_s = now, time.monotonic() + idle_limit_s
        refused = {one: refusal for one, refusal in self._refusals() if one in sent}
        read = [record for record in sent if _is_read(record, reached)]
        return Verdicts(
            accepted=tuple(sent[record] for record in read if record not in refused),
            refused=tuple(Refusal(sent[record], *refused[record]) for record in sent if record in refused),
            waiting=tuple(sent[record] for record in sent if record not in refused and not _is_read(record, reached)),
        )

    def _committed(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
        """Return the offset that intake has committed in each partition, by the group that is furthest ahead."""
        reached = dict.fromkeys(partitions, 0)
        for group in self._groups:
            try:
                found = self._admin.list_group_offsets({group: partitions})[group]
            except COORDINATOR_LOADING:  # a new Kafka is still creating its topic of offsets
                continue
            for partition, committed in found.items():
                reached[partition] = max(reached[partition], committed.offset)
        return reached

    def _refusals(self) -> Iterable[tuple[str, tuple[str, str]]]:
        """Yield (record that was sent again, (reason, detail)) of all refusals since this reader was created."""
        end = self._consumer.end_offsets([self._quarantine])[self._quarantine]
        self._consumer.seek(self._quarantine, self._read_to)
        while self._read_to < end:
            for record in self._consumer.poll(_POLL_MS).get(self._quarantine, []):
                headers = {name: value.decode("utf-8", "replace") for name, value in record.headers}
                if again := headers.get("sent_again_as"):
                    yield again, (headers.get("reason", ""), headers.get("detail", ""))
                self._read_to = record.offset + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()
        self._admin.close()


def _partition_of(record: str) -> TopicPartition:
    topic, partition, _ = record.rsplit("/", 2)
    return TopicPartition(topic, int(partition))


def _is_read(record: str, reached: Mapping[TopicPartition, int]) -> bool:
    return int(record.rpartition("/")[2]) < reached.get(_partition_of(record), 0)


def _all_read(sent: Sent, reached: Mapping[TopicPartition, int]) -> bool:
    return all(_is_read(record, reached) for record in sent)
