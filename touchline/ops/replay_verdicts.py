"""What intake makes of records that were sent again: read from Kafka, where the verdict stands first.

Intake commits a record's offset once its touch, or its refusal on the topic `quarantine`, is acknowledged. So a record
below the committed offset is either refused, by a record of that topic, or accepted.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import TracebackType
from typing import Final, Self

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError
from kafka.structs import TopicPartition

from touchline.settings import Settings
from touchline.worker.stages import STAGES, group_of, topics_of

PATIENCE_S: Final = 30.0  # without any progress
_STEP_S: Final = 0.2
_POLL_MS: Final = 500
_COMING: Final = (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError)
Sent = Mapping[str, str]  # topic/partition/offset of the sent record -> the place of the quarantine it came from


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was refused again."""

    place: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdicts:
    """`waiting`: places whose record intake had not read when the waiting ended."""

    accepted: tuple[str, ...]
    refused: tuple[Refusal, ...]
    waiting: tuple[str, ...]


class VerdictReader:
    """To be made before the records are sent. Raises kafka-python's KafkaError, as its methods do."""

    def __init__(self, settings: Settings) -> None:
        chosen = [names for size in range(1, len(STAGES) + 1) for names in combinations(STAGES, size)]
        self._groups = [group_of(settings, names) for names in chosen if "intake" in names]
        self._quarantine = TopicPartition(topics_of(settings).quarantine, 0)
        self._admin = KafkaAdminClient(bootstrap_servers=settings.kafka)
        self._consumer = KafkaConsumer(bootstrap_servers=settings.kafka, enable_auto_commit=False)
        self._consumer.assign([self._quarantine])
        self._read_to = self._consumer.end_offsets([self._quarantine])[self._quarantine]

    def wait(self, sent: Sent, patience_s: float = PATIENCE_S) -> Verdicts:
        """The verdicts on all records, or on those that were read until nothing went on for `patience_s` seconds."""
        places = sorted({_partition_of(record) for record in sent})
        reached, deadline_s = self._committed(places), time.monotonic() + patience_s
        while not _all_read(sent, reached) and time.monotonic() < deadline_s:
            time.sleep(_STEP_S)
            now = self._committed(places)
            if now != reached:
                reached, deadline_s = now, time.monotonic() + patience_s
        refused = {one: refusal for one, refusal in self._refusals() if one in sent}
        read = [record for record in sent if _is_read(record, reached)]
        return Verdicts(
            accepted=tuple(sent[record] for record in read if record not in refused),
            refused=tuple(Refusal(sent[record], *refused[record]) for record in sent if record in refused),
            waiting=tuple(sent[record] for record in sent if record not in refused and not _is_read(record, reached)),
        )

    def _committed(self, places: list[TopicPartition]) -> dict[TopicPartition, int]:
        """How far intake has come in each partition: by the consumer group that is furthest ahead."""
        reached = dict.fromkeys(places, 0)
        for group in self._groups:
            try:
                found = self._admin.list_group_offsets({group: places})[group]
            except _COMING:  # a new Kafka is only just making its topic of offsets
                continue
            for place, committed in found.items():
                reached[place] = max(reached[place], committed.offset)
        return reached

    def _refusals(self) -> Iterable[tuple[str, tuple[str, str]]]:
        """(record that was sent again, its reason and detail) of everything refused since this reader was made."""
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
