"""The Kafka sink: the records of all requests of a few milliseconds become one record batch, acknowledged once."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from sources.collector.kafka_connection import KafkaConnection, KafkaLimits
from sources.collector.record_batch import PendingCommit, memory_size
from sources.collector.sink import RawRecord, SinkUnavailable
from sources.collector.topic_lane import RETRY_AFTER_S, TopicLane, Usage

_FULL_RETRY_AFTER_S = 1


class KafkaSink:
    """A sink that returns when all in-sync replicas of Kafka have acknowledged the records.

    `bootstrap`: host:port, several separated by commas. `prepare` is called in a thread at each connection, before the
    first record; it may create topics. Used in one event loop, between `start` and `stop`.
    """

    def __init__(
        self, bootstrap: str, limits: KafkaLimits | None = None, prepare: Callable[[], object] | None = None
    ) -> None:
        self._limits = limits or KafkaLimits()
        self.usage = Usage()
        self._lanes: dict[str, TopicLane] = {}
        self._connection = KafkaConnection(bootstrap, self._limits, prepare, self._fail_waiting)

    def start(self) -> None:
        """Begin to connect, and return at once: records are refused until Kafka answers."""
        self._connection.start()

    async def stop(self) -> None:
        """Disconnect, after the records in flight have been acknowledged or given up."""
        await self._connection.stop()

    async def wait_ready(self) -> None:
        """Return once Kafka answers."""
        await self._connection.wait_connected()

    def ready(self) -> str | None:
        """Return why records are refused, or None."""
        return self._connection.reason

    async def commit(self, records: Sequence[RawRecord]) -> None:
        """Return once Kafka has acknowledged all records.

        Raises SinkUnavailable, at once while Kafka is known to be away or too many records are in flight; and
        RecordsTooLarge, if Kafka has all records but those.
        """
        if self._connection.reason is not None:
            raise SinkUnavailable(f"{self._connection.reason}.", RETRY_AFTER_S)
        if not records:
            return
        size = memory_size(records)
        if self.usage.bytes_in_flight and self.usage.bytes_in_flight + size > self._limits.in_flight_bytes:
            raise SinkUnavailable("Kafka acknowledges records more slowly than they arrive.", _FULL_RETRY_AFTER_S)
        commit = PendingCommit(len(records))
        self.usage.bytes_in_flight += size
        topic = records[0].topic
        if len(records) == 1 or all(record.topic == topic for record in records):
            self._lane(topic).put(commit, records, range(len(records)))
        else:
            by_topic: dict[str, list[int]] = defaultdict(list)
            for position, record in enumerate(records):
                by_topic[record.topic].append(position)
            for topic, positions in by_topic.items():
                self._lane(topic).put(commit, [records[n] for n in positions], positions)
        await commit.done

    def _lane(self, topic: str) -> TopicLane:
        lane = self._lanes.get(topic)
        if lane is None:
            lane = self._lanes[topic] = TopicLane(topic, self._connection, self._limits, self.usage)
        return lane

    def _fail_waiting(self, reason: str) -> None:
        for lane in self._lanes.values():
            lane.fail_waiting(reason)
