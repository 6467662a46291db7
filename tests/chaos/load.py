"""The load of a chaos run: raw records from a seed, the meaning of each, and its place in Kafka.

Every record is generated together with its meaning, so the expected outcome is known before anything is sent. Kafka
assigns offsets and arrival times; the sender reports them by calling `landed` for each record in a topic, repetitions
included. The same seed, size and day give the same bytes; another day shifts them all by whole days.

There are no tick records, since scores decay by themselves and touches close the days. No touch is `beyond_window`:
the broker's arrival time decides that, and the shortest window is 48 hours. (Touches that are too late for their day
are included, since the touches' own time decides that.)
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
    """A multiple of the steady rate, from the record `first` on."""

    first: int
    times: float


class Load:
    """Records in sending order. `day_ms`: a UTC midnight not in the future; most touches lie in the 25 days before it.

    The outcome is certain as long as `day_ms` lies at most nine days back. `touches` is the approximate number of
    distinct touches; refusals, retries and commands are additional.
    """

    def __init__(
        self, seed: int, touches: int, *, day_ms: int, raw_partitions: int = 2, activity_partitions: int = 4,
        name: str = "steady",
    ) -> None:  # fmt: skip
        if day_ms % DAY_MS:
            raise ValueError(f"day_ms={day_ms} is not a UTC midnight: subtract {day_ms % DAY_MS} ms")
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
        """Return a bad load by name (`SCENARIOS`), of its usual size unless `touches` is given."""
        size = touches or SCENARIOS[name].size
        return cls(
            seed, size, day_ms=day_ms, raw_partitions=raw_partitions, activity_partitions=activity_partitions, name=name
        )

    def __len__(self) -> int:
        return len(self.items)

    def raws(self) -> Iterator[Raw]:
        """Yield the records in sending order. Each is sent to the topic prefix + `channel` (commands: `activity`), to
        its partition, with its key."""
        return (item.raw for item in self.items)

    def replay(self, channel: str) -> list[int]:
        """Return the indices of a channel's records in topic order, which is what a replay of the topic sends."""
        return [index for index, sent in self._landed if sent.item.raw.channel == channel]

    def landed(self, index: int, topic: str, partition: int, offset: int, timestamp_ms: int) -> None:
        """Note where a copy of record `index` landed. Call it for every copy found in the topics."""
        received_at_ms = self.items[index].raw.received_at_ms
        at_ms = timestamp_ms if received_at_ms is None else min(received_at_ms, timestamp_ms)
        self._landed.append((index, Sent(self.items[index], topic, partition, offset, at_ms)))

    def recognise(self, channel: str, value: bytes) -> int:
        """Return the index of a record with these bytes; equal bytes have the same meaning. Raises KeyError if the load
        has none."""
        if not self._by_value:
            self._by_value = {(item.raw.channel, item.raw.value): index for index, item in enumerate(self.items)}
        return self._by_value[channel, value]

    def sent(self) -> list[Sent]:
        """Return everything that landed, for the oracle."""
        return [sent for _, sent in self._landed]
