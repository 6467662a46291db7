"""The intake stage without Kafka: records in, and what it sends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.activity import decode_record
from schemas.channels import CHANNELS
from schemas.touch import Touch
from streams.intake.stage import Intake
from streams.records import Message, RecordBatch, partition_of
from streams.topics import Topics
from tests.schemas.touches import LEAST, as_bytes
from tests.streams.intake.reading import CONFIG, RECEIVED_MS

TOPICS = Topics(tuple(CHANNELS), prefix="t.", activity_partitions=5)
GOOD = as_bytes(LEAST["calls"] | {"customer_id": "C-1"})
Headers = Sequence[tuple[str, bytes]]


@dataclass
class Consumed:
    """A record as a stage gets it."""

    offset: int
    value: bytes | None
    headers: Headers = ()
    timestamp: int = RECEIVED_MS
    key: bytes | None = b"any"


@dataclass
class Away:
    """Everything that left the stage: messages by place, and what it reported of its work."""

    sent: list[Mapping[tuple[str, int], Sequence[Message]]] = field(default_factory=list)
    counts: Counter[tuple[str, ...]] = field(default_factory=Counter)

    async def send(self, messages: Mapping[tuple[str, int], Sequence[Message]]) -> None:
        self.sent.append({place: list(some) for place, some in messages.items()})

    def touches(self, channel: str, result: str, count: int) -> None:
        self.counts[channel, result] += count

    def rejected(self, channel: str, reason: str, count: int) -> None:
        self.counts[channel, "rejected", reason] += count

    def batch(self, stage: str, records: int, seconds: float) -> None:
        self.counts["batch", stage] += records
        assert seconds >= 0

    def state(self, partition: int, identifiers: int, ids: int) -> None:
        raise AssertionError("intake has no state")

    def other_rules(self, theirs: str) -> None:
        raise AssertionError("intake has only its own rules")

    def other_order(self, count: int) -> None:
        raise AssertionError("intake has only its own order")

    @property
    def messages(self) -> list[tuple[str, int, Message]]:
        """(topic, partition, message) of all that was sent."""
        return [(*place, one) for outbox in self.sent for place, some in outbox.items() for one in some]

    def activity(self) -> list[Touch]:
        """The touches, and where they lie is where their key says."""
        found = []
        for topic, partition, (key, value, _) in self.messages:
            if topic != TOPICS.activity:
                continue
            touch = decode_record(value or b"")
            assert isinstance(touch, Touch)
            assert key == (touch.ids[0] if touch.ids else touch.event_id).encode()
            assert partition == partition_of(key, TOPICS.activity_partitions)
            found.append(touch)
        return found

    def quarantine(self) -> list[tuple[bytes | None, dict[str, str]]]:
        """(original, headers) of the refused."""
        return [
            (value, {name: text.decode() for name, text in headers or ()})
            for topic, partition, (_, value, headers) in self.messages
            if (topic, partition) == (TOPICS.quarantine, 0)
        ]


async def run(channel: str, *records: Consumed) -> Away:
    away = Away()
    await Intake(TOPICS, CONFIG, away.send, away).process(RecordBatch(TOPICS.raw(channel), 3, records))
    return away


async def run_values(channel: str, *values: bytes | None) -> Away:
    return await run(channel, *(Consumed(offset, value) for offset, value in enumerate(values)))
