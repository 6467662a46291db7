"""The load of a chaos run: raw records from a seed, what each of them means, and where in Kafka it landed.

Every record is made together with its meaning, so the truth is known before anything is sent. What only Kafka can say
(offsets, times of arrival) is added by whoever sends: `landed` for each record that lies in a topic, again for each
repetition. The same seed, size and day give the same bytes; another day moves them all by whole days.

There are no ticks: Touchline has no records of that kind, since scores decay by themselves and days are closed by
touches. And no touch is `beyond_window`: what decides it is the time of arrival, which is the broker's, and the
shortest window is 48 hours. (What comes too late for its day goes by the touches' own time, and is there.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.load_crowd import ACTIVITY, Crowd
from tests.chaos.load_meaning import Item, Sent
from tests.chaos.load_scenarios import SCENARIOS
from tests.journeys.crowd import DAY_MS, Raw

__all__ = ["ACTIVITY", "SCENARIOS", "Item", "Load", "Pace", "Sent"]


@dataclass(frozen=True, slots=True)
class Pace:
    """From the record `first` on, so many times the steady rate."""

    first: int
    times: float


class Load:
    """Records in sending order. `day_ms`: a UTC midnight not in the future; most touches lie in the 25 days before it.

    The outcome is certain as long as `day_ms` lies at most nine days back. `touches` is about how many different ones
    there are; refusals, retries and commands come on top.
    """

    def __init__(
        self, seed: int, touches: int, *, day_ms: int, raw_partitions: int = 2, activity_partitions: int = 4,
        name: str = "steady",
    ) -> None:  # fmt: skip
        if day_ms % DAY_MS:
            raise ValueError(f"day_ms={day_ms} is no UTC midnight: take off {day_ms % DAY_MS} ms")
        crowd, bad = Crowd(seed, day_ms, raw_partitions, activity_partitions), SCENARIOS[name]
        bad.fill(crowd, touches)
        self.items: Sequence[Item] = crowd.items()
        self.paces: Sequence[Pace] = [Pace(int(share * len(self.items)), times) for share, times in bad.pace]
        self._landed: list[tuple[int, Sent]] = []
        self._by_value: dict[tuple[str, bytes], int] = {}

    @classmethod
    def scenario(
        cls, name: str, seed: int, *, day_ms: int, touches: int = 0, raw_partitions: int = 2,
        activity_partitions: int = 4,
    ) -> "Load":  # fmt: skip
        """A bad load by name (`SCENARIOS`), of its usual size unless `touches` says another."""
        size = touches or SCENARIOS[name].size
        return cls(
            seed, size, day_ms=day_ms, raw_partitions=raw_partitions, activity_partitions=activity_partitions, name=name
        )

    def __len__(self) -> int:
        return len(self.items)

    def raws(self) -> Iterator[Raw]:
        """In sending order. Each goes to the topic prefix + `channel` (commands: `activity`), to its partition, with
        its key."""
        return (item.raw for item in self.items)

    def replay(self, channel: str) -> list[int]:
        """Records of a channel in the order in which they landed: what replaying its topic from the start sends."""
        return [index for index, sent in self._landed if sent.item.raw.channel == channel]

    def landed(self, index: int, topic: str, partition: int, offset: int, timestamp_ms: int) -> None:
        """Record `index` lies there. To be told of every copy: the topics are the truth, not what a sender hoped."""
        self._landed.append((index, Sent(self.items[index], topic, partition, offset, timestamp_ms)))

    def recognise(self, channel: str, value: bytes) -> int:
        """The index of a record found in a topic: any of those with these bytes, which mean the same. Raises KeyError
        if it is none of ours."""
        if not self._by_value:
            self._by_value = {(item.raw.channel, item.raw.value): index for index, item in enumerate(self.items)}
        return self._by_value[channel, value]

    def sent(self) -> list[Sent]:
        """Everything that landed, for the oracle."""
        return [sent for _, sent in self._landed]
