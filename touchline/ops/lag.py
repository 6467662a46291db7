"""How far each stage is behind: the end of its topics against what its consumer group has committed."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError
from kafka.structs import TopicPartition

from streams.topics import Topics
from touchline.errors import KAFKA_ADVICE, CliError
from touchline.worker.group_offsets import LOADING_LIMIT_S, group_offsets, retry_while_loading
from touchline.worker.kafka_setup import check_reachable
from touchline.worker.stages import stage_topics

_REBALANCING: Final = ("PreparingRebalance", "CompletingRebalance")


@dataclass(frozen=True, slots=True)
class StageLag:
    """Records waiting for a stage, and the sum of the end offsets of its topics."""

    waiting: int
    ends: int


class LagReader:
    """A connection to Kafka that reads lags. Raises CliError if Kafka does not answer."""

    def __init__(self, kafka: str, topics: Topics) -> None:
        self._kafka, self._topics = kafka, topics
        self._close = ExitStack()
        try:
            check_reachable(kafka)
            self._consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
            self._close.callback(self._consumer.close)
            self._admin = KafkaAdminClient(bootstrap_servers=kafka)
            self._close.callback(self._admin.close)
        except KafkaError as error:
            self._close.close()
            raise CliError(
                f"Kafka at {kafka} does not answer ({type(error).__name__}): {KAFKA_ADVICE}.", code=1
            ) from error

    def read(self, groups: Mapping[str, str]) -> dict[str, StageLag]:
        """Return the lag of each stage, given its consumer group. Raises CliError, also if a topic does not exist.

        Stages are read in the order of the pipeline, so that no waiting records in any means that all have arrived.
        """
        try:
            return {stage: self._lag(names, groups[stage]) for stage, names in stage_topics(self._topics).items()}
        except KafkaError as error:
            raise CliError(
                f"Kafka at {self._kafka} did not return the stages' offsets ({type(error).__name__}: {error}).", code=1
            ) from error

    def _lag(self, names: tuple[str, ...], group: str) -> StageLag:
        partitions = []
        for name in names:
            numbers = self._consumer.partitions_for_topic(name)
            if not numbers:
                raise CliError(f"Topic {name} does not exist: start a worker, which creates it.", code=1)
            partitions += [TopicPartition(name, number) for number in sorted(numbers)]
        # Commits before ends: what a stage sends to itself in between is counted as waiting, never as done.
        committed = group_offsets(self._admin, group, partitions)
        ends, begins = self._consumer.end_offsets(partitions), self._consumer.beginning_offsets(partitions)
        waiting = 0
        for partition in partitions:
            done = committed.get(partition)
            waiting += max(0, ends[partition] - max(begins[partition], done.offset if done else 0))
        return StageLag(waiting, sum(ends.values()))

    def newest(self) -> dict[str, int | None]:
        """Return when the newest record of each stage's topics came, in ms since 1970; None if there is none.

        Raises CliError.
        """
        try:
            return {stage: self._newest(names) for stage, names in stage_topics(self._topics).items()}
        except KafkaError as error:
            raise CliError(
                f"Kafka at {self._kafka} did not return the newest records ({type(error).__name__}: {error}).", code=1
            ) from error

    def _newest(self, names: tuple[str, ...]) -> int | None:
        partitions = [
            TopicPartition(name, number) for name in names for number in self._consumer.partitions_for_topic(name) or ()
        ]
        found = self._admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.MAX_TIMESTAMP))
        return max((one.timestamp for one in found.values() if one.offset >= 0), default=None)

    def unread_topics(self, groups: Mapping[str, Sequence[str]]) -> list[str]:
        """Return the topics that no worker reads, given the groups of each stage. A group that rebalances reads all.

        Raises CliError.
        """
        try:
            names = sorted({group for choices in groups.values() for group in choices})
            found = retry_while_loading(lambda: self._admin.describe_groups(names), LOADING_LIMIT_S)
        except KafkaError as error:
            raise CliError(
                f"Kafka at {self._kafka} did not return its consumer groups ({type(error).__name__}: {error}).", code=1
            ) from error
        if any(group["group_state"] in _REBALANCING for group in found.values()):
            return []
        read = {
            assigned["topic"]
            for group in found.values()
            for member in group["members"]
            for assigned in member["member_assignment"]["assigned_partitions"]
        }
        return [name for names in stage_topics(self._topics).values() for name in names if name not in read]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close.close()


def read_lag(kafka: str, topics: Topics, groups: Mapping[str, str]) -> dict[str, StageLag]:
    """Connect, and return what `LagReader.read` returns."""
    with LagReader(kafka, topics) as reader:
        return reader.read(groups)
