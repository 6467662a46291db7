"""How far each stage is behind, asked of Kafka: what the topics hold against what the group has committed."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import KafkaConnectionError, KafkaError
from kafka.structs import OffsetAndMetadata, TopicPartition

from deploy.kafka_probe import any_listening
from streams.topics import Topics
from touchline.errors import CliError
from touchline.worker.kafka_setup import COMING, COMING_S, CONNECT_S

NEW_S: Final = 10.0  # how long a new Kafka may take to make its own topic of offsets


@dataclass(frozen=True, slots=True)
class StageLag:
    """Records waiting for a stage, and the records its topics have ever had (their end offsets)."""

    waiting: int
    ends: int


def stage_topics(topics: Topics) -> dict[str, tuple[str, ...]]:
    """Which topics each stage reads."""
    return {
        "intake": tuple(topics.raw(channel) for channel in topics.channels),
        "engage": (topics.activity,),
        "store": (topics.timeline, topics.quarantine),
    }


class Lags:
    """A connection to Kafka that tells lags, again and again. Raises CliError where Kafka does not answer."""

    def __init__(self, kafka: str, topics: Topics) -> None:
        self._kafka, self._topics = kafka, topics
        self._close = ExitStack()
        try:
            if not any_listening(kafka, CONNECT_S):  # the client itself would try for half a minute
                raise KafkaConnectionError("nobody listens")
            self._consumer = KafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
            self._close.callback(self._consumer.close)
            self._admin = KafkaAdminClient(bootstrap_servers=kafka)
            self._close.callback(self._admin.close)
        except KafkaError as error:
            self._close.close()
            raise CliError(
                f"Kafka at {kafka} does not answer ({type(error).__name__}): is it running?", code=1
            ) from error

    def read(self, groups: Mapping[str, str]) -> dict[str, StageLag]:
        """By stage; `groups` names the consumer group of each. Raises CliError, also where a topic is missing.

        Stages are asked in the order of the journey: nothing waiting anywhere means that everything has arrived.
        """
        try:
            return {stage: self._of(names, groups[stage]) for stage, names in stage_topics(self._topics).items()}
        except KafkaError as error:
            raise CliError(
                f"Kafka at {self._kafka} did not say how far the stages are ({type(error).__name__}: {error}).", code=1
            ) from error

    def _of(self, names: tuple[str, ...], group: str) -> StageLag:
        places = []
        for name in names:
            partitions = self._consumer.partitions_for_topic(name)
            if not partitions:
                raise CliError(f"Topic {name} is not there: start a worker, which makes it.", code=1)
            places += [TopicPartition(name, partition) for partition in sorted(partitions)]
        # Commits before ends: what a stage says to itself meanwhile shows as waiting, never as done.
        committed = self._committed(group, places)
        ends, begins = self._consumer.end_offsets(places), self._consumer.beginning_offsets(places)
        waiting = 0
        for place in places:
            done = committed.get(place)
            waiting += max(0, ends[place] - max(begins[place], done.offset if done else 0))
        return StageLag(waiting, sum(ends.values()))

    def _committed(self, group: str, places: list[TopicPartition]) -> Mapping[TopicPartition, OffsetAndMetadata]:
        """Where a group stands. Whoever first asks a new Kafka waits for its topic of offsets."""
        until_s = time.monotonic() + NEW_S
        while True:
            try:
                return dict(self._admin.list_group_offsets({group: places})[group])
            except COMING:
                if time.monotonic() > until_s:
                    raise
            time.sleep(COMING_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close.close()


def read_lag(kafka: str, topics: Topics, groups: Mapping[str, str]) -> dict[str, StageLag]:
    """See `Lags.read`, once."""
    with Lags(kafka, topics) as lags:
        return lags.read(groups)
