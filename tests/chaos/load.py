"""The load of a chaos run: raw records from a seed, what each of them means, and where in Kafka it landed.

Every record is made together with its meaning (tests.chaos.load_meaning), so the truth is known before anything is sent.
What only Kafka can say (offsets, times of arrival) is added by whoever sends: `landed` for each record that is in a raw
topic, again for each repetition. The same seed, size and day give the same bytes.

There are no ticks: Touchline has no records of that kind, since scores decay by themselves and days close by touches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tests.chaos.load_meaning import Item, Sent
from tests.journeys.crowd import Raw

ACTIVITY: Final = "activity"  # stands as the channel of commands: they are appended to the topic `activity` itself


@dataclass(frozen=True, slots=True)
class Pace:
    """From the record `first` on, so many times the steady rate."""

    first: int
    times: float


class Load:
    """Records in sending order. `day_ms`: a UTC midnight not in the future; touches lie in the 25 days before it."""

    def __init__(
        self, seed: int, touches: int, *, day_ms: int, raw_partitions: int = 2, activity_partitions: int = 4
    ) -> None:
        raise NotImplementedError

    @staticmethod
    def scenario(
        name: str, seed: int, *, day_ms: int, touches: int = 0, raw_partitions: int = 2, activity_partitions: int = 4
    ) -> "Load":
        """A bad load by name (`SCENARIOS`), of its usual size unless `touches` says another."""
        raise NotImplementedError

    items: Sequence[Item]  # .raw, .meaning, .noisy (part of what makes a scenario bad: not a bystander's)
    paces: Sequence[Pace]

    def __len__(self) -> int:
        raise NotImplementedError

    def raws(self) -> Iterator[Raw]:
        """In sending order; goes to the topic prefix + channel, `partition`, with `key`. Commands have the channel
        `activity`."""
        raise NotImplementedError

    def replay(self, channel: str) -> list[int]:
        """Indices of all records of a channel that landed, in the order of their landing: what replaying its topic from
        the start sends again."""
        raise NotImplementedError

    def landed(self, index: int, topic: str, partition: int, offset: int, timestamp_ms: int) -> None:
        """Record `index` lies there. To be told of every copy, the raw topics being the truth."""
        raise NotImplementedError

    def recognise(self, channel: str, value: bytes) -> int:
        """The index of a record found in a topic (any of those with these bytes: they mean the same). KeyError if it
        is none of ours."""
        raise NotImplementedError

    def sent(self) -> list[Sent]:
        """Everything that landed, for the oracle."""
        raise NotImplementedError
